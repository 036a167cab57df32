import type { CommandListing } from "../../src/protocol/commands.ts";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import { fold } from "../aids/fold.ts";
import { actionsOn } from "../conversation/actionsOn.ts";

/** A line of the command bar: a command of the registry, or a way through the desk. */
export interface BarItem {
  /** Unique in the bar; a command's own where it is one. */
  name: string;
  label: string;
  /** What the registry says of it. */
  detail?: string;
  group: string;
}

const mine: Record<string, string> = {
  "me.online": "Go online",
  "me.away": "Go away for a while",
  "me.offline": "Go offline",
  "me.password": "Change password",
  "me.link": "Say who I am in Slack or Teams",
  "me.links": "Who I am in Slack and Teams",
  "me.unlink": "End that somebody there is me",
  "me.undo-send": "Hold my replies for 5 seconds, or not",
};

/** What makes sense now: on the open conversation what its buttons offer, in their order, and all of `me.*`. */
export function commandItems(commands: CommandListing[], head: ConversationHead | null, me: string): BarItem[] {
  const possible =
    head === null
      ? []
      : [
          ...actionsOn(head, me, true),
          { verb: "priority", label: "Set how urgent it is" },
          { verb: "needs", label: "Set language and skills" },
          { verb: "why", label: "Who answered, and why" },
        ];
  const listed = (name: string, label: string | undefined, group: string): BarItem[] => {
    const command = commands.find((each) => each.name === name);
    if (command === undefined) return [];
    const summary = command.summary.replace(/\.$/, "");
    return [label === undefined ? { name, label: summary, group } : { name, label, detail: summary, group }];
  };
  return [
    ...possible.flatMap(({ verb, label }) => listed(`conversation.${verb}`, label, head?.contact.name ?? "")),
    ...commands
      .filter(({ source }) => source === "operation")
      .map(({ name, summary }) => ({ name, label: summary.replace(/\.$/, ""), detail: `/${name}`, group: "Operations" })),
    ...commands.filter(({ name }) => name.startsWith("me.")).flatMap(({ name }) => listed(name, mine[name], "Me")),
  ];
}

/** Those that have each of the words somewhere, whatever their accents. */
export function withWords<Item extends BarItem>(items: readonly Item[], text: string): Item[] {
  const words = text.split(/\s+/u).map(fold);
  return items.filter(({ label, name, detail = "" }) => {
    const all = fold(`${label} ${name} ${detail}`);
    return words.every((word) => all.includes(word));
  });
}
