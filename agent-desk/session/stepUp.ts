import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { PlanAnswer } from "../../src/protocol/commands.ts";
import { Refusal } from "../../src/protocol/refusal.ts";

/** Who one is, or whether one means it. */
export type Question = { kind: "stepUp" } | { kind: "confirm"; command: string; plan: PlanAnswer };

interface Asked {
  question: Question;
  /** Where it is drawn: over what was the topmost as it was asked. */
  place: symbol | undefined;
  answer: (said: boolean) => void;
}

/** The dialogs that ask. They are dialogs themselves, so that whoever draws dialogs can't name them: the page says which they are. */
export const drawing: {
  stepUp?: ComponentType<{ onEnd: (said: boolean) => void }>;
  confirm?: ComponentType<{ command: string; plan: PlanAnswer; onEnd: (said: boolean) => void }>;
} = {};

/** What the person is asked at this moment. */
export const asked = signal<Asked | null>(null);

/** The page and each dialog over it; the newest last. */
export const places: symbol[] = [];

let asking: Promise<void> | undefined;

/** Asks once, for all that wait for it, to say again who one is. Throws where the person would rather not. */
export function askStepUp(): Promise<void> {
  asking ??= ask({ kind: "stepUp" })
    .then((said) => {
      if (!said) throw new Refusal("step_up_needed", "Nothing was done: this needs your password once more.");
    })
    .finally(() => {
      asking = undefined;
    });
  return asking;
}

/** Asks whether what can't be taken back is meant. Throws where it isn't. */
export async function askConfirmation(command: string, plan: PlanAnswer): Promise<void> {
  if (!(await ask({ kind: "confirm", command, plan }))) throw new Refusal("confirmation_needed", "Nothing was done.");
}

async function ask(question: Question): Promise<boolean> {
  // A question that another one pushes aside is answered with no.
  asked.peek()?.answer(false);
  let mine: Asked | undefined;
  const said = await new Promise<boolean>((answer) => {
    mine = { question, place: places.at(-1), answer };
    asked.value = mine;
  });
  if (asked.peek() === mine) asked.value = null;
  return said;
}
