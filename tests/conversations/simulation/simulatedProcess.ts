import { deriveKeys } from "../../../src/access/keys/keys.ts";
import type { VisitorPrincipal } from "../../../src/access/principal.ts";
import { type Command, defineCommand } from "../../../src/commands/command.ts";
import { createRegistry, type Registry } from "../../../src/commands/registry.ts";
import type { Control } from "../../../src/conversations/conversation.ts";
import type { Inbox, InboxDirectory } from "../../../src/conversations/inboxes/inboxes.ts";
import { Ledger } from "../../../src/conversations/ledger/ledger.ts";
import { type Received, receiveVisitorMessage } from "../../../src/conversations/ledger/receiveMessage.ts";
import { type AskEarly, createEarlyAsker } from "../../../src/conversations/turns/askEarly.ts";
import { startTurnRouter, type TurnRouter } from "../../../src/conversations/turns/routeTurns.ts";
import { visitorCommands } from "../../../src/conversations/visitorCommands.ts";
import type { Bus } from "../../../src/platform/bus/bus.ts";
import type { Clock } from "../../../src/platform/clock/clock.ts";
import type { Database, Sql } from "../../../src/platform/database/database.ts";
import { tenantSql } from "../../../src/platform/database/tenantSql.ts";
import type { Log } from "../../../src/platform/log/log.ts";
import { Refusal } from "../../../src/protocol/refusal.ts";
import { asRows } from "./modelSql.ts";
import type { Outside } from "./outside.ts";
import type { VirtualTime } from "./virtualTime.ts";

const keys = deriveKeys("a root key for tests, 32 characters");

export interface Surroundings {
  time: VirtualTime;
  bus: Bus;
  outside: Outside;
  /** Takes a statement to the store and brings what it answers, when it arrives. */
  send(name: string | undefined, values: readonly unknown[], answered: (rows: object[] | Refusal) => void): void;
  /** What no process should ever log. */
  trouble(what: string): void;
}

const handedBackTo = async () => ({});

/** The real ledger, router and rules of one process; it can die, or be stopped for a while with everything that was on its way to it. */
export class SimulatedProcess {
  readonly holder: string;
  readonly #around: Surroundings;
  readonly #database: Database;
  readonly #ledger: Ledger;
  readonly #router: TurnRouter | undefined;
  readonly #bus: Bus;
  readonly #askEarly: AskEarly;
  /** How each conversation was controlled when this process last wrote into it: often long ago. */
  readonly #seen = new Map<string, Control>();
  #alive = true;
  #stoppedUntil = 0;

