import webPush from "web-push";
import type { Subscription } from "./noticeStore.ts";
import type { PushKeys } from "./pushKeys.ts";

/** Push services of the browsers. A subscription names any address: without this list anybody could have us ask anything of our own network. */
const services = [/^fcm\.googleapis\.com$/, /^updates\.push\.services\.mozilla\.com$/, /\.push\.apple\.com$/, /\.notify\.windows\.com$/];

/** Whether a subscription's address is one of a push service, over HTTPS, or of a host that the operator allows (`host:port`). */
export function isPushService(endpoint: string, allowedHosts: ReadonlySet<string>): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname, port, username } = new URL(endpoint);
  if (username !== "") return false;
  if (allowedHosts.has(`${hostname}:${port || (protocol === "http:" ? "80" : "443")}`))
    return protocol === "https:" || protocol === "http:";
  return protocol === "https:" && port === "" && services.some((service) => service.test(hostname));
}

export interface Push {
  title: string;
  body: string;
  /** A browser shows one of each tag. */
  tag: string;
  /** Behind `/desk#/`. */
  place: string;
}

export type PushOutcome = "sent" | "gone" | "failed";

const deadlineMs = 10_000;
/** A push that can't be brought for so long is of no use. */
const keptSeconds = 3600;

/** Encrypts (RFC 8291), signs and sends. `gone`: the browser took its subscription back. */
export async function sendPush(
  { keys, subject }: { keys: PushKeys; subject: string },
  { endpoint, p256dh, auth }: Subscription,
  push: Push,
): Promise<PushOutcome> {
  try {
    const request = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, JSON.stringify(push), {
      vapidDetails: { subject, ...keys },
      TTL: keptSeconds,
      urgency: "high",
    });
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const response = await fetch(request.endpoint, {
      method: "POST",
      headers: headers.filter(([name]) => name !== "Content-Length"),
      ...(request.body === null ? {} : { body: new Uint8Array(request.body) }),
      redirect: "error",
      signal: AbortSignal.timeout(deadlineMs),
    });
    await response.body?.cancel();
    if (response.ok) return "sent";
    return response.status === 404 || response.status === 410 ? "gone" : "failed";
  } catch {
    return "failed";
  }
}
