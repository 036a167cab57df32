import { z } from "zod";
import { type ChatApp, ChatFailure, type OutgoingFile } from "../../src/channels/chatService.ts";
import type { AccessTokens } from "./accessTokens.ts";
import { allowedAddress, type TeamsCloud } from "./cloud.ts";

const deadlineMs = 60_000;

/** Asks the person whether they take the file ("Send and receive files", file consent). */
export function consentCard({ name, size }: Pick<OutgoingFile, "name" | "size">, id: string) {
  const context = { file: id };
  return {
    type: "message",
    summary: name,
    attachments: [
      {
        contentType: "application/vnd.microsoft.teams.card.file.consent",
        name,
        content: { description: "A file from Switchboard", sizeInBytes: size, acceptContext: context, declineContext: context },
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
  file: OutgoingFile,
  { contentUrl, name, uploadUrl, uniqueId, fileType }: NonNullable<z.output<typeof consent>["uploadInfo"]>,
) {
  const url = allowedAddress(cloud, cloud.fileHosts, uploadUrl);
  if (url === undefined) throw new ChatFailure("refused", "The file was to go to a host that isn't Microsoft's.");
  const bytes = await file.bytes();
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
