import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { History } from "./history/history.ts";
import { Agent } from "./people/agent.ts";
import type { Door } from "./people/door.ts";
import { type Crowd, startCrowd } from "./people/startCrowd.ts";
import { Visitor, type VisitorOutside } from "./people/visitor.ts";
import type { Nats } from "./processes/nats.ts";
import type { Postgres } from "./processes/postgres.ts";
import { Product } from "./processes/product.ts";
import { type NetworkProxy, startProxy } from "./processes/proxy.ts";
import type { SmallDisk } from "./processes/smallDisk.ts";
import { soon, until } from "./processes/until.ts";
import { seededRandom } from "./random.ts";
import { keepTrail } from "./routing/trail.ts";

/**
 * `one` process with everything; `two` such processes on one NATS; or `split`: two gateways, two routers and an automations host.
 */
export type Shape = "one" | "two" | "split";

/** What all rows of a run share. */
export interface Ground {
  postgres: Postgres;
  nats: Nats | undefined;
  folder: string;
  program: string;
  crowdProgram: string;
  disk?: SmallDisk;
}

export interface WorldSettings {
  shape: Shape;
  seed: number;
  jitterMs?: number;
  openFiles?: number;
  environment?: (folder: string, ground: Ground) => Record<string, string> | Promise<Record<string, string>>;
}

export interface Account {
  email: string;
  password: string;
}

const demoFile = z.object({
  inbox: z.string(),
  accounts: z.array(z.object({ email: z.string(), password: z.string(), roles: z.array(z.string()) })),
});

/** A started product with the people who use it, for one row. */
export class World {
  readonly shape: Shape;
  readonly history = new History();
  readonly random: () => number;
  readonly postgres: Postgres;
  readonly nats: Nats | undefined;
  readonly databaseUrl: string;
  readonly databaseProxy: NetworkProxy;
  /** The product's `DATA_DIR`. */
  readonly dataDir: string;
  /** The database's own disk, where the row asked for one. */
  readonly disk: SmallDisk | undefined;
  /** Of each process its own way to NATS, by the process's name. */
  readonly natsProxies = new Map<string, NetworkProxy>();
  readonly products: Product[] = [];
  readonly visitors: Visitor[] = [];
  readonly agents: Agent[] = [];
  readonly #jitterMs: number;
  readonly #ground: Ground;
  readonly #database: string;
  #demo: z.infer<typeof demoFile> = { inbox: "", accounts: [] };
  #made = 0;
  /** Whether the database keeps what routing does. */
  keepsTrail = false;
  readonly #endings: (() => Promise<void>)[] = [];

  private constructor(ground: Ground, settings: WorldSettings, database: string, databaseProxy: NetworkProxy) {
    this.#ground = ground;
    this.#database = database;
    this.shape = settings.shape;
    this.random = seededRandom(settings.seed);
    this.postgres = ground.postgres;
    this.nats = ground.nats;
    this.databaseUrl = ground.postgres.url(database);
    this.databaseProxy = databaseProxy;
    this.#jitterMs = settings.jitterMs ?? 500;
    this.dataDir = join(ground.folder, database);
    this.disk = ground.disk;
  }

