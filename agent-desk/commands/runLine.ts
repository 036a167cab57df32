import type { CommandListing, CommandMessage } from "../../src/protocol/commands.ts";
import { isSheet, shownAnswer } from "../answers/shownAnswer.ts";
import { nextAfter } from "../conversation/act.ts";
import type { DeskState } from "../live/deskState.ts";
import { showWhy } from "../shell/personPanel.ts";
import { declarePresence, presences } from "../status/presence.ts";
import { runCommand } from "./run.ts";

/** After them the open conversation is not in the list any more. */
const leaving = new Set(["conversation.close", "conversation.snooze"]);
/** What they did is seen on the page. */
const seen = /^(conversation|contact)\.(?!rating|transcript)/;

/** Runs a whole line on what is open; answers what is to be told of it, or null where the page shows it. */
export async function runLine(
  desk: DeskState,
  { name, args, source }: CommandListing,
  values: Record<string, unknown>,
  conversation: string | null,
): Promise<readonly CommandMessage[] | null> {
  const declared = presences.find(({ command }) => command === name);
  if (declared !== undefined) {
    await declarePresence(desk, declared.presence);
    return null;
  }
  if (name === "conversation.why") {
    showWhy();
    return null;
  }
  const goOn = conversation === null || !leaving.has(name) ? () => {} : nextAfter(conversation);
  const run = await runCommand(
    name,
    { ...values, ...(conversation !== null && "conversation" in args.properties ? { conversation } : {}) },
    // The thing that it is about keeps where it was worked on.
    conversation !== null && source === "blueprint" ? { conversation } : {},
  );
  goOn();
  // The way back stands in the answer.
  if (isSheet(run) || (run.undoableUntil !== null && !seen.test(name))) {
    shownAnswer.value = run;
    return null;
  }
  return seen.test(name) ? null : run.messages.length === 0 ? [{ text: "Done." }] : run.messages;
}
