import { signal } from "@preact/signals";
import type { MacroItem } from "../../src/protocol/aids.ts";
import { runCommand, sentence } from "../commands/run.ts";
import { problem } from "../conversation/act.ts";

/** What the last macro did, told in its conversation until the next thing is done there. */
export const macroTold = signal<{ conversation: string; text: string } | null>(null);

/** Runs a macro on a conversation; what it did, or at which step it stopped, is told there. */
export async function runMacro(conversation: string, { id, name }: Pick<MacroItem, "id" | "name">): Promise<void> {
  problem.value = null;
  macroTold.value = { conversation, text: `“${name}” runs…` };
  try {
    const { messages } = await runCommand("macro.run", { conversation, macro: id });
    macroTold.value = { conversation, text: `“${name}”: ${messages.map(({ text }) => text).join(" ")}` };
  } catch (error) {
    macroTold.value = null;
    problem.value = { conversation, text: `“${name}”: ${sentence(error)}`, at: Date.now() };
  }
}
