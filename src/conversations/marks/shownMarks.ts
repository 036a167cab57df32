import type { Platform } from "../../platform/platform.ts";
import type { ConversationRef } from "../conversation.ts";
import { publishConversationEvent } from "../events.ts";
import { raiseShown, type Shown } from "./shownStore.ts";

/** Marks are gathered for so long, and written together: a message pays nothing for them. */
export const gatherShownMs = 300;
/** After a failure. */
const againMs = 2000;

type Outside = Pick<Platform, "database" | "bus" | "clock" | "log">;

/**
 * Up to which message a socket of the visitor's page, and one of a desk, took what was said. A mark that a dying process loses is made up for
 * by the next message, or when the page comes back.
 */
export class ShownMarks {
  readonly #outside: Outside;
  #pending = new Map<string, Shown>();
  #due = false;
  #cancel = () => {};

  constructor({ database, bus, clock, log }: Outside) {
    this.#outside = { database, bus, clock, log };
  }

  /** `to` whom a message of this `seq` was shown. */
  shown({ tenant, id: conversation }: ConversationRef, to: "visitor" | "agent", seq: number): void {
    const known = this.#pending.get(conversation) ?? { tenant, conversation, visitor: 0, agent: 0 };
    this.#pending.set(conversation, { ...known, [to]: Math.max(known[to], seq) });
    this.#writeIn(gatherShownMs);
  }

  stop(): void {
    this.#cancel();
  }

  #writeIn(ms: number): void {
    if (this.#due) return;
    this.#due = true;
    this.#cancel = this.#outside.clock.after(ms, () => void this.#write());
  }

  async #write(): Promise<void> {
    const marks = [...this.#pending.values()];
    this.#pending.clear();
    this.#due = false;
    try {
      for (const { tenant, conversation, visitor, agent } of await raiseShown(this.#outside.database.acrossTenants, marks))
        publishConversationEvent(this.#outside, tenant, { kind: "shown", conversation, visitorSeq: visitor, agentSeq: agent });
    } catch (error) {
      this.#outside.log.warn({ error: error instanceof Error ? error.message : "unknown" }, "marks of what was shown could not be kept");
      for (const { tenant, conversation: id, visitor, agent } of marks) {
        this.shown({ tenant, id }, "visitor", visitor);
        this.shown({ tenant, id }, "agent", agent);
      }
      this.#cancel();
      this.#due = false;
      this.#writeIn(againMs);
    }
  }
}
