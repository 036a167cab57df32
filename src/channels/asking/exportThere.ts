import { exportOfRun } from "../../commands/exports/exportOfRun.ts";
import type { FileKind } from "../../commands/exports/table.ts";
import { uploadFile } from "../../files/uploadFile.ts";
import { maxFileBytes } from "../../protocol/files.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { ChatPlace } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import { addErrand, announceErrands } from "../outbox/errand.ts";
import type { Asker } from "./askCommand.ts";
import { say } from "./performing.ts";

/**
 * Sends all rows of a run's answer as a file, once for the key, to whoever asked for the run and to nobody who reads along. Refusals: those of
 * `exportOfRun` and `uploadFile`, how the export ended, and `payload_too_large`.
 */
export async function exportThere(
  outside: ChatOutside,
  asker: Asker,
  run: string,
  as: FileKind,
  { key, place }: { key: string; place: ChatPlace },
): Promise<void> {
  const { installation, person, principal } = asker;
  const only = place.scope === "personal" ? {} : { only: person.user };
  const alone: ChatPlace = { ...place, scope: "personal" };
  const most = Math.min(outside.services.get(installation.app.service)?.mostBytesOfFile(alone) ?? 0, maxFileBytes);
  const { run: exported, content } = await exportOfRun(outside, run, { principal, as, marked: true, gone: new AbortController().signal });
  if (content === undefined)
    throw new Refusal(exported.error?.code ?? "unavailable", exported.error?.message ?? "The file could not be read.");
  const bytes = await bytesUpTo(content, most);
  const name = `${exported.command}-${exported.createdAt.slice(0, 10)}.${as}`;
  const file = await uploadFile(outside, principal, { name, bytes, key: `chat:${key}:${as}`.slice(0, 120) });
  await addErrand(outside.database.forTenant(installation.tenant), {
    installation: installation.id,
    key: `export:${key}`,
    what: { do: "file", place, file: file.id, ...only },
  });
  announceErrands(outside);
  if (place.scope !== "personal")
    await say(outside, asker, { key: `${key} told`, place, ...only, drawing: { text: `${name} is in our own chat.` } });
}

/** Whoever stops reading ends the export. */
async function bytesUpTo(content: AsyncIterable<Uint8Array>, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of content) {
    bytes += part.byteLength;
    if (bytes > most)
      throw new Refusal(
        "payload_too_large",
        `The file is larger than the ${Math.floor(most / 1024 / 1024)} MB that are sent here: take it at the desk.`,
      );
    parts.push(part);
  }
  return Buffer.concat(parts);
}
