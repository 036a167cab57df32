import { v7 as newId } from "uuid";
import { Refusal } from "../../protocol/refusal.ts";
import type { Bus } from "../bus/bus.ts";
import { type Clock, every } from "../clock/clock.ts";
import type { Database, Sql } from "../database/database.ts";
import type { Log } from "../log/log.ts";
import type { MailTransport, OutgoingMail } from "./mail.ts";
import {
  type DueMail,
  deleteOldMail,
  endMail,
  findRefused,
  forgetMail,
  insertMail,
  insertSealedMail,
  postponeMail,
  takeDueMail,
} from "./outboxStore.ts";

export interface NewMail extends Omit<OutgoingMail, "id"> {
  /** What it is, for lists and limits: `answer`, `transcript`, `notice`. */
  kind: string;
  /** Of its cause: the same once more finds the mail that is there. */
  key: string;
  conversation?: string;
  /** Before then it isn't sent. */
  dueAt?: Date;
}

/** Writes a mail down, with its cause where `sql` is the tenant's transaction of it; answers its id. `announceMail` after the commit hurries it. */
export async function queueMail(sql: Sql, { kind, key, conversation, to, dueAt, ...content }: NewMail): Promise<string> {
  return await insertMail(sql, { id: newId(), kind, key, to, content, conversation: conversation ?? null, dueAt: dueAt ?? null });
}

/** No tenant: mails to people about their own account are of the installation. */
const installation = "00000000-0000-0000-0000-000000000000";

/**
 * The same for a mail that holds a secret and belongs to no tenant: what is stored is sealed, and deleted when it was sent or given up. `sql` may
 * be any transaction.
 */
export async function queueSealedMail(sql: Sql, { kind, key, to, ...content }: NewMail, seal: (text: string) => string): Promise<void> {
  const sealed = { sealed: seal(JSON.stringify(content)) };
  await insertSealedMail(sql, { tenant: installation, id: newId(), kind, key, to, content: sealed });
}

const dueSubject = "mail.due";

export function announceMail({ bus }: { bus: Pick<Bus, "publish"> }): void {
  bus.publish(dueSubject, {});
}

/** Longer than one mail may take (`smtp.ts`): a mail is tried by another process only when this one has given up or is dead. */
const leaseSeconds = 120;
const atOnce = 4;
/**
 * What has been due for so long was sent by nobody, or by whoever went on from here before the database was restored from a backup
 * (faults.md, row 27): that isn't known, so it isn't sent blindly.
 */
const uncertainAfterSeconds = 15 * 60;
const lookEveryMs = 5000;
const keptDays = 90;

export interface MailSending {
  database: Pick<Database, "acrossTenants" | "forTenant">;
  bus: Pick<Bus, "subscribe">;
  clock: Pick<Clock, "after">;
  log: Log;
  mail: MailTransport;
  /** This process. */
  holder: string;
  /** Opens what `queueSealedMail` has sealed. */
  open: (sealed: string) => string;
  /** Told before a mail is given up, perhaps twice: whoever waits for it must hear of it. */
  gaveUp: (mail: DueMail, reason: string) => Promise<void>;
}

/** Sends what is written down: any number of processes, each mail by one of them. The answer stops it, after what is under way. */
export function startMailSender(sending: MailSending): () => Promise<void> {
  if (sending.mail.off !== undefined) return async () => {};
  let under: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  const failed = (error: unknown) => sending.log.warn({ error }, "mail could not be looked for");
  const look = (): Promise<void> => {
    again = under !== undefined;
    under ??= sendAll(sending, () => stopped)
      .catch(failed)
      .finally(() => {
        under = undefined;
        if (again && !stopped) void look();
      });
    return under;
  };
  const endings = [
    every(sending.clock, lookEveryMs, look, failed),
    sending.bus.subscribe(dueSubject, () => void look(), { queueGroup: "mail" }),
  ];
  return async () => {
    stopped = true;
    for (const end of endings) end();
    await under;
  };
}

async function sendAll(sending: MailSending, stopped: () => boolean): Promise<void> {
  while (!stopped()) {
    const due = await takeDueMail(sending.database.acrossTenants, sending.holder, atOnce, leaseSeconds);
    await Promise.all(due.map((mail) => sendOne(sending, mail)));
    if (due.length < atOnce) return;
  }
}

async function sendOne({ database, log, mail: transport, holder, open, gaveUp }: MailSending, due: DueMail): Promise<void> {
  const sql = database.forTenant(due.tenant);
  const end = due.sealed === undefined ? endMail : forgetMail;
  if (due.lateSeconds > uncertainAfterSeconds) {
    log.warn({ mail: due.id, kind: due.kind, lateSeconds: Math.round(due.lateSeconds) }, "a mail that was due long ago is kept");
    await gaveUp(due, uncertain);
    return await end(sql, holder, due, "dead", uncertain);
  }
  try {
    await transport.send(due.sealed === undefined ? due.mail : { ...readSealed(open(due.sealed)), id: due.id, to: due.mail.to });
    await end(sql, holder, due, "sent", null);
  } catch (error) {
    const reason = error instanceof Refusal ? error.message : "It could not be sent, and the reason was logged.";
    const wait = error instanceof Refusal && error.code === "invalid_value" ? undefined : retryAfterSeconds(due.attempts);
    log.warn(
      { mail: due.id, kind: due.kind, attempts: due.attempts, error },
      wait === undefined ? "a mail was given up" : "a mail was not sent",
    );
    if (wait !== undefined) return await postponeMail(sql, holder, due, wait, reason);
    await gaveUp(due, reason);
    await end(sql, holder, due, "dead", reason);
  }
}

function readSealed(text: string): Omit<OutgoingMail, "id" | "to"> {
  return JSON.parse(text);
}

const uncertain = "It was due long ago, and it isn't known whether it was sent.";

const waitsSeconds = [30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800];

/** After so many failed tries the next comes so much later, about a day in all; undefined: that was the last. */
export function retryAfterSeconds(attempts: number): number | undefined {
  return waitsSeconds[attempts - 1];
}

/** Those of the addresses whose server refused the last mail for good: another to them would be refused too. */
export async function refusedAddresses(sql: Sql, addresses: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set(await findRefused(sql, addresses, { atMost: waitsSeconds.length, uncertain }));
}

/** Forgets what was sent long ago. */
export async function forgetOldMail({ database }: { database: Pick<Database, "acrossTenants"> }): Promise<void> {
  await deleteOldMail(database.acrossTenants, keptDays);
}
