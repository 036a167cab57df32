import { Refusal } from "../../../src/protocol/refusal.ts";
import type { Dice } from "./dice.ts";
import type { VirtualTime } from "./virtualTime.ts";

/** Where automations have their effects. It outlives every process; `effects` counts them per run. */
export class Outside {
  readonly effects = new Map<string, number>();
  readonly #time: VirtualTime;
  readonly #dice: Dice;

  constructor(time: VirtualTime, dice: Dice) {
    this.#time = time;
    this.#dice = dice;
  }

  ask(name: string, run: string, answered: (answer: string | Error) => void): void {
    const slow = this.#dice.chance() < 0.1 ? 4000 : 0;
    this.#time.after(this.#dice.between(1, 30) + slow, () => {
      if (name === "charge" || name === "silent") this.effects.set(run, (this.effects.get(run) ?? 0) + 1);
      if (name === "silent") return;
      const answer =
        name === "broken"
          ? new Error("broken on purpose")
          : name === "refuse"
            ? new Refusal("automation_failed", "No.")
            : name === "charge"
              ? "charged"
              : "echoed";
      this.#time.after(this.#dice.between(1, 30), () => answered(answer));
    });
  }
}
