import { signal } from "@preact/signals";
import type { ConversationItem } from "../../src/protocol/desk.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { runCommand, sentence } from "../commands/run.ts";
import { toTakeFirst } from "../inbox/views.ts";
import { listMoves } from "../shell/listMoves.ts";
import { go, route } from "../shell/route.ts";
import { phone } from "../shell/screen.ts";
import type { Action } from "./actionsOn.ts";

/** The command that a conversation is waiting for; its button says so. */
export const acting = signal<{ conversation: string; command: string } | null>(null);

/** What I took last: its composer takes the cursor once it may be written to. */
export const justTaken = signal<string | null>(null);

/** What went wrong with the last command, told in that conversation. */
export const problem = signal<{ conversation: string | null; text: string; at: number } | null>(null);

/** What was refused is told with the change that caused it; the next change makes it old. */
export function forgetOldProblem(): void {
  const told = problem.peek();
  if (told !== null && Date.now() - told.at > 2000) problem.value = null;
}

/** Runs `conversation.<verb>` on one, or what is run instead. A refusal is told in its place, and answered as false. */
export async function act(
  verb: string,
  conversation: string,
  args: Record<string, unknown> = {},
  instead?: Action["instead"],
): Promise<boolean> {
  const command = `conversation.${verb}`;
  problem.value = null;
  acting.value = { conversation, command };
  try {
    const goOn = nextAfter(conversation);
    // Whoever has it on the page has read it.
    if (verb === "unread" && route.peek().conversation === conversation) go({ conversation: null });
    if (instead === undefined) await runCommand(command, { conversation, ...args });
    else await runCommand(instead.command, instead.args);
    if (verb === "close") goOn();
    if (verb === "take" || verb === "accept" || verb === "take-over") justTaken.value = conversation;
    return true;
  } catch (error) {
    problem.value = { conversation, text: sentence(error), at: Date.now() };
    return false;
  } finally {
    acting.value = null;
  }
}

/** Goes to the next one of the list, so that whoever works it off goes on; a click elsewhere meanwhile is not undone. */
export function nextAfter(conversation: string): () => void {
  const beside = listMoves.beside(conversation);
  return () => {
    if (beside !== null && !phone.peek() && route.peek().conversation === conversation) go({ conversation: beside });
  };
}

/** Takes whoever has waited longest. Where a colleague was quicker, the next one; answers the id, or null when nobody waits. */
export async function takeNext(items: Iterable<ConversationItem>, me: string): Promise<string | null> {
  problem.value = null;
  for (const { id } of toTakeFirst(items, me).slice(0, 5)) {
    try {
      await runCommand("conversation.take", { conversation: id });
      justTaken.value = id;
      return id;
    } catch (error) {
      if (error instanceof Refusal && error.code === "already_taken") continue;
      problem.value = { conversation: null, text: sentence(error), at: Date.now() };
      return null;
    }
  }
  return null;
}
