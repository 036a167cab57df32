import type { CommandListing } from "../../src/protocol/commands.ts";
import { isSheet, shownAnswer } from "../answers/shownAnswer.ts";
import type { DeskState } from "../live/deskState.ts";
import { opened } from "../shell/opened.ts";
import { showWhy } from "../shell/personPanel.ts";
import { declarePresence, presences } from "../status/presence.ts";
import { runCommand } from "./run.ts";

/** What the bar does next: nothing more, ask for arguments, or leave the page to another dialog. */
export type Next = "done" | "form" | "elsewhere";

/** Runs a command on what is open; where a place of the desk does it better, opens that. */
export async function runFromBar(desk: DeskState, { name, args, source }: CommandListing, conversation: string | null): Promise<Next> {
  const declared = presences.find(({ command }) => command === name);
  if (declared !== undefined) {
    await declarePresence(desk, declared.presence);
    return "done";
  }
  if (name === "conversation.transfer" || name === "conversation.hand-back") {
    opened.value = name === "conversation.transfer" ? "transfer" : "handBack";
    return "elsewhere";
  }
  if (name === "conversation.snooze" || name === "conversation.invite") {
    opened.value = name === "conversation.snooze" ? "snooze" : "invite";
    return "elsewhere";
  }
  if (name === "conversation.merge") {
    opened.value = "merge";
    return "elsewhere";
  }
  if (name === "conversation.unmerge") {
    await runCommand(name, { conversation });
    return "done";
  }
  if (name === "conversation.why") {
    showWhy();
    return "done";
  }
  const asked = Object.keys(args.properties).filter((key) => key !== "conversation");
  // What it answers is shown there.
  if (asked.length > 0 || source === "operation") return "form";
  const run = await runCommand(name, conversation !== null && "conversation" in args.properties ? { conversation } : {});
  if (isSheet(run)) shownAnswer.value = run;
  return "done";
}
