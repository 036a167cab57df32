import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { Refusal } from "../../src/protocol/refusal.ts";

interface Asked {
  /** Where it is drawn: over what was the topmost as it was asked. */
  place: symbol | undefined;
  answer: (said: boolean) => void;
}

/** The dialog that asks. It is a dialog itself, so that whoever draws dialogs can't name it: the page says which it is. */
export const drawing: { dialog?: ComponentType<{ onEnd: (said: boolean) => void }> } = {};

/** Whether the person is asked at this moment to say again who they are. */
export const asked = signal<Asked | null>(null);

/** The page and each dialog over it; the newest last. */
export const places: symbol[] = [];

let asking: Promise<void> | undefined;

/** Asks once for all that wait for it. Throws where the person would rather not. */
export function askStepUp(): Promise<void> {
  asking ??= new Promise<boolean>((answer) => {
    asked.value = { place: places.at(-1), answer };
  })
    .then((said) => {
      if (!said) throw new Refusal("step_up_needed", "Nothing was done: this needs your password once more.");
    })
    .finally(() => {
      asked.value = null;
      asking = undefined;
    });
  return asking;
}
