import type { ConversationHead } from "../../src/protocol/desk.ts";

/** Something that can be done with a conversation now; each is the command `conversation.<verb>`. */
export interface Action {
  verb: "take" | "hand-back" | "transfer" | "close" | "reopen" | "snooze" | "wake" | "unread";
  label: string;
  doing: string;
  hint: string;
  primary: boolean;
  /** In the menu only: there is no room for all. */
  seldom?: true;
  keys?: string;
}

const take: Action = { verb: "take", label: "Take", doing: "Taking…", hint: "Answer it yourself", primary: true, keys: "A" };
const handBack: Action = {
  verb: "hand-back",
  label: "Hand back",
  doing: "Handing back…",
  hint: "Let the assistant answer again",
  primary: false,
};
const transfer: Action = {
  verb: "transfer",
  label: "Transfer",
  doing: "Transferring…",
  hint: "Give it to a colleague or the queue",
  primary: false,
};
const close: Action = { verb: "close", label: "Close", doing: "Closing…", hint: "It is done", primary: false, keys: "E" };
const reopen: Action = { verb: "reopen", label: "Reopen", doing: "Reopening…", hint: "Go on with it", primary: true };
const wake: Action = { verb: "wake", label: "Wake", doing: "Waking…", hint: "Bring it back into the list now", primary: true };
const snooze = seldom("snooze", "Snooze…", "Out of the list until a time", "Z");
const unread = seldom("unread", "Mark as unread", "The customer's last words count as new again", "U");

/** What makes sense, as the server's rules have it: only the one who answers gives it away; while nobody answers, anybody. */
export function actionsOn(head: ActedOn, me: string): Action[] {
  if (!head.open) return [reopen];
  const isMine = head.agent?.id === me;
  const snoozed = head.snoozedUntil !== undefined;
  if (head.controller === "agent" && !isMine) return [...(snoozed ? [wake] : []), unread];
  if (isMine) return [...(snoozed ? [wake] : []), handBack, transfer, close, snooze, unread];
  return [take, transfer, close, unread];
}

type ActedOn = Pick<ConversationHead, "open" | "controller" | "agent" | "snoozedUntil">;

function seldom(verb: Action["verb"], label: string, hint: string, keys?: string): Action {
  return { verb, label, doing: `${label.replace("…", "")}…`, hint, primary: false, seldom: true, ...(keys === undefined ? {} : { keys }) };
}
