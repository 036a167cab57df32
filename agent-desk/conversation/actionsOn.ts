import type { ConversationHead } from "../../src/protocol/desk.ts";

/** Something that can be done with a conversation now; each is the command `conversation.<verb>`. */
export interface Action {
  verb: "take" | "hand-back" | "transfer" | "close" | "reopen";
  label: string;
  doing: string;
  hint: string;
  primary: boolean;
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
const close: Action = { verb: "close", label: "Close", doing: "Closing…", hint: "It is done", primary: false };
const reopen: Action = { verb: "reopen", label: "Reopen", doing: "Reopening…", hint: "Go on with it", primary: true };

/** What makes sense, as the server's rules have it: only the one who answers gives it away; while nobody answers, anybody. */
export function actionsOn(head: Pick<ConversationHead, "open" | "controller" | "agent">, me: string): Action[] {
  if (!head.open) return [reopen];
  if (head.controller === "agent") return head.agent?.id === me ? [handBack, transfer, close] : [];
  return [take, transfer, close];
}
