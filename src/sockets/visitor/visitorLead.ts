import type { Control, ConversationRef } from "../../conversations/conversation.ts";
import { conversationSubject, isConversationEvent } from "../../conversations/events.ts";
import { findLead } from "../../conversations/merge/mergeStore.ts";
import type { Gateway } from "../gateway.ts";

/** Looked at again anyway, for what the bus didn't bring. */
const refreshMs = 4000;

/** The conversation that decides who answers, and who that is. */
export interface Led {
  conversation: string;
  control: Control;
}

/**
 * Who answers a visitor's conversation: its own control, or, where an agent merged it, that of the one into which it was merged. Only this is
 * told of the other one; what is said there, the visitor's page never hears.
 */
export class VisitorLead {
  readonly #gateway: Pick<Gateway, "database" | "bus" | "clock" | "failed">;
  readonly #own: ConversationRef;
  readonly #changed: () => void;
  #followed: { conversation: string; stop: () => void } | undefined;
  #ended = false;

  /** `changed` is called when it may be another. */
  constructor(gateway: Pick<Gateway, "database" | "bus" | "clock" | "failed">, own: ConversationRef, changed: () => void) {
    this.#gateway = gateway;
    this.#own = own;
    this.#changed = changed;
  }

  /** `control`: the conversation's own. One that is open is not merged. */
  async of(control: Control): Promise<Led> {
    const own = { conversation: this.#own.id, control };
    try {
      const lead = control.open ? undefined : await findLead(this.#gateway.database.forTenant(this.#own.tenant), this.#own.id);
      this.#follow(lead?.conversation);
      return lead ?? own;
    } catch (error) {
      this.#gateway.failed(error, "could not read who answers a merged conversation");
      return own;
    }
  }

  end(): void {
    this.#ended = true;
    this.#follow(undefined);
  }

  #follow(conversation: string | undefined): void {
    if (this.#followed?.conversation === conversation) return;
    this.#followed?.stop();
    this.#followed = conversation === undefined || this.#ended ? undefined : { conversation, stop: this.#listen(conversation) };
  }

  #listen(conversation: string): () => void {
    const { bus, clock } = this.#gateway;
    const subject = conversationSubject({ tenant: this.#own.tenant, id: conversation });
    let generation = 0;
    const unsubscribe = bus.subscribe(subject, ({ data }) => {
      if (!isConversationEvent(data) || data.kind !== "committed" || data.control.generation === generation) return;
      generation = data.control.generation;
      this.#changed();
    });
    let stopRefreshing = () => {};
    const refreshLater = () => {
      stopRefreshing = clock.after(refreshMs, () => {
        this.#changed();
        refreshLater();
      });
    };
    refreshLater();
    return () => {
      unsubscribe();
      stopRefreshing();
    };
  }
}
