import { type ReadonlySignal, signal } from "@preact/signals";
import type { TopicReader } from "../live/topics.ts";

/** That runs which I may see have changed, as the topic `runs` tells it: whoever shows some reads them again. */
export class Runs implements TopicReader {
  readonly #told = signal(0);
  readonly told: ReadonlySignal<number> = this.#told;

  snapshot(): void {
    this.#told.value += 1;
  }

  delta(): void {
    this.#told.value += 1;
  }
}
