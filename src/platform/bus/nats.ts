import { type ConnectionOptions, connect, ErrorCode, type NatsConnection, NatsError, type SubscriptionOptions } from "nats";
import { Refusal } from "../../protocol/refusal.ts";
import type { Log } from "../log/log.ts";
import type { Bus, Json, Received } from "./bus.ts";
import { away, failed, largestAnswer, timedOut, unreachable } from "./busRefusals.ts";
import { reasonOf, watchConnection } from "./natsConnection.ts";
import { discoverServices, offerService } from "./natsServices.ts";
import { createOwnEars } from "./ownEars.ts";
import { readJson } from "./readJson.ts";

const connectDeadlineMs = 3000;
/** A stalled server is noticed when the third ping is due and two are unanswered: within 9 s. */
const defaultPingPeriodMs = 3000;
const unansweredPings = 2;
const closeDeadlineMs = 2000;

/**
 * Connects to NATS, now or not at all; from then on for as long as it takes. Refusal `unavailable`, one sentence for the operator.
 * Two connections: over one a process hears what others publish, and not its own again, of which its ears know already (a tenth of a turn);
 * over the other it asks, answers, and hears what goes to one of a queue group, which may be itself.
 */
export async function connectNats(
  { url, log }: { url: string; log: Log },
  { pingPeriodMs = defaultPingPeriodMs }: { pingPeriodMs?: number } = {},
): Promise<Bus> {
  const [hearing, asking] = await openBoth(url, pingPeriodMs);
  const heard = watchConnection(hearing, log);
  const asked = watchConnection(asking, log);
  const ears = createOwnEars((error, subject) => log.warn({ subject, reason: reasonOf(error) }, "a message was not understood"));

  return {
    publish: (subject, data) => {
      ears.tell(subject, data);
      // Kept for later it would only be an old hurry; the ledger has it.
      if (!heard.connected) return;
      try {
        hearing.publish(subject, JSON.stringify(data));
      } catch (error) {
        log.warn({ subject, reason: reasonOf(error) }, "could not be published");
      }
    },
    subscribe: (subject, hear, options) => {
      const callback = hearOf(subject, hear, log);
      if (options?.queueGroup !== undefined) {
        const subscription = asking.subscribe(subject, { queue: options.queueGroup, callback });
        return () => subscription.unsubscribe();
      }
      const subscription = hearing.subscribe(subject, { callback });
      const end = ears.add(subject, hear);
      return () => {
        subscription.unsubscribe();
        end();
      };
    },
    request: async (subject, data, { timeoutMs, maxBytes = largestAnswer }) => {
      if (!asked.connected) throw unreachable();
      const message = await asked.whileConnected(asking.request(subject, JSON.stringify(data), { timeout: timeoutMs })).catch(refuse);
      if (message.headers?.has("Nats-Service-Error-Code")) throw failed(message.headers.get("Nats-Service-Error"));
      if (message.data.byteLength > maxBytes) throw failed(`the answer has ${message.data.byteLength} bytes`);
      return parseAnswer(message.data);
    },
    serve: (service) => offerService(asking, service),
    discover: async (waitMs) => (asked.connected ? discoverServices(asking, waitMs) : []),
    get healthy() {
      return [heard, asked].every(({ connected, answering }) => connected && answering);
    },
    onGap: (gap) => {
      const whole = () => heard.connected && asked.connected;
      let was = whole();
      const changed = () => {
        if (whole() === was) return;
        was = whole();
        gap();
      };
      const ends = [heard, asked].map(({ onGap }) => onGap(changed));
      return () => {
        for (const end of ends) end();
      };
    },
    close: async () => {
      ears.flush();
      heard.closing();
      asked.closing();
      await Promise.all([hearing, asking].map(drain));
    },
  };
}

async function openBoth(url: string, pingPeriodMs: number): Promise<[NatsConnection, NatsConnection]> {
  const options = connectionOptions(url, pingPeriodMs);
  const [hearing, asking] = await Promise.allSettled([connect({ ...options, noEcho: true }), connect(options)]);
  if (hearing.status === "fulfilled" && asking.status === "fulfilled") return [hearing.value, asking.value];
  for (const opened of [hearing, asking]) if (opened.status === "fulfilled") await opened.value.close();
  const error: unknown = [hearing, asking].find((opened) => opened.status === "rejected")?.reason;
  throw new Refusal("unavailable", startSentence(url, error), { cause: error });
}

function hearOf(subject: string, hear: (received: Received) => void, log: Log): NonNullable<SubscriptionOptions["callback"]> {
  return (error, message) => {
    if (error !== null) return log.warn({ subject, reason: error.code }, "a subscription failed");
    try {
      hear({ subject: message.subject, data: readJson(message.data) });
    } catch (thrown) {
      log.warn({ subject, reason: reasonOf(thrown) }, "a message was not understood");
    }
  };
}

async function drain(connection: NatsConnection): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, closeDeadlineMs).unref());
  await Promise.race([connection.drain().catch(() => {}), late]);
  await connection.close();
}

function connectionOptions(text: string, pingPeriodMs: number): ConnectionOptions {
  const url = new URL(text);
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  return {
    name: "switchboard",
    servers: url.host,
    ...(url.protocol === "tls:" ? { tls: {} } : {}),
    ...(user === "" ? {} : password === "" ? { token: user } : { user, pass: password }),
    timeout: connectDeadlineMs,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true, // a server that is being set up anew may refuse for a while
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    pingInterval: pingPeriodMs,
    maxPingOut: unansweredPings,
    noAsyncTraces: true, // a stack for every request is a tenth of a turn
  };
}

function startSentence(text: string, error: unknown): string {
  const url = new URL(text);
  const code = error instanceof NatsError ? error.code : "";
  if (code === ErrorCode.AuthorizationViolation || code === ErrorCode.AuthenticationExpired) {
    return `NATS at ${url.host} refuses the user or token; correct NATS_URL.`;
  }
  if (code === ErrorCode.Timeout) return `${url.host} doesn't answer as NATS does; correct NATS_URL.`;
  return `NATS can't be reached at ${url.host} (${code === "" ? reasonOf(error) : code.toLowerCase().replaceAll("_", " ")}); start it there, or correct NATS_URL.`;
}

function refuse(error: unknown): never {
  if (error instanceof Refusal) throw error;
  const code = error instanceof NatsError ? error.code : "";
  if (code === ErrorCode.NoResponders) throw away();
  if (code === ErrorCode.Timeout) throw timedOut();
  if (code === ErrorCode.MaxPayloadExceeded) throw failed("the request is too long");
  throw unreachable(error);
}

function parseAnswer(data: Uint8Array): Json {
  try {
    return readJson(data);
  } catch (error) {
    throw failed(error);
  }
}
