import { type ConnectionOptions, connect, DebugEvents, ErrorCode, Events, type NatsConnection, NatsError } from "nats";
import { Refusal } from "../../protocol/refusal.ts";
import type { Log } from "../log/log.ts";
import type { Bus, Json } from "./bus.ts";
import { away, failed, largestAnswer, timedOut, unreachable } from "./busRefusals.ts";
import { discoverServices, offerService } from "./natsServices.ts";
import { readJson } from "./readJson.ts";

const connectDeadlineMs = 3000;
/** A stalled server is noticed when the third ping is due and two are unanswered: within 9 s. */
const defaultPingPeriodMs = 3000;
const unansweredPings = 2;
const closeDeadlineMs = 2000;

/** Connects to NATS, now or not at all; from then on for as long as it takes. Refusal `unavailable`, one sentence for the operator. */
export async function connectNats(
  { url, log }: { url: string; log: Log },
  { pingPeriodMs = defaultPingPeriodMs }: { pingPeriodMs?: number } = {},
): Promise<Bus> {
  const connection = await connect(connectionOptions(url, pingPeriodMs)).catch((error: unknown) => {
    throw new Refusal("unavailable", startSentence(url, error), { cause: error });
  });
  const state = watchConnection(connection, log);

  return {
    publish: (subject, data) => {
      // Kept for later it would only be an old hurry; the ledger has it.
      if (!state.connected) return;
      try {
        connection.publish(subject, JSON.stringify(data));
      } catch (error) {
        log.warn({ subject, reason: reasonOf(error) }, "could not be published");
      }
    },
    // What a process publishes it hears itself, as it does without NATS: a viewer's gateway needs no second way.
    subscribe: (subject, hear, options) => {
      const subscription = connection.subscribe(subject, {
        ...(options?.queueGroup === undefined ? {} : { queue: options.queueGroup }),
        callback: (error, message) => {
          if (error !== null) return log.warn({ subject, reason: error.code }, "a subscription failed");
          try {
            hear({ subject: message.subject, data: readJson(message.data) });
          } catch (thrown) {
            log.warn({ subject, reason: reasonOf(thrown) }, "a message was not understood");
          }
        },
      });
      return () => subscription.unsubscribe();
    },
    request: async (subject, data, { timeoutMs, maxBytes = largestAnswer }) => {
      if (!state.connected) throw unreachable();
      const message = await state.whileConnected(connection.request(subject, JSON.stringify(data), { timeout: timeoutMs })).catch(refuse);
      if (message.headers?.has("Nats-Service-Error-Code")) throw failed(message.headers.get("Nats-Service-Error"));
      if (message.data.byteLength > maxBytes) throw failed(`the answer has ${message.data.byteLength} bytes`);
      return parseAnswer(message.data);
    },
    serve: (service) => offerService(connection, service),
    discover: async (waitMs) => (state.connected ? discoverServices(connection, waitMs) : []),
    get healthy() {
      return state.connected && state.answering;
    },
    onGap: state.onGap,
    close: async () => {
      state.closing();
      const late = new Promise((resolve) => setTimeout(resolve, closeDeadlineMs).unref());
      await Promise.race([connection.drain().catch(() => {}), late]);
      await connection.close();
    },
  };
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

interface ConnectionState {
  readonly connected: boolean;
  /** Whether the last ping was answered. */
  readonly answering: boolean;
  onGap(heard: () => void): () => void;
  /** Rejects when the connection breaks first: the answer may have been lost, and would only be missed at the time-out. */
  whileConnected<Result>(work: Promise<Result>): Promise<Result>;
  closing(): void;
}

function watchConnection(connection: NatsConnection, log: Log): ConnectionState {
  const listeners = new Set<() => void>();
  const pending = new Set<(error: Refusal) => void>();
  const state = { connected: true, answering: true, closing: false };
  const gap = () => {
    for (const heard of listeners) heard();
  };
  const watch = async () => {
    for await (const { type, data } of connection.status()) {
      if (type === DebugEvents.PingTimer) state.answering = data === "1"; // the number of pings that are out, this one included
      if (type === Events.Disconnect) {
        state.connected = false;
        if (!state.closing) log.warn({}, "NATS is gone; trying to reach it again");
        for (const reject of pending) reject(unreachable());
      }
      if (type === Events.Reconnect) {
        state.connected = true;
        state.answering = true;
        log.info({}, "NATS is back");
      }
      if (type === Events.Disconnect || type === Events.Reconnect) gap();
      if (type === Events.Error) log.warn({ reason: String(data) }, "NATS reports an error");
    }
  };
  watch().catch((error: unknown) => log.error({ reason: reasonOf(error) }, "NATS is no longer watched"));
  connection.closed().then(() => {
    state.connected = false;
  });
  return {
    get connected() {
      return state.connected;
    },
    get answering() {
      return state.answering;
    },
    onGap: (heard) => {
      const listener = () => heard();
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    whileConnected: (work) =>
      new Promise((resolve, reject) => {
        pending.add(reject);
        work.then(resolve, reject).finally(() => pending.delete(reject));
      }),
    closing: () => {
      state.closing = true;
    },
  };
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

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
