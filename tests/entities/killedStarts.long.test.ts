import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase } from "../../src/platform/database/openDatabase.ts";
import { spawnProduct, untilItSays } from "../fixtures/runningProduct.ts";
import { describeWithServer } from "../fixtures/services.ts";
import { silentLog } from "../fixtures/silentLog.ts";
import { createTestDatabase, type TestDatabase } from "../fixtures/testDatabase.ts";

let own: TestDatabase;
let dataDir: string;
let child: ReturnType<typeof spawnProduct>;
let url: string;
let token: string;
beforeAll(async () => {
  own = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), "switchboard-starts-"));
  await begin();
  const { accounts } = JSON.parse(await readFile(join(dataDir, "demo.json"), "utf8"));
  const { email, password } = accounts.find(({ roles }: { roles: string[] }) => roles.includes("admin"));
  token = (await ask("POST", "/session", { email, password })).accessToken;
}, 60_000);
afterAll(async () => {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGINT");
    await once(child, "exit");
  }
  await own.drop();
  await rm(dataDir, { recursive: true, force: true });
});

async function begin(more: Record<string, string> = {}): Promise<void> {
  const settings = {
    ...{ PORT: "0", DATA_DIR: dataDir, DATABASE_URL: own.url, LOG_LEVEL: "warn", LIMITS: "off", PASSWORD_COST: "low", DEMO_SHOP: "off" },
    ...more,
  };
  child = spawnProduct(settings);
  url = await untilItSays(child, /runs at (http\S+)/, 60_000);
}

async function kill(): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many kinds, read by this test alone
async function ask(method: string, path: string, body?: object): Promise<any> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { "content-type": "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text.startsWith("{") ? JSON.parse(text) : text;
}

const number = (prefix: string) => ({ key: "id", name: "Id", type: "sequence", prefix });

await describeWithServer("what steps start, while the process is killed", "NATS_URL", (nats) => {
  it("between the commit of a step and its start, and in the middle of many: each is begun once", async () => {
    await ask("POST", "/blueprints", {
      key: "letters",
      name: "Letter",
      fields: [number("LET-"), { key: "about", name: "About", type: "text" }],
    });
    await ask("POST", "/blueprints", {
      key: "parcels",
      name: "Parcel",
      fields: [number("PAR-"), { key: "status", name: "Status", type: "choice", choices: ["OPEN", "THERE"] }],
      flow: {
        field: "status",
        transitions: [
          {
            ...{ key: "deliver", name: "Delivered", from: ["OPEN"], to: "THERE" },
            start: [{ command: "letters.create", args: { about: { field: "entityId" } } }],
          },
        ],
      },
    });
    const items = Array.from({ length: 80 }, () => ({ values: {} }));
    const made: string[] = (await ask("POST", "/blueprints/parcels/entities/batch", { items })).items.map(({ id }: { id: string }) => id);
    const [first = "", ...others] = made;
    await kill();

    // Nobody does jobs: the step is committed, and the process dies before anything begins what it started.
    await begin({ ROLE: "gateway,router", NATS_URL: nats });
    await ask("POST", `/blueprints/parcels/entities/${first}/transitions/deliver`, {});
    const [asked] = (await ask("GET", `/blueprints/parcels/entities/${first}/history`)).items;
    expect(asked.started).toEqual([{ command: "letters.create", state: "asked" }]);
    await kill();
    await begin();
    const startedOf = async (id: string) => (await ask("GET", `/blueprints/parcels/entities/${id}/history`)).items[0]?.started?.[0];
    await expect.poll(async () => (await startedOf(first))?.state, { timeout: 30_000 }).toBe("succeeded");

    for (let from = 0; from < others.length; from += 40) {
      const part = others.slice(from, from + 40);
      const steps = part.map((id) => ask("POST", `/blueprints/parcels/entities/${id}/transitions/deliver`, {}).catch(() => undefined));
      await Promise.race([Promise.all(steps.slice(0, 25)), new Promise((resolve) => setTimeout(resolve, 2000))]);
      await kill();
      await Promise.all(steps);
      await begin();
    }
    const taken: string[] = (
      await ask("GET", `/blueprints/parcels/entities?limit=200&filter=${JSON.stringify({ status: { eq: "THERE" } })}`)
    ).items.map(({ id }: { id: string }) => id);
    expect(taken.length).toBeGreaterThan(30);
    const database = await openDatabase({ url: own.url, log: silentLog });
    try {
      const open = "select from job where kind = 'entity.start' and state not in ('done')";
      await expect.poll(async () => (await database.acrossTenants.query(open)).length, { timeout: 60_000 }).toBe(0);
      const runs = await database.acrossTenants.query<{ key: string; state: string }>(
        "select split_part(idempotency_key, ':', 3) as key, state from run where idempotency_key like 'step:%'",
      );
      expect(runs.map(({ key }) => key).sort()).toEqual([...taken].sort());
      const letters = await database.acrossTenants.query<{ about: string; count: number }>(
        `select content ->> 'f2' as about, count(*)::int as count from entity e join blueprint b on b.id = e.blueprint_id
          where b.key = 'letters' group by 1`,
      );
      expect(letters.filter(({ count }) => count !== 1)).toEqual([]);
      const written = new Set(letters.map(({ about }) => about));
      // A run whose process died in it is begun by nobody else: it may have written its letter, and nobody knows.
      for (const { key, state } of runs) if (state === "succeeded") expect(written.has(key)).toBe(true);
      expect(runs.filter(({ state }) => state === "succeeded").length).toBeGreaterThan(taken.length * 0.7);
    } finally {
      await database.close();
    }
  }, 240_000);
});
