import type { Message } from "../protocol/conversation.ts";
import { withChanges } from "./withChanges.ts";

/** What the timeline reads of a message: its place, and whose own it was. */
export interface Said {
  seq: number;
  clientId?: string;
}

/**
 * Messages by `seq`, without gap and without double. What arrives before its predecessors stands `ahead` until they are there.
 * A value: every function answers a new one, or the same where nothing changed.
 */
export interface Timeline<M extends Said> {
  /** The `seq` before the first that is shown; 0 where the whole conversation is. */
  readonly after: number;
  /** `messages[i].seq === after + 1 + i`. */
  readonly messages: readonly M[];
  /** By `seq`, each beyond the gap. */
  readonly ahead: readonly M[];
  /** The highest `seq` heard of, be it by an ack or a welcome. */
  readonly newest: number;
}

export function emptyTimeline<M extends Said>(after = 0): Timeline<M> {
  return { after, messages: [], ahead: [], newest: after };
}

/** Puts a message in its place. One whose `seq` is already there is replaced, never doubled. */
export function place<M extends Said>(timeline: Timeline<M>, message: M): Timeline<M> {
  const { after, messages, ahead } = timeline;
  const newest = Math.max(timeline.newest, message.seq);
  const index = message.seq - after - 1;
  if (index < 0) return timeline;
  if (index < messages.length) return { ...timeline, messages: messages.with(index, message) };
  const waiting = [...ahead.filter(({ seq }) => seq !== message.seq), message].sort((a, b) => a.seq - b.seq);
  const joined = countJoined(waiting, lastSeq(timeline));
  return { after, messages: [...messages, ...waiting.slice(0, joined)], ahead: waiting.slice(joined), newest };
}

function countJoined(waiting: readonly Said[], last: number): number {
  const gap = waiting.findIndex(({ seq }, index) => seq !== last + 1 + index);
  return gap === -1 ? waiting.length : gap;
}

/** Notes that a message of this `seq` exists, without knowing it yet. */
export function hearOf<M extends Said>(timeline: Timeline<M>, seq: number): Timeline<M> {
  return seq > timeline.newest ? { ...timeline, newest: seq } : timeline;
}

/** The last `seq` up to which nothing is missing: the `after` of the next `hello`. */
export function lastSeq({ after, messages }: Timeline<Said>): number {
  return after + messages.length;
}

/** True where a `hello` with `after: lastSeq(timeline)` is needed (at once, or after a moment in which frames may still overtake). */
export function hasGap(timeline: Timeline<Said>): boolean {
  return timeline.newest > lastSeq(timeline);
}

/**
 * What is shown: messages in order as they are now, then own ones that are acknowledged but stand beyond a gap, then own ones on their way.
 * An own one that came back as a message, from whichever tab, is not pending any more.
 */
export function shown<M extends Message, P extends { clientId: string }>(
  { messages, ahead }: Timeline<M>,
  outbox: readonly P[],
): { messages: readonly M[]; pending: P[] } {
  const own = new Set(outbox.map(({ clientId }) => clientId));
  const acknowledged = ahead.filter(({ clientId }) => clientId !== undefined);
  const visible = [...messages, ...acknowledged];
  for (const { clientId } of visible) if (clientId !== undefined) own.delete(clientId);
  return { messages: withChanges(visible), pending: outbox.filter(({ clientId }) => own.has(clientId)) };
}
