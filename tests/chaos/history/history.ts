import type { RoutingState } from "./routing.ts";

/** Something that a person, a page or the fault injector saw. */
export type Happening =
  /** A viewer's session begins; what it is shown continues after `from`. */
  | { kind: "opened"; viewer: string; conversation: string; from: number }
  | { kind: "closed"; viewer: string; conversation: string; code: number }
  /** The viewer goes for good: nothing more is owed to it. */
  | { kind: "left"; viewer: string; conversation: string }
  /** The server knew the viewer's token no more: its conversation is gone from its page. */
  | { kind: "forgotten"; viewer: string; conversation: string }
  | { kind: "sent"; viewer: string; conversation: string; clientId: string; text: string }
  /** `shows`: the ack stands for the message on the page that sent it. */
  | { kind: "acked"; viewer: string; conversation: string; clientId: string; seq: number; shows: boolean }
  /** What the page says of a message that isn't acked. */
  | { kind: "told"; viewer: string; conversation: string; clientId: string; state: "waiting" | "failed"; code: string }
  | { kind: "shown"; viewer: string; conversation: string; seq: number; text: string }
  | { kind: "state"; viewer: string; conversation: string; controller: string; agent: string | null }
  /** A take that was answered by success; `agent` is the name that everyone sees. Who has it already is answered with the change of before. */
  | { kind: "took"; agent: string; conversation: string; generation?: number | undefined }
  | { kind: "released"; agent: string; conversation: string }
  /** A colleague as the desk shows them. */
  | { kind: "colleague"; viewer: string; agent: string; connected: boolean }
  /** What an agent's desk says of a conversation that concerns them, when it changes; `gone`: no longer. */
  | { kind: "yours"; agent: string; conversation: string; as: "offered" | "held" | "gone"; generation: number }
  /** Whether an agent's desk has its connection. */
  | { kind: "desk"; agent: string; open: boolean }
  /** An admin shuts an agent out: what they have goes to others, be they there or not. */
  | { kind: "dismissed"; agent: string }
  /** Whose somebody is. */
  | { kind: "belongs"; viewer: string; tenant: string }
  /** An id that stood in a frame to somebody, the first time. */
  | { kind: "named"; viewer: string; id: string }
  | { kind: "fault"; name: string; phase: "begun" | "ended" }
  /** The recording process itself did not run for so long: what it would have seen in time it saw late. */
  | { kind: "asleep"; ms: number }
  /** The database is one of before: what was acked until now may be gone, and everyone begins anew. */
  | { kind: "restored" }
  /** All outboxes, turns and viewers have what is theirs. */
  | { kind: "settled" };

/** With the monotonic milliseconds of the recording process. */
export type Recorded = Happening & { at: number };

/** What the database holds at the end. */
export interface LedgerState {
  messages: { conversation: string; seq: number; key: string; text: string }[];
  conversations: { id: string; lastSeq: number; controller: string; agent: string | null }[];
  turns: { conversation: string; seq: number; deadReason: string | null }[];
  /** In the order of their generations. */
  controls: { conversation: string; generation: number; from: string; to: string; agent: string | null }[];
  /** Where a trail of it was kept. */
  routing?: RoutingState | undefined;
  /** The tenant's slug of each id that somebody was told. */
  owners?: Map<string, string>;
}

/** Seldom enough to cost nothing, often enough to see a second. */
const lookEveryMs = 200;
const asleepAfterMs = 1000;

export class History {
  readonly events: Recorded[] = [];
  /** Messages that were sent. */
  sent = 0;

  /** Notices from now on when this process doesn't run; the answer ends it. */
  watchItself(): () => void {
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      if (now - last > asleepAfterMs) this.record({ kind: "asleep", ms: now - last });
      last = now;
    }, lookEveryMs);
    return () => clearInterval(timer);
  }

  record(happening: Happening): void {
    if (happening.kind === "sent") this.sent++;
    this.events.push({ ...happening, at: performance.now() });
  }
}
