import type { Clock } from "../../../src/platform/clock/clock.ts";

interface Event {
  at: number;
  number: number;
  work: () => void;
}

/** Time that passes from event to event. Everything that a world does hangs off one of these, so that a seed decides all of it. */
export class VirtualTime implements Clock {
  #now = 0;
  #number = 0;
  /** The latest first: the next is popped off the end. */
  readonly #events: Event[] = [];

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(delayMs: number, work: () => void): () => void {
    const event = { at: this.#now + Math.max(0, Math.round(delayMs)), number: this.#number++, work };
    let index = this.#events.length;
    while (index > 0 && isLater(event, this.#events[index - 1])) index--;
    this.#events.splice(index, 0, event);
    return () => {
      event.work = () => {};
    };
  }

  /** Runs until `ended` says so, or nothing is left, or the time is over. */
  async run(untilMs: number, ended: () => boolean): Promise<void> {
    for (;;) {
      const next = this.#events.at(-1);
      if (next === undefined || next.at > untilMs || ended()) return;
      this.#now = next.at;
      while (this.#events.at(-1)?.at === this.#now) this.#events.pop()?.work();
      await settled();
    }
  }
}

function isLater(event: Event, other: Event | undefined): boolean {
  return other !== undefined && (event.at > other.at || (event.at === other.at && event.number > other.number));
}

/** The ledger gathers writes for one turn of the event loop: that turn, and the one in which its promises tell, belong to the same moment. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}
