import { signal } from "@preact/signals";
import { runCommand, sentence } from "../commands/run.ts";
import { justTaken } from "../conversation/act.ts";
import { go } from "../shell/route.ts";

/** The offer that is being answered, and what went wrong with the last. */
export const answering = signal<string | null>(null);
export const wrong = signal<{ conversation: string; text: string } | null>(null);

/** Takes what is offered, and opens it. */
export async function acceptOffer(conversation: string): Promise<void> {
  if (!(await answer("accept", conversation))) return;
  justTaken.value = conversation;
  go({ conversation });
}

export async function declineOffer(conversation: string): Promise<void> {
  await answer("decline", conversation);
}

async function answer(verb: "accept" | "decline", conversation: string): Promise<boolean> {
  if (answering.peek() === conversation) return false;
  answering.value = conversation;
  wrong.value = null;
  try {
    await runCommand(`conversation.${verb}`, { conversation });
    return true;
  } catch (error) {
    wrong.value = { conversation, text: sentence(error) };
    return false;
  } finally {
    answering.value = null;
  }
}
