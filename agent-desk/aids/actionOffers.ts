import type { CommandListing } from "../../src/protocol/commands.ts";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import { actionsOn } from "../conversation/actionsOn.ts";
import { perform } from "../conversation/perform.ts";
import { beginLine } from "../shell/opened.ts";
import { showWhy } from "../shell/personPanel.ts";
import { fold } from "./fold.ts";

const mostOffered = 30;

/** Something that can be done with the conversation, from its composer. */
export interface ActionOffer {
  id: string;
  name: string;
  about: string;
  /** The line that it begins, which the composer completes. */
  line?: string;
  run(): void;
}

/** All that the buttons and the menu offer on it, and what only the command bar has, found by name or by what it does; `commands`: those that I may run. An operation goes on as a line: here, or in the command bar where words stand beside it. */
export function actionOffers(word: string, head: ConversationHead, me: string, commands: readonly CommandListing[]): ActionOffer[] {
  const wanted = fold(word);
  const offers: ActionOffer[] = [
    ...actionsOn(
      head,
      me,
      commands.some(({ name }) => name === "conversation.take-over"),
    ).map((action) => ({
      id: action.verb,
      name: action.label.replace("…", ""),
      about: action.hint,
      run: () => perform(action, head.id),
    })),
    onLine("priority", "Priority", "Set how urgent it is", "/conversation.priority "),
    onLine("needs", "Needs", "Set language and skills", "/conversation.needs "),
    { id: "why", name: "Why", about: "Who answered, and why", run: showWhy },
    ...commands.filter(({ source }) => source === "operation").map(({ name, summary }) => onLine(name, name, summary, `/${name} `)),
    { id: "command", name: "Command", about: "Any other command", run: () => beginLine("/") },
  ];
  const rank = ({ id, name, about }: ActionOffer) => {
    if (fold(name).startsWith(wanted) || fold(id).startsWith(wanted)) return 0;
    return fold(`${name} ${about}`).includes(wanted) ? 1 : 2;
  };
  return offers
    .map((offer) => ({ offer, rank: rank(offer) }))
    .filter((each) => each.rank < 2)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, mostOffered)
    .map(({ offer }) => offer);
}

function onLine(id: string, name: string, about: string, line: string): ActionOffer {
  return { id, name, about, line, run: () => beginLine(line) };
}
