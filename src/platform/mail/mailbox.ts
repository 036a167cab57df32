import { randomUUID } from "node:crypto";
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../protocol/refusal.ts";
import { makeFolder } from "../dataDir/makeFolder.ts";
import type { MailAddress } from "./address.ts";
import { composeMail } from "./composeMail.ts";
import type { MailTransport } from "./mail.ts";

/** The development mailbox: nothing leaves this machine, everything can be read at `/mailbox`. */
export interface Mailbox extends MailTransport {
  /** Ids of the mails, the newest first. */
  list(): Promise<string[]>;
  /** A mail as RFC 5322 has it; undefined where there is none. */
  read(id: string): Promise<Buffer | undefined>;
}

const shown = 200;

/** Mails as files of `DATA_DIR/mailbox`, named by their id: the same mail twice is one. */
export function openMailbox({ dataDir, from }: { dataDir: string; from: MailAddress }): Mailbox {
  const folder = join(dataDir, "mailbox");
  const fileOf = (id: string) => join(folder, `${id}.eml`);
  return {
    off: undefined,
    from,
    send: async (mail) => {
      const raw = await composeMail(from, mail);
      const draft = join(folder, `${randomUUID()}.draft`);
      try {
        await makeFolder(folder);
        await writeFile(draft, raw, { mode: 0o600 });
        await rename(draft, fileOf(mail.id));
      } catch (error) {
        throw new Refusal("unavailable", "The development mailbox can't be written; check DATA_DIR.", { cause: error });
      }
    },
    // UUIDs of version 7 sort by their time.
    list: async () => {
      const names = await readdir(folder).catch(() => []);
      return names
        .flatMap((name) => /^([0-9a-f-]{36})\.eml$/.exec(name)?.[1] ?? [])
        .sort()
        .reverse()
        .slice(0, shown);
    },
    read: async (id) => (/^[0-9a-f-]{36}$/.test(id) ? await readFile(fileOf(id)).catch(() => undefined) : undefined),
    close: async () => {},
  };
}
