import type { StoredMessage } from "../events.ts";
import { cameByChannel } from "../ledger/receiveChannelMessage.ts";

/** What an agent said and the visitor has not seen, of messages that follow what was read and delivered. Who writes on the page has read it. */
export function unseenAnswers(messages: readonly StoredMessage[]): StoredMessage[] {
  const seen = messages.findLastIndex(({ author, clientId }) => author.kind === "visitor" && !cameByChannel(clientId));
  return messages.slice(seen + 1).filter(({ author, deleted }) => author.kind === "agent" && deleted === undefined);
}

export type DeliveryDecision =
  | { kind: "nothing" }
  | { kind: "deliver" }
  | { kind: "lookAgain"; inSeconds: number; away: "since" | "asBefore" | "no" };

/**
 * Whether unseen answers go to the visitor's channel now. They wait until the visitor was seen to be away twice, `afterSeconds` apart: who only
 * reloads the page or loses the network for a moment gets no mail.
 */
export function decideDelivery(now: {
  unseen: number;
  isThere: boolean;
  /** Since the first look that found nobody there; undefined before it. */
  awaySeconds: number | undefined;
  afterSeconds: number;
}): DeliveryDecision {
  const { unseen, isThere, awaySeconds, afterSeconds } = now;
  if (unseen === 0) return { kind: "nothing" };
  // Whoever leaves the page open without reading is looked at again.
  if (isThere) return { kind: "lookAgain", inSeconds: Math.max(afterSeconds, 5), away: "no" };
  if (awaySeconds === undefined && afterSeconds > 0) return { kind: "lookAgain", inSeconds: afterSeconds, away: "since" };
  const rest = afterSeconds - (awaySeconds ?? 0);
  return rest > 0 ? { kind: "lookAgain", inSeconds: rest, away: "asBefore" } : { kind: "deliver" };
}