  /** On a database of its own. */
  static async open(ground: Ground, settings: WorldSettings): Promise<World> {
    const database = `chaos_${randomBytes(6).toString("hex")}`;
    await ground.postgres.createDatabase(database);
    const databaseProxy = await startProxy(ground.postgres.port);
    const world = new World(ground, settings, database, databaseProxy);
    const notices = world.history.watchItself();
    world.afterwards(async () => notices());
    try {
      await world.#startProducts(ground, settings, ground.postgres.url(database, databaseProxy.port));
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  /** The built server that this run tries. */
  get program(): string {
    return this.#ground.program;
  }

  get gateways(): Product[] {
    return this.products.filter(({ name }) => !/^(router|automations)/.test(name));
  }

  product(name: string): Product {
    const product = this.products.find((one) => one.name === name);
    if (product === undefined) throw new Error(`there is no process ${name}`);
    return product;
  }

  /** The doors of a page that prefers one gateway, and after a failure tries the next, as through a load balancer. */
  doors(home: number): (failures: number) => Door {
    return (failures) => this.#door(this.gateways[(home + failures) % this.gateways.length]?.port ?? 0);
  }

  /** A door through a proxy, to the first gateway. */
  doorThrough(proxy: NetworkProxy): () => Door {
    return () => this.#door(proxy.port);
  }

  visitor(
    door: (failures: number) => Door,
    settings: { known?: { token: string }; name?: string } & Partial<VisitorOutside> = {},
  ): Visitor {
    const { known, name, ...outside } = settings;
    const visitor = new Visitor(
      { history: this.history, random: this.random, door, inbox: this.#demo.inbox, tenant: demoSlug, jitterMs: this.#jitterMs, ...outside },
      name ?? `v${++this.#made}`,
      known,
    );
    this.visitors.push(visitor);
    visitor.dial();
    return visitor;
  }

  /** Goes for good, and is nobody's concern any more. */
  goodbye(visitor: Visitor): void {
    visitor.leave();
    this.visitors.splice(this.visitors.indexOf(visitor), 1);
  }

  /** Many pages that only look, `atOnce` of them on their way at a time; with tokens they were here before. */
  crowd({ count, home, atOnce, tokens = [] }: { count: number; home: number; atOnce: number; tokens?: string[] }): Crowd {
    const crowd = startCrowd(this.#ground.crowdProgram);
    this.afterwards(() => crowd.end());
    const door = this.doors(home);
    const seed = Math.floor(this.random() * 2 ** 32);
    crowd.open({
      count,
      atOnce,
      tokens,
      seed,
      inbox: this.#demo.inbox,
      jitterMs: this.#jitterMs,
      doors: this.gateways.map((_, failures) => door(failures)),
    });
    return crowd;
  }

  /** Somebody of the demo tenant at the desk: 0 and 1 are its agents, 2 is its admin. */
  async agent(index: number, home = index): Promise<Agent> {
    return await this.colleague(this.account(index), { home });
  }

  account(index: number): Account {
    const account = this.#demo.accounts[index];
    if (account === undefined) throw new Error(`there is no agent ${index}`);
    return account;
  }

  /** The same for somebody who was hired, there or in another tenant. */
  async colleague(account: Account, { home, tenant = demoSlug }: { home: number; tenant?: string }): Promise<Agent> {
    const outside = { history: this.history, random: this.random, door: this.doors(home), jitterMs: this.#jitterMs, tenant };
    const agent = new Agent(outside, account);
    this.agents.push(agent);
    await agent.signIn();
    agent.dial();
    await until(`${agent.name} is welcomed`, 10_000, () => agent.open);
    return agent;
  }

  /** From now on the history of this run knows each offer and each change of who has what. */
  async keepTrail(): Promise<void> {
    await keepTrail(this.databaseUrl);
    this.keepsTrail = true;
  }

  /** Marks when a fault is at work. */
  async fault<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    this.history.record({ kind: "fault", name, phase: "begun" });
    try {
      return await work();
    } finally {
      this.history.record({ kind: "fault", name, phase: "ended" });
    }
  }

  /** What a row opened and its people still need while they settle. */
  afterwards(end: () => Promise<void>): void {
    this.#endings.push(end);
  }

  /** Everyone goes, every process of this row ends, and its database is dropped: a database that holds many recovers slowly. */
  async close(): Promise<void> {
    for (const person of [...this.visitors, ...this.agents]) person.leave();
    await Promise.all(this.products.map((product) => product.kill()));
    for (const end of this.#endings) await end();
    await Promise.all([this.databaseProxy, ...this.natsProxies.values()].map((proxy) => proxy.close()));
    await this.postgres.dropDatabase(this.#database);
  }

  #door(port: number): Door {
    return { port, origin };
  }

  async #startProducts(ground: Ground, { shape, openFiles, environment }: WorldSettings, databaseUrl: string): Promise<void> {
    const { dataDir } = this;
    const { program, nats } = ground;
    await mkdir(dataDir, { recursive: true });
    const shared = {
      DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      PUBLIC_URL: origin,
      SECRET_KEY: "a root key for fault runs, long enough",
      LIMITS: "off",
      PASSWORD_COST: "low",
      DEMO_SHOP: "off",
      LOG_LEVEL: "info",
      HOST: "127.0.0.1",
      ...(await environment?.(dataDir, ground)),
    };
    // One after the other: the first makes the demo tenant.
    for (const { name, role } of parts[shape]) {
      const settings = { name, program, environment: { ...shared, ROLE: role }, ...(openFiles === undefined ? {} : { openFiles }) };
      if (shape !== "one") {
        if (nats === undefined) throw new Error("this row needs nats-server");
        const proxy = await startProxy(nats.port);
        this.natsProxies.set(name, proxy);
        Object.assign(settings.environment, { NATS_URL: `nats://127.0.0.1:${proxy.port}` });
      }
      this.products.push(await Product.start(settings));
    }
    this.#demo = demoFile.parse(JSON.parse(await readFile(join(dataDir, "demo.json"), "utf8")));
    if (shape === "split") await until("the automations are found", 10_000, () => this.#knowsAutomations());
  }

  async #knowsAutomations(): Promise<boolean> {
    return await soon(0, () =>
      this.products.filter(({ name }) => name !== "automations").every((product) => product.said("automation found")),
    );
  }
}

/** What the demo tenant is called in addresses. */
export const demoSlug = "demo";

/** All gateways are one site to the pages. */
const origin = "http://switchboard.test";

const parts: Record<Shape, { name: string; role: string }[]> = {
  one: [{ name: "a", role: "all" }],
  two: [
    { name: "a", role: "all" },
    { name: "b", role: "all" },
  ],
  split: [
    { name: "gateway-a", role: "gateway,jobs" },
    { name: "gateway-b", role: "gateway,jobs" },
    { name: "router-a", role: "router" },
    { name: "router-b", role: "router" },
    { name: "automations", role: "automations" },
  ],
};