  constructor(around: Surroundings, holder: string, routes: boolean) {
    this.holder = holder;
    this.#around = around;
    this.#bus = {
      ...around.bus,
      subscribe: (subject, hear, options) => around.bus.subscribe(subject, (received) => this.#when(() => hear(received)), options),
    };
    this.#database = this.#openDatabase();
    this.#ledger = new Ledger(this.#database.ledger, routes ? holder : null);
    const clock = this.#clock();
    const recording = { ledger: this.#ledger, bus: this.#bus, database: this.#database };
    const registry: Registry = createRegistry(
      visitorCommands({
        ...recording,
        registry: () => registry,
        inboxes,
        peopleOnline: async () => 1,
        findTeam: async () => undefined,
        teamNames: async () => [],
        closedText: async () => undefined,
      }),
    );
    registry.setAutomations(this.#automations());
    this.#askEarly = createEarlyAsker({ ledger: this.#ledger, registry, inboxes, clock, away, handedBackTo });
    this.#router = routes
      ? startTurnRouter({
          ...recording,
          clock,
          log: this.#log(),
          registry,
          keys,
          inboxes,
          holder,
          away,
          keepForPerson: async () => false,
          handedBackTo,
          lookAgain: async () => {},
        })
      : undefined;
  }

  get alive(): boolean {
    return this.#alive;
  }

  get recording() {
    return { ledger: this.#ledger, bus: this.#bus, database: this.#database };
  }

  kill(): void {
    this.#alive = false;
  }

  stop(forMs: number): void {
    this.#stoppedUntil = this.#around.time.now() + forMs;
  }

  /** As a gateway does it: the message, with its answer where that is there, then its turn if it wants one. */
  async receive(visitor: VisitorPrincipal, clientId: string, text: string): Promise<Received> {
    const control = this.#seen.get(visitor.conversation) ?? atFirst;
    const received = await receiveVisitorMessage(
      this.recording,
      visitor,
      "Visitor",
      { clientId, text },
      (question) => this.#router && this.#askEarly(visitor, control, question),
    );
    if (received.fresh !== undefined) this.#seen.set(visitor.conversation, received.fresh.control);
    if (received.fresh?.turnDue === true) {
      if (this.#router === undefined) this.#bus.publish("turn.due", {});
      else
        this.#router.take(
          {
            conversation: { tenant: visitor.tenant, id: visitor.conversation },
            seq: received.seq,
            text,
            blocks: undefined,
            inbox: visitor.inbox,
            contact: visitor.contact,
            locale: null,
            control: received.fresh.control,
            attempts: 0,
          },
          received.early?.asked,
        );
    }
    return received;
  }

  /** Whatever reaches a process reaches it while it runs: later if it is stopped, never if it is dead. */
  #when(work: () => void): void {
    const { time } = this.#around;
    if (!this.#alive) return;
    if (time.now() >= this.#stoppedUntil) work();
    else time.after(this.#stoppedUntil - time.now(), () => this.#when(work));
  }

  #clock(): Clock {
    const { time } = this.#around;
    return {
      now: () => time.now(),
      monotonic: () => time.monotonic(),
      after: (delayMs, work) => {
        let cancelled = false;
        time.after(delayMs, () =>
          this.#when(() => {
            if (!cancelled) work();
          }),
        );
        return () => {
          cancelled = true;
        };
      },
    };
  }

  #openDatabase(): Database {
    const sql: Sql = {
      query: <Row extends object>(_text: string, values: readonly unknown[] = [], name?: string) =>
        new Promise<Row[]>((resolve, reject) => {
          if (!this.#alive) return;
          this.#around.send(name, values, (answer) =>
            this.#when(() => {
              if (answer instanceof Refusal) reject(answer);
              else resolve(asRows(answer));
            }),
          );
        }),
    };
    // In a transaction only the audit is written here, of which the model has nothing.
    const unkept: Sql = { query: async () => [] };
    const transactional = { ...sql, transaction: <Result>(work: (tx: Sql) => Promise<Result>) => work(unkept) };
    const handles = { forTenant: (tenant: string) => tenantSql(transactional, tenant, transactional), acrossTenants: transactional };
    return {
      ...handles,
      aside: handles,
      ledger: sql,
      get prisma(): never {
        throw new Error("the model has no Prisma");
      },
      warm: async () => {},
      ping: async () => {},
      close: async () => {},
    };
  }

  #automations(): Command[] {
    const ask = (name: string, risk: Command["risk"]) =>
      defineCommand({
        name,
        summary: "It does.",
        risk,
        audience: "visitor",
        source: "automation",
        args: { type: "object", properties: { text: { type: "string" } } },
        run: ({ run }) =>
          new Promise((resolve, reject) => {
            this.#around.outside.ask(name, run, (answer) =>
              this.#when(() => {
                if (answer instanceof Error) reject(answer);
                else resolve({ messages: [{ text: answer }] });
              }),
            );
          }),
      });
    const ready = defineCommand({
      name: "ready",
      summary: "It answers at once.",
      risk: "read",
      audience: "visitor",
      source: "automation",
      args: { type: "object", properties: {} },
      run: async () => ({ messages: [{ text: "ready" }] }),
    });
    return [ready, ask("echo", "read"), ask("charge", "write"), ask("broken", "read"), ask("refuse", "read"), ask("silent", "write")];
  }

  #log(): Log {
    const warn = (fields: object, message: string) => {
      const text = `${message}: ${"error" in fields ? String(fields.error) : ""}`;
      // A database that was away and an automation that throws are what the faults are.
      if (!/Refusal|database can't be reached|broken on purpose/.test(text)) this.#around.trouble(text);
    };
    const log: Log = { debug: () => {}, info: () => {}, warn, error: () => {}, child: () => log };
    return log;
  }
}

const atFirst: Control = { controller: "bot", generation: 1, agent: null, queuedAt: null, open: true, team: "support" };
const away = (name: string) => name === "gone";
const inbox: Inbox = {
  tenant: "t",
  id: "i",
  publicKey: "key",
  name: "Website",
  team: "support",
  origins: [],
  language: "en",
  calendar: null,
  colour: null,
  prechat: null,
  identityEpoch: 1,
  identityRotatedAt: null,
  publishes: (command) => command.audience === "visitor",
};
const inboxes: InboxDirectory = {
  byKey: async () => inbox,
  byId: async () => inbox,
  allowsOrigin: async () => true,
  isClosed: async () => false,
};
