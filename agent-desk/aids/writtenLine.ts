import type { ConversationHead } from "../../src/protocol/desk.ts";
import { shownAnswer } from "../answers/shownAnswer.ts";
import { knownCommands } from "../commands/allowed.ts";
import { choicesInLine } from "../commands/choicesInLine.ts";
import { lineOf } from "../commands/commandLine.ts";
import { type LineItem, type LineItems, lineItems } from "../commands/lineItems.ts";
import { sentence } from "../commands/run.ts";
import { runLine } from "../commands/runLine.ts";
import { problem } from "../conversation/act.ts";
import type { DeskState } from "../live/deskState.ts";
import { beginLine } from "../shell/opened.ts";

/** What may follow in a composer that has a command's line and nothing else, as in the command bar; undefined where it is a text. */
export function lineWritten(text: string, desk: DeskState, head: ConversationHead): LineItems | undefined {
  const commands = knownCommands.value ?? [];
  if (!text.startsWith("/") || text.includes("\n") || lineOf(text, commands) === undefined) return undefined;
  return lineItems(text, { commands, hasConversation: true, choices: choicesInLine(desk, head) });
}

/** Runs the line on the conversation, or asks in the command bar for what is missing. A refusal is told there, and answered as false. */
export async function runWritten(desk: DeskState, item: LineItem, text: string, conversation: string): Promise<boolean> {
  if (item.does === "write") return false;
  if (item.does === "ask") {
    beginLine(text);
    return true;
  }
  problem.value = null;
  try {
    const messages = await runLine(desk, item.command, item.values, conversation);
    if (messages !== null) shownAnswer.value = { command: item.command.name, messages };
    return true;
  } catch (error) {
    problem.value = { conversation, text: sentence(error), at: Date.now() };
    return false;
  }
}
