import { opened } from "../shell/opened.ts";
import { act } from "./act.ts";
import type { Action } from "./actionsOn.ts";

/** Asks first for what it needs, or runs at once. */
export function perform(action: Action, conversation: string): void {
  if (action.verb === "transfer") opened.value = "transfer";
  else if (action.verb === "hand-back") opened.value = "handBack";
  else if (action.verb === "invite") opened.value = "invite";
  else if (action.verb === "snooze") opened.value = "snooze";
  else if (action.verb === "merge") opened.value = "merge";
  else if (action.verb === "block") opened.value = "block";
  else act(action.verb, conversation, {}, action.instead);
}
