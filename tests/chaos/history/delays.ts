import type { Recorded } from "./history.ts";

/** Milliseconds from sending to the ack, in rising order, of what was sent within a time; messages without an ack are left out. */
export function ackDelays(
  history: readonly Recorded[],
  from: number,
  to = Number.POSITIVE_INFINITY,
  who: (viewer: string) => boolean = () => true,
): number[] {
  return delays(history, from, to, (event) => event.kind === "acked" && who(event.viewer));
}

/** The same, to the moment in which the page was told that it isn't saved yet. */
export function refusalDelays(history: readonly Recorded[], from: number, to: number): number[] {
  return delays(history, from, to, (event) => event.kind === "told" && event.code === "unavailable");
}

function delays(history: readonly Recorded[], from: number, to: number, ends: (event: Recorded) => boolean): number[] {
  const sentAt = new Map<string, number>();
  const found: number[] = [];
  for (const event of history) {
    if (event.kind === "sent" && event.at >= from && event.at <= to) sentAt.set(event.clientId, event.at);
    if (!("clientId" in event) || !ends(event)) continue;
    const at = sentAt.get(event.clientId);
    if (at === undefined) continue;
    sentAt.delete(event.clientId);
    found.push(event.at - at);
  }
  return found.sort((a, b) => a - b);
}

/** From a moment to the first ack after it. */
export function firstAckAfter(history: readonly Recorded[], moment: number): number {
  const ack = history.find((event) => event.kind === "acked" && event.at > moment);
  return ack === undefined ? Number.POSITIVE_INFINITY : ack.at - moment;
}
