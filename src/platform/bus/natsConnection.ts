import { DebugEvents, Events, type NatsConnection } from "nats";
import type { Refusal } from "../../protocol/refusal.ts";
import type { Log } from "../log/log.ts";
import { unreachable } from "./busRefusals.ts";

export interface ConnectionState {
  readonly connected: boolean;
  /** Whether the last ping was answered. */
  readonly answering: boolean;
  onGap(heard: () => void): () => void;
  /** Rejects when the connection breaks first: the answer may have been lost, and would only be missed at the time-out. */
  whileConnected<Result>(work: Promise<Result>): Promise<Result>;
  closing(): void;
}

/** What becomes of one connection; the log is told. */
export function watchConnection(connection: NatsConnection, log: Log): ConnectionState {
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

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
