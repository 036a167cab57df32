import type { Control } from "../../conversations/conversation.ts";
import type { ConversationState } from "../../protocol/conversation.ts";
import type { Gateway } from "../gateway.ts";
import type { QueueWatch } from "./queuePlaces.ts";
import { VisitorLead } from "./visitorLead.ts";
import { stateOf, type VisitorSession } from "./visitorState.ts";

/** The page that is shown who answers. */
export interface StatePage {
  /** How its own conversation stands as it was told last, what the visitor reads (the best first), and whether anybody looks at it. */
  now(): { control: Control | undefined; languages: readonly string[]; open: boolean };
  show(state: ConversationState): void;
}

/** After which who answers is read again, where it couldn't be. */
const readAgainMs = 1000;

/** Who answers a visitor, as their page was told last; follows the queue in which they wait. */
export class ShownState {
  readonly #gateway: Gateway;
  readonly #session: VisitorSession;
  readonly #page: StatePage;
  readonly #lead: VisitorLead;
  readonly #stopHours: () => void;
  #queue: (QueueWatch & { team: string }) | undefined;
  #told = "";
  readonly #changed = () => void this.tell();

  constructor(gateway: Gateway, session: VisitorSession, page: StatePage) {
    const { tenant, conversation } = session.visitor;
    this.#gateway = gateway;
    this.#session = session;
    this.#page = page;
    this.#lead = new VisitorLead(gateway, { tenant, id: conversation }, this.#changed);
    this.#stopHours = gateway.hours.watch(tenant, this.#changed);
  }

  /** Shows the page who answers, where that may be another than it knows; where it can't be read, a moment later: nothing else may tell it. */
  async tell(): Promise<void> {
    const { control, languages, open } = this.#page.now();
    if (control === undefined || !open) return;
    try {
      const state = await this.read(control, languages);
      // Another change may have come while it was read: only the newest is shown.
      if (this.#page.now().control === control && this.isNews(state)) this.#page.show(state);
    } catch (error) {
      this.#gateway.failed(error, "could not read who answers");
      this.#gateway.clock.after(readAgainMs, this.#changed);
    }
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
