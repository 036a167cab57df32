import type { Control } from "../../conversations/conversation.ts";
import type { ConversationState } from "../../protocol/conversation.ts";
import type { Gateway } from "../gateway.ts";
import type { QueueWatch } from "./queuePlaces.ts";
import { VisitorLead } from "./visitorLead.ts";
import { stateOf, type VisitorSession } from "./visitorState.ts";

/** Who answers a visitor, as their page was told last; follows the queue in which they wait. */
export class ShownState {
  readonly #gateway: Gateway;
  readonly #session: VisitorSession;
  readonly #changed: () => void;
  readonly #lead: VisitorLead;
  readonly #stopHours: () => void;
  #queue: (QueueWatch & { team: string }) | undefined;
  #told = "";

  /** `changed` is called when it may be another. */
  constructor(gateway: Gateway, session: VisitorSession, changed: () => void) {
    const { tenant, conversation } = session.visitor;
    this.#gateway = gateway;
    this.#session = session;
    this.#changed = changed;
    this.#lead = new VisitorLead(gateway, { tenant, id: conversation }, changed);
    this.#stopHours = gateway.hours.watch(tenant, changed);
  }

  /** `control`: the conversation's own; `languages`: what the visitor reads, the best first. */
  async read(control: Control, languages: readonly string[]): Promise<ConversationState> {
    const led = await this.#lead.of(control);
    this.#follow(led.control);
    return await stateOf(this.#gateway, this.#session, led, { ended: control.generation, queue: this.#queue, languages });
  }

  /** Whether the page doesn't know it yet; from now on it does. */
  isNews(state: ConversationState): boolean {
    const text = JSON.stringify(state);
    if (text === this.#told) return false;
    this.#told = text;
    return true;
  }

  end(): void {
    this.#queue?.leave();
    this.#stopHours();
    this.#lead.end();
  }

  #follow(control: Control): void {
    const team = control.controller === "queue" ? control.team : undefined;
    if (this.#queue?.team === team) return;
    this.#queue?.leave();
    const { tenant } = this.#session.visitor;
    this.#queue = team === undefined ? undefined : { team, ...this.#gateway.queuePlaces.watch(tenant, team, this.#changed) };
  }
}
