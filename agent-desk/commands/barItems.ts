import type { CommandListing } from "../../src/protocol/commands.ts";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import { actionsOn } from "../conversation/actionsOn.ts";

/** A line of the command bar: a command of the registry, or a way through the desk. */
export interface BarItem {
  name: string;
  label: string;
  group: string;
}

/** What makes sense now: all of `me.*`, and on the open conversation what its buttons offer. */
export function commandItems(commands: CommandListing[], head: ConversationHead | null, me: string): BarItem[] {
  const possible = new Set(head === null ? [] : ["why", ...actionsOn(head, me).map(({ verb }) => verb)]);
  return commands.flatMap(({ name, summary }): BarItem[] => {
    if (name.startsWith("me.")) return [{ name, label: summary, group: "Me" }];
    const verb = name.startsWith("conversation.") ? name.slice("conversation.".length) : "";
    return head !== null && possible.has(verb) ? [{ name, label: summary, group: head.contact.name }] : [];
  });
}
