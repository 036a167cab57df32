import type { Visitor } from "./visitor.ts";

export interface GuestOutside {
  random(): number;
  text(): string;
}

/** More than so many unanswered, and they wait for the first. */
const mostWaiting = 3;
/** Then they go for good: a conversation of a run has an end. */
const mostVisits = 4;

/** A visitor who asks for a person, waits for one, talks with them, and comes back when it was ended. */
export class Guest {
  readonly visitor: Visitor;
  readonly #outside: GuestOutside;
  #visits = 0;
  #attended = false;

  constructor(visitor: Visitor, outside: GuestOutside) {
    this.visitor = visitor;
    this.#outside = outside;
  }

  /** Whether they had what they came for, and wait for nothing. */
  get done(): boolean {
    return this.#visits >= mostVisits && this.visitor.controller === "bot" && this.visitor.waiting === 0;
  }

  /** Says or does what comes next. */
  next(): void {
    const { visitor } = this;
    const { controller } = visitor;
    if (controller === "agent") this.#attended = true;
    else if (controller === "bot" && this.#attended) {
      this.#attended = false;
      this.#visits++;
    }
    // Before the first welcome nobody knows who has it.
    if (controller === "" || visitor.waiting >= mostWaiting || this.done) return;
    const chance = this.#outside.random();
    if (controller === "bot") visitor.say(chance < 0.4 ? `reverse ${this.#outside.text()}` : "person");
    else if (controller === "agent") visitor.say(`question ${this.#outside.text()}`);
    else if (chance < 0.03) visitor.say("leave");
    else if (chance < 0.2) visitor.say(`reverse while waiting ${this.#outside.text()}`);
  }
}
