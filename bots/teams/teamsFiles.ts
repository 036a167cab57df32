import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type ChatApp, ChatFailure } from "../../src/channels/chatService.ts";
import type { Clock } from "../../src/platform/clock/clock.ts";
import type { AccessTokens } from "./accessTokens.ts";
import { allowedAddress, type TeamsCloud } from "./cloud.ts";

interface OutgoingFile {
  name: string;
  bytes: Buffer;
}

/** Files that wait for a person's consent, in this process: an hour, and 64 MB of all of them; the oldest go first. */
export interface WaitingFiles {
  keep(file: OutgoingFile, place: string): string;
  /** Once, and only where it was offered. */
  take(id: string, place: string): OutgoingFile | undefined;
}

const keptMs = 3_600_000;
const mostBytesKept = 64 * 1024 * 1024;
const deadlineMs = 60_000;

export function createWaitingFiles({ clock }: { clock: Pick<Clock, "now"> }): WaitingFiles {
  const waiting = new Map<string, OutgoingFile & { place: string; until: number }>();
  return {
    keep: (file, place) => {
      const id = randomUUID();
      waiting.set(id, { ...file, place, until: clock.now() + keptMs });
      let bytes = [...waiting.values()].reduce((sum, one) => sum + one.bytes.length, 0);
      for (const [old, one] of waiting) {
        if (old === id || (one.until > clock.now() && bytes <= mostBytesKept)) continue;
        waiting.delete(old);
        bytes -= one.bytes.length;
      }
      return id;
    },
    take: (id, place) => {
      const found = waiting.get(id);
      if (found === undefined || found.place !== place || found.until <= clock.now()) return undefined;
      waiting.delete(id);
      return found;
    },
  };
}

/** Asks the person whether they take the file ("Send and receive files", file consent). */
export function consentCard({ name, bytes }: OutgoingFile, id: string) {
  const context = { file: id };
  return {
    type: "message",
    summary: name,
    attachments: [
      {
        contentType: "application/vnd.microsoft.teams.card.file.consent",
        name,
        content: { description: "A file from Switchboard", sizeInBytes: bytes.length, acceptContext: context, declineContext: context },
      },
    ],
  };
}

export const consent = z.looseObject({
  action: z.enum(["accept", "decline"]),
  context: z.strictObject({ file: z.string().max(100) }),
  uploadInfo: z
    .looseObject({
      contentUrl: z.string(),
      name: z.string(),
      uploadUrl: z.string(),
      uniqueId: z.string(),
      fileType: z.string().default(""),
    })
    .optional(),
});

/** Puts the file where its person said that it may go, and answers the message that shows it. Throws `ChatFailure`. */
export async function putFile(
  cloud: TeamsCloud,
  { bytes }: OutgoingFile,
  { contentUrl, name, uploadUrl, uniqueId, fileType }: NonNullable<z.output<typeof consent>["uploadInfo"]>,
) {
  const url = allowedAddress(cloud, cloud.fileHosts, uploadUrl);
  if (url === undefined) throw new ChatFailure("refused", "The file was to go to a host that isn't Microsoft's.");
  const answer = await fetch(url, {
    method: "PUT",
    headers: { "content-range": `bytes 0-${bytes.length - 1}/${bytes.length}` },
    body: new Uint8Array(bytes),
    redirect: "error",
    signal: AbortSignal.timeout(deadlineMs),
  }).catch(unreached);
  if (!answer.ok) throw new ChatFailure("unavailable", `The file was not taken: ${answer.status}.`);
  return {
    type: "message",
    attachments: [{ contentType: "application/vnd.microsoft.teams.card.file.info", contentUrl, name, content: { uniqueId, fileType } }],
  };
}

/** The bytes of a file that somebody sent. Throws `ChatFailure`: `refused` for a host that isn't Microsoft's, or one that is larger. */
export async function fetchTeamsFile(
  { cloud, tokens }: { cloud: TeamsCloud; tokens: AccessTokens },
  app: ChatApp,
  address: string,
  mostBytes: number,
): Promise<Buffer> {
  const url = allowedAddress(cloud, cloud.fileHosts, address);
  if (url === undefined) throw new ChatFailure("refused", "The file lies on a host that isn't Microsoft's.");
  // Pictures in messages lie at the connector, and are the app's alone; other addresses carry their own right.
  const isConnectors = allowedAddress(cloud, cloud.serviceHosts, address) !== undefined && url.pathname.includes("/v3/attachments/");
  const headers: Record<string, string> = isConnectors ? { authorization: `Bearer ${await tokens.of(app)}` } : {};
  const answer = await fetch(url, { headers, redirect: "error", signal: AbortSignal.timeout(deadlineMs) }).catch(unreached);
  if (answer.status >= 500 || answer.status === 429) throw new ChatFailure("unavailable", `The file could not be had: ${answer.status}.`);
  if (!answer.ok) throw new ChatFailure("refused", `The file could not be had: ${answer.status}.`);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += part.length;
    if (length > mostBytes) throw new ChatFailure("refused", `The file is larger than ${mostBytes} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function unreached(error: unknown): never {
  throw new ChatFailure("unavailable", `Microsoft's files were not reached (${error instanceof Error ? error.name : "unknown"}).`);
}
