import type { History } from "../history/history.ts";
import { pause } from "../processes/until.ts";
import type { Agent, InboxNews } from "./agent.ts";

export interface DutyOutside {
  history: History;
  random(): number;
  /** Puts a word of what agents say, unlike any before. */
  text(): string;
}

/** How somebody works: as people do, or so that a run comes to its end. */
export type Manner = "usual" | "hurried" | "resting";

interface Own {
  as: "offered" | "held";
  generation: number;
  until: string;
}

/** An agent on duty: declares that they are online, is offered conversations, and takes, declines or forgets them; answers, and ends them. */
export class Duty {
  readonly agent: Agent;
  manner: Manner = "usual";
  /** Whether they mean to be at their desk now. */
  present = true;
  readonly #outside: DutyOutside;
  readonly #record: (as: Own["as"] | "gone", conversation: string, generation: number) => void;
  readonly #own = new Map<string, Own>();
  readonly #answering = new Set<string>();
  readonly #decided = new Set<string>();
  /** What they are about to be rid of. */
  readonly #lettingGo = new Set<Promise<unknown>>();
  #ended = false;

  constructor(agent: Agent, outside: DutyOutside) {
    this.agent = agent;
    this.#outside = outside;
    this.#record = (as, conversation, generation) =>
      outside.history.record({ kind: "yours", agent: agent.name, conversation, as, generation });
    agent.hearsInbox = (news) => this.#hear(news);
  }

  get holds(): string[] {
    return [...this.#own].flatMap(([conversation, { as }]) => (as === "held" ? [conversation] : []));
  }

  async begin(): Promise<void> {
    this.agent.watch("inbox");
    const { state, error } = await this.agent.run("me.online", {});
    if (state !== "succeeded") throw new Error(`${this.agent.name} can't be online: ${error?.message ?? state}`);
    void this.#wander();
  }

  /** From now on they keep what they have; resolves when nothing more is on its way. */
  async rest(): Promise<void> {
    this.manner = "resting";
    await Promise.all(this.#lettingGo);
  }

  end(): void {
    this.#ended = true;
  }

  #hear({ all, entries, removed }: InboxNews): void {
    for (const { id, generation, agent, offer } of entries) {
      const offered = offer?.to.id === this.agent.id && offer.kind === "assignment";
      if (agent?.id === this.agent.id) this.#becomes(id, { as: "held", generation, until: "" });
      else if (offered) this.#becomes(id, { as: "offered", generation, until: offer.until });
      else this.#loses(id, generation);
    }
    const gone = all ? [...this.#own.keys()].filter((id) => !entries.some((entry) => entry.id === id)) : removed;
    for (const id of gone) this.#loses(id, 0);
  }

  #becomes(conversation: string, own: Own): void {
    const before = this.#own.get(conversation);
    this.#own.set(conversation, own);
    if (before?.as !== own.as || before.generation !== own.generation) this.#record(own.as, conversation, own.generation);
    if (own.as === "held") void this.#answer(conversation);
    else if (before?.until !== own.until) void this.#decide(conversation, own);
  }

  #loses(conversation: string, generation: number): void {
    if (this.#own.delete(conversation)) this.#record("gone", conversation, generation);
  }

  async #decide(conversation: string, { until }: Own): Promise<void> {
    const offer = `${conversation} ${until}`;
    if (this.#decided.has(offer)) return;
    this.#decided.add(offer);
    const chance = this.#outside.random();
    await pause(this.manner === "usual" ? 200 + 1500 * this.#outside.random() : 50);
    if (this.#own.get(conversation)?.until !== until || this.#ended) return;
    if (this.manner !== "usual" || chance < takes) await this.agent.accept(conversation).catch(() => undefined);
    else if (chance < takes + declines) await this.agent.run("conversation.decline", { conversation }).catch(() => undefined);
    // Otherwise nobody looked at it, and its time ends it.
  }

  /** A few answers, then it is closed; or given back to the bot, or to the queue. */
  async #answer(conversation: string): Promise<void> {
    if (this.#answering.has(conversation)) return;
    this.#answering.add(conversation);
    this.agent.watch(`conversation:${conversation}`);
    const answers = 1 + Math.floor(3 * this.#outside.random());
    const holds = () => this.#own.get(conversation)?.as === "held" && !this.#ended;
    do {
      for (let said = 0; holds() && (said < answers || this.manner === "resting"); said++) {
        await pause(this.manner === "usual" ? 500 + 2000 * this.#outside.random() : 300);
        if (holds() && this.manner !== "resting") this.agent.say(conversation, `reply ${this.#outside.text()}`);
      }
      await pause(300);
    } while (holds() && this.manner === "resting");
    if (holds()) await this.#letGo(conversation);
    this.#answering.delete(conversation);
    this.agent.unwatch(`conversation:${conversation}`);
    // Not let go after all, or held again meanwhile: there is more to say.
    await pause(1000);
    if (holds()) void this.#answer(conversation);
  }

  async #letGo(conversation: string): Promise<void> {
    const letting = this.#giveUp(conversation).catch(() => undefined);
    this.#lettingGo.add(letting);
    await letting;
    this.#lettingGo.delete(letting);
  }

  async #giveUp(conversation: string): Promise<unknown> {
    const chance = this.manner === "usual" ? this.#outside.random() : 0;
    if (chance < 0.8) return await this.agent.run("conversation.close", { conversation });
    if (chance < 0.9) return await this.agent.run("conversation.hand-back", { conversation });
    return await this.agent.run("conversation.transfer", { conversation, to: "queue" });
  }

  /** Now and then somebody's connection is gone for a while, or they are. */
  async #wander(): Promise<void> {
    while (!this.#ended) {
      await pause(6000 + 12_000 * this.#outside.random());
      if (this.manner !== "usual" || this.#ended) continue;
      const chance = this.#outside.random();
      if (chance < 0.6) await this.#disconnect(chance < 0.1 ? 22_000 : 500 + 4000 * this.#outside.random());
      else if (chance < 0.8) await this.#rest();
    }
  }

  async #disconnect(ms: number): Promise<void> {
    this.present = false;
    this.agent.hangUp();
    const until = performance.now() + ms;
    while (performance.now() < until && this.manner === "usual") await pause(200);
    this.present = true;
    if (!this.#ended) this.agent.dial();
  }

  async #rest(): Promise<void> {
    await this.agent.run("me.away", {}).catch(() => undefined);
    await pause(1000 + 3000 * this.#outside.random());
    await this.agent.run("me.online", {}).catch(() => undefined);
  }
}

/** Of ten offers seven are taken; the others are declined, or lapse. */
const takes = 0.7;
const declines = 0.15;
