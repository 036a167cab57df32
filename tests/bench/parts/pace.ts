import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import { z } from "zod";

/** Answers a second, and from the intended start to the answer in milliseconds. */
export const paceSchema = z.object({ answered: z.number(), perSecond: z.number(), p50: z.number(), p99: z.number(), max: z.number() });
export type Pace = z.infer<typeof paceSchema>;

/** How long each took; the rate counts those that were answered in time, the times all of them. */
export class Stopwatch {
  readonly #histogram: RecordableHistogram = createHistogram({ lowest: 1, highest: 120_000_000, figures: 3 });
  readonly #seconds: number;
  readonly #endsAt: number;
  answered = 0;
  #inTime = 0;

  constructor(seconds: number) {
    this.#seconds = seconds;
    this.#endsAt = performance.now() + seconds * 1000;
  }

  /** Whether the time of this measurement is over at `now`. */
  over(now: number): boolean {
    return now >= this.#endsAt;
  }

  record(begunAt: number, now: number): void {
    this.answered++;
    if (!this.over(now)) this.#inTime++;
    this.#histogram.record(Math.max(1, Math.round((now - begunAt) * 1000)));
  }

  pace(): Pace {
    const { answered } = this;
    const milliseconds = (percent: number) => this.#histogram.percentile(percent) / 1000;
    const perSecond = this.#inTime / this.#seconds;
    return { answered, perSecond, p50: milliseconds(50), p99: milliseconds(99), max: this.#histogram.max / 1000 };
  }
}
