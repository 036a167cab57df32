import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase } from "../../src/platform/database/openDatabase.ts";
import { spawnProduct, untilItSays } from "../fixtures/runningProduct.ts";
import { silentLog } from "../fixtures/silentLog.ts";
import { createTestDatabase, type TestDatabase } from "../fixtures/testDatabase.ts";

const rows = 60_000;

let own: TestDatabase;
let dataDir: string;
let child: ReturnType<typeof spawnProduct>;
let url: string;
let token: string;
beforeAll(async () => {
  own = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), "switchboard-bulk-"));
  await begin();
  const { accounts } = JSON.parse(await readFile(join(dataDir, "demo.json"), "utf8"));
  const { email, password } = accounts.find(({ roles }: { roles: string[] }) => roles.includes("admin"));
  token = (await ask("POST", "/session", { email, password })).accessToken;
}, 60_000);
afterAll(async () => {
  child.kill("SIGINT");
  await once(child, "exit");
  await own.drop();
  await rm(dataDir, { recursive: true, force: true });
});

async function begin(): Promise<void> {
  child = spawnProduct({
    PORT: "0",
    DATA_DIR: dataDir,
    DATABASE_URL: own.url,
    LOG_LEVEL: "warn",
    LIMITS: "off",
    PASSWORD_COST: "low",
    DEMO_SHOP: "off",
  });
  url = await untilItSays(child, /runs at (http\S+)/, 60_000);
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many kinds, read by this test alone
async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<any> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

it("a run over 60,000 whose process is killed in the middle changes each once, and is taken back whole", async () => {
  await ask("POST", "/blueprints", {
    key: "parts",
    name: "Part",
    fields: [
      { key: "id", name: "Id", type: "sequence", prefix: "PRT-" },
      { key: "qty", name: "Quantity", type: "integer" },
    ],
  });
  const items = Array.from({ length: 1000 }, (_, qty) => ({ values: { qty } }));
  for (let made = 0; made < rows; made += items.length) await ask("POST", "/blueprints/parts/entities/batch", { items });

  const { id } = await ask("POST", "/commands/parts.update-all/runs", { args: { where: "all", qty: -1 } }, { prefer: "wait=0" });
  const database = await openDatabase({ url: own.url, log: silentLog }, { poolSize: 2, ledgerPoolSize: 1 });
  const behind = async () =>
    (await database.acrossTenants.query<{ count: number }>("select count(*)::int as count from entity_bulk where version is not null"))[0]
      ?.count ?? 0;
  try {
    await expect.poll(behind, { interval: 20, timeout: 30_000 }).toBeGreaterThan(2000);
    child.kill("SIGKILL");
    await once(child, "exit");
    const left = await behind();
    expect(left).toBeLessThan(rows);
    await begin();
    await expect.poll(async () => (await ask("GET", `/runs/${id}`)).state, { interval: 500, timeout: 120_000 }).toBe("succeeded");
    expect((await ask("GET", `/runs/${id}`)).data).toMatchObject({ of: rows, changed: rows, same: 0, refused: 0 });
    const twice = await database.acrossTenants.query("select from entity where version <> 2 or content ->> 'f2' <> '-1'");
    expect(twice).toEqual([]);
    const run = await ask("POST", "/commands/run.undo/runs", { args: { run: id } });
    await expect.poll(async () => (await ask("GET", `/runs/${run.id}`)).state, { interval: 500, timeout: 120_000 }).toBe("succeeded");
    expect(await database.acrossTenants.query("select from entity where version <> 3 or content ->> 'f2' = '-1'")).toEqual([]);
  } finally {
    await database.close();
  }
}, 300_000);
