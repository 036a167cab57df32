import type { Bus } from "../../platform/bus/bus.ts";
import { every } from "../../platform/clock/clock.ts";
import type { Platform } from "../../platform/platform.ts";
import type { LookersItem, Person } from "../../protocol/desk.ts";
import { deltaFrame, snapshotFrame, type Topic, type Watcher } from "./topic.ts";

/** Each gateway says again who looks at what; one that says nothing for `forgetMs` is dead. */
const sayEveryMs = 4000;
const forgetMs = 11_000;
/** Somebody who writes and says nothing more is believed for so long. */
const writingMs = 6000;

/** One gateway's word: who looks at a conversation, by conversation. `whole`: at nothing else. */
interface Word {
  gateway: string;
  whole: boolean;
  conversations: Record<string, Looker[]>;
}

interface Looker extends Person {
  writing: boolean;
}

/** A socket of this gateway. */
interface Looking {
  person: Person;
  conversation: string | null;
  /** By the monotonic clock. */
  writingUntil: number;
}

/** What one socket shows. */
export interface Look {
  /** This conversation from now on; null for none. */
  at(conversation: string | null): void;
  writing(conversation: string, on: boolean): void;
  end(): void;
}

/** Who looks at which conversation or writes in it, at all gateways: told over the bus, and never stored. */
export class Lookers {
  readonly #platform: Pick<Platform, "bus" | "clock" | "log">;
  readonly #gateway: string;
  readonly #tenants = new Map<string, TenantLookers>();
  readonly #stop: () => void;

  constructor(platform: Pick<Platform, "bus" | "clock" | "log">, gateway: string) {
    this.#platform = platform;
    this.#gateway = gateway;
    this.#stop = every(
      platform.clock,
      sayEveryMs,
      async () => {
        for (const tenant of this.#tenants.values()) tenant.sayAll();
      },
      (error) => platform.log.warn({ error }, "could not say who looks"),
    );
  }

  look(tenant: string, person: Person): Look {
    return this.of(tenant).look(person);
  }

  of(tenant: string): TenantLookers {
    const known = this.#tenants.get(tenant);
    if (known !== undefined) return known;
    const lookers = new TenantLookers(this.#platform, tenant, this.#gateway);
    this.#tenants.set(tenant, lookers);
    return lookers;
  }

  stop(): void {
    this.#stop();
    for (const tenant of this.#tenants.values()) tenant.stop();
  }
}

/** The topic `lookers`: an entry for each conversation that somebody looks at. */
class TenantLookers implements Topic {
  readonly #bus: Bus;
  readonly #clock: Platform["clock"];
  readonly #subject: string;
  readonly #gateway: string;
  /** The sockets of this gateway. */
  readonly #looks = new Set<Looking>();
  readonly #words = new Map<string, { heardAt: number; conversations: Map<string, Looker[]> }>();
  readonly #watchers = new Map<Watcher, (conversation: string) => boolean>();
  readonly #unsubscribe: () => void;
  #number = 0;

  constructor({ bus, clock }: Pick<Platform, "bus" | "clock">, tenant: string, gateway: string) {
    this.#bus = bus;
    this.#clock = clock;
    this.#gateway = gateway;
    this.#subject = `tenant.${tenant}.lookers`;
    this.#unsubscribe = bus.subscribe(this.#subject, ({ data }) => {
      if (isWord(data) && data.gateway !== gateway) this.#hear(data);
    });
  }

