import type { ConversationHead } from "../../src/protocol/desk.ts";

/** Something that can be done with a conversation now; each is the command `conversation.<verb>`. */
export interface Action {
  verb:
    | "accept"
    | "decline"
    | "take-over"
    | "take"
    | "hand-back"
    | "transfer"
    | "close"
    | "reopen"
    | "snooze"
    | "wake"
    | "unread"
    | "invite"
    | "step-out"
    | "spam"
    | "not-spam"
    | "block"
    | "unblock"
    | "merge"
    | "unmerge";
  /** What it runs, where that is not `conversation.<verb>` on this conversation. */
  instead?: { command: string; args: Record<string, string> };
  label: string;
  doing: string;
  hint: string;
  primary: boolean;
  /** In the menu only: there is no room for all. */
  seldom?: true;
  keys?: string;
}

const take: Action = { verb: "take", label: "Take", doing: "Taking…", hint: "Answer it yourself", primary: true, keys: "A" };
const accept: Action = {
  verb: "accept",
  label: "Accept",
  doing: "Accepting…",
  hint: "Take what is offered to you",
  primary: true,
  keys: "Y",
};
const decline: Action = {
  verb: "decline",
  label: "Decline",
  doing: "Declining…",
  hint: "Let the next one be asked, or the sender keep it",
  primary: false,
  keys: "X",
};
const takeOver: Action = {
  verb: "take-over",
  label: "Take over",
  doing: "Taking over…",
  hint: "Answer instead of the colleague",
  primary: false,
};
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
  hint: "Offer it to a colleague, or give it to a team",
  primary: false,
};
const close: Action = { verb: "close", label: "Close", doing: "Closing…", hint: "It is done", primary: false, keys: "E" };
const reopen: Action = { verb: "reopen", label: "Reopen", doing: "Reopening…", hint: "Go on with it", primary: true };
const wake: Action = { verb: "wake", label: "Wake", doing: "Waking…", hint: "Bring it back into the list now", primary: true };
const snooze = seldom("snooze", "Snooze…", "Out of the list until a time", "Z");
const invite = seldom("invite", "Invite a colleague…", "They may answer too, and you keep it");
const stepOut = seldom("step-out", "Take no part any more", "Leave it to whoever answers");
const spam = seldom("spam", "Mark as spam", "Close it; what they write calls nobody any more");
const notSpam: Action = {
  verb: "not-spam",
  label: "Not spam",
  doing: "Taking the mark away…",
  hint: "Take the mark as spam away",
  primary: false,
};
const unread = seldom("unread", "Mark as unread", "The customer's last words count as new again", "U");

const merge = seldom("merge", "Merge into another…", "Answer both from one timeline");
const unmerge = seldom("unmerge", "Unmerge", "Make two conversations of it again");

/**
 * What makes sense, as the server's rules have it: only the one who answers gives it away; while nobody answers, anybody.
 * `supervises`: whether I may take from a colleague.
 */
export function actionsOn(head: ActedOn, me: string, supervises = false): Action[] {
  if (!head.open) return closedActions(head);
  const isMine = head.agent?.id === me;
  const waking = head.snoozedUntil === undefined ? [] : [wake];
  const answering = head.offer?.to.id === me ? [accept, decline] : [];
  const apart = head.merged?.length === 1 ? [unmerge] : [];
  const merging = (head.merged ?? []).length === 0 ? [merge] : [];
  const away = [spam, ...blocking(head, "block")];
  if (isMine) return [...waking, handBack, transfer, close, snooze, invite, unread, ...merging, ...apart, ...away];
  const part = takesPart(head, me) ? [invite, stepOut] : [];
  if (head.controller === "agent") return [...answering, ...waking, ...(supervises ? [takeOver] : []), ...part, unread, ...apart];
  return [...(answering.length === 0 ? [take] : answering), transfer, close, unread, ...merging, ...apart, ...away];
}

/** Whether a colleague invited me to take part. */
export function takesPart(head: Pick<ConversationHead, "participants">, me: string): boolean {
  return head.participants?.some(({ id }) => id === me) === true;
}

function closedActions(head: ActedOn): Action[] {
  if (head.muted === "blocked") return blocking(head, "unblock");
  return head.muted === "spam" ? [notSpam] : [reopen, spam, ...blocking(head, "block")];
}

function blocking({ contact }: ActedOn, verb: "block" | "unblock"): Action[] {
  if (contact === undefined) return [];
  const instead = { command: `contact.${verb}`, args: { contact: contact.id } };
  return verb === "block"
    ? [{ ...seldom("block", "Block the visitor…", "Close all their conversations; they call nobody any more"), instead }]
    : [{ verb, label: "Unblock", doing: "Unblocking…", hint: "Let the visitor write again", primary: false, instead }];
}

type ActedOn = Pick<ConversationHead, "open" | "controller" | "agent" | "snoozedUntil" | "participants" | "muted" | "offer" | "merged"> & {
  contact?: { id: string };
};

function seldom(verb: Action["verb"], label: string, hint: string, keys?: string): Action {
  return { verb, label, doing: `${label.replace("…", "")}…`, hint, primary: false, seldom: true, ...(keys === undefined ? {} : { keys }) };
}
