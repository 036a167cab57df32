import { ChatFailure } from "../../src/channels/chatService.ts";
import { failureOf, wasNotSent } from "./webApi.ts";

const deadlineMs = 30_000;

/** Slack's own host names, and the one that the Web API was told to be at: nobody else gets a token, or is asked at all. */
export function isSlacks(address: string, slackApiUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, origin, username } = new URL(address);
  if (origin === new URL(slackApiUrl).origin) return true;
  return protocol === "https:" && username === "" && (hostname === "slack.com" || hostname.endsWith(".slack.com"));
}

/** A file as Slack has it, at most `mostBytes`. */
export async function fetchFile(slackApiUrl: string, token: string, address: string, mostBytes: number): Promise<Buffer> {
  const response = await ask(slackApiUrl, address, { headers: { authorization: `Bearer ${token}` } });
  // Whoever may not see it gets a page to sign in, with 200.
  if (response.status !== 200 || response.headers.get("content-type")?.startsWith("text/html") === true) {
    await response.body?.cancel();
    throw new ChatFailure(response.status >= 500 ? "unavailable" : "refused", "Slack doesn't give the file.");
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of response.body ?? []) {
      bytes += part.length;
      if (bytes > mostBytes) throw new ChatFailure("refused", `The file is larger than ${Math.floor(mostBytes / 1024 / 1024)} MB.`);
      parts.push(part);
    }
  } catch (error) {
    throw failureOf(error, false);
  }
  return Buffer.concat(parts);
}

/** Gives Slack the bytes of a file, which nobody sees before it is completed. */
export async function giveBytes(slackApiUrl: string, address: string, bytes: Buffer): Promise<void> {
  const response = await ask(slackApiUrl, address, { method: "POST", body: new Uint8Array(bytes) });
  await response.body?.cancel();
  if (response.status !== 200) throw new ChatFailure("unavailable", `Slack did not take the file: ${response.status}.`);
}

/** Writes by a response address, for where the app is no member. */
export async function respond(slackApiUrl: string, address: string, message: object): Promise<void> {
  const headers = { "content-type": "application/json; charset=utf-8" };
  const response = await ask(slackApiUrl, address, { method: "POST", headers, body: JSON.stringify(message) }, "unknown");
  await response.body?.cancel();
  if (response.status >= 500) throw new ChatFailure("unknown", `Slack answered ${response.status}.`);
  if (response.status !== 200)
    throw new ChatFailure("refused", "The app is not in this channel, and the command was too long ago: invite it there.");
}

async function ask(
  slackApiUrl: string,
  address: string,
  init: RequestInit,
  after: "unknown" | "unavailable" = "unavailable",
): Promise<Response> {
  if (!isSlacks(address, slackApiUrl)) throw new ChatFailure("refused", "The address isn't one of Slack's.");
  try {
    return await fetch(address, { ...init, redirect: "error", signal: AbortSignal.timeout(deadlineMs) });
  } catch (error) {
    if (error instanceof Error && wasNotSent(error)) throw new ChatFailure("unavailable", "Slack could not be reached.");
    throw new ChatFailure(after, "Slack did not answer.");
  }
}