  /** `may` says of which conversations this watcher may know. */
  watch(_topic: string, watcher: Watcher, _cursor?: string, may: (conversation: string) => boolean = () => true): () => void {
    this.#watchers.set(watcher, may);
    const conversations = new Set([...this.#words.values()].flatMap((word) => [...word.conversations.keys()]));
    watcher.send(snapshotFrame("lookers", `${this.#number}`, this.#items([...conversations].filter(may))));
    return () => this.#watchers.delete(watcher);
  }

  look(person: Person): Look {
    const look: Looking = { person, conversation: null, writingUntil: 0 };
    this.#looks.add(look);
    const move = (conversation: string | null) => {
      const before = look.conversation;
      if (before === conversation) return;
      Object.assign(look, { conversation, writingUntil: 0 });
      this.#say([before, conversation].filter((id) => id !== null));
    };
    return {
      at: move,
      writing: (conversation, on) => {
        if (look.conversation !== conversation) return;
        const wrote = look.writingUntil > this.#clock.monotonic();
        look.writingUntil = on ? this.#clock.monotonic() + writingMs : 0;
        if (on) this.#clock.after(writingMs + 50, () => this.#say([conversation]));
        if (wrote !== on) this.#say([conversation]);
      },
      end: () => {
        move(null);
        this.#looks.delete(look);
      },
    };
  }

  /** Everything of this gateway once more, and an end for gateways that say nothing. */
  sayAll(): void {
    const conversations = [...new Set([...this.#looks].flatMap(({ conversation }) => conversation ?? []))];
    if (conversations.length > 0) this.#publish(conversations, true);
    for (const [gateway, { heardAt, conversations: gone }] of this.#words) {
      if (gateway === this.#gateway || this.#clock.monotonic() - heardAt < forgetMs) continue;
      this.#words.delete(gateway);
      this.#tell(gone.keys());
    }
  }

  stop(): void {
    for (const look of this.#looks) look.conversation = null;
    this.#publish([], true);
    this.#unsubscribe();
  }

  #say(conversations: readonly string[]): void {
    const word = this.#word(conversations);
    const own = this.#words.get(this.#gateway)?.conversations;
    const changed = conversations.filter((id) => JSON.stringify(own?.get(id) ?? []) !== JSON.stringify(word[id]));
    if (changed.length > 0) this.#publish(changed, false);
  }

  #publish(conversations: readonly string[], whole: boolean): void {
    const word: Word = { gateway: this.#gateway, whole, conversations: this.#word(conversations) };
    this.#bus.publish(this.#subject, word);
    this.#hear(word);
  }

  /** A person with two pages looks once. */
  #word(conversations: readonly string[]): Record<string, Looker[]> {
    const now = this.#clock.monotonic();
    return Object.fromEntries(
      conversations.map((id) => {
        const people = new Map<string, Looker>();
        for (const { person, conversation, writingUntil } of this.#looks) {
          if (conversation !== id) continue;
          people.set(person.id, { ...person, writing: writingUntil > now || people.get(person.id)?.writing === true });
        }
        return [id, [...people.values()]];
      }),
    );
  }

  #hear({ gateway, whole, conversations }: Word): void {
    const known = this.#words.get(gateway)?.conversations ?? new Map<string, Looker[]>();
    const next = new Map(whole ? [] : known);
    for (const [id, lookers] of Object.entries(conversations)) {
      if (lookers.length === 0) next.delete(id);
      else next.set(id, lookers);
    }
    this.#words.set(gateway, { heardAt: this.#clock.monotonic(), conversations: next });
    const changed = new Set([...known.keys(), ...next.keys()]);
    this.#tell([...changed].filter((id) => JSON.stringify(known.get(id)) !== JSON.stringify(next.get(id))));
  }

  #tell(conversations: Iterable<string>): void {
    const ids = [...conversations];
    if (ids.length === 0) return;
    this.#number++;
    const changed = this.#items(ids);
    const present = new Set(changed.map(({ id }) => id));
    const gone = ids.filter((id) => !present.has(id));
    const frame = deltaFrame("lookers", `${this.#number}`, changed, gone);
    for (const [watcher, may] of this.#watchers) {
      if (ids.every(may)) watcher.send(frame);
      else if (ids.some(may)) {
        const seen = changed.filter(({ id }) => may(id));
        watcher.send(deltaFrame("lookers", `${this.#number}`, seen, gone.filter(may)));
      }
    }
  }

  #items(conversations: Iterable<string>): LookersItem[] {
    return [...conversations].flatMap((id): LookersItem[] => {
      const people = new Map<string, Looker>();
      for (const word of this.#words.values())
        for (const looker of word.conversations.get(id) ?? [])
          people.set(looker.id, { ...looker, writing: looker.writing || people.get(looker.id)?.writing === true });
      return people.size === 0 ? [] : [{ kind: "lookers", id, people: [...people.values()] }];
    });
  }
}

function isWord(data: unknown): data is Word {
  return typeof data === "object" && data !== null && "gateway" in data && "conversations" in data && "whole" in data;
}
