import { randomBytes } from "node:crypto";
import pg from "pg";
import { v7 as newId } from "uuid";
import { z } from "zod";
import { deriveKeys } from "../../../src/access/keys/keys.ts";
import { allPermissions } from "../../../src/access/permissions.ts";
import type { AccountPrincipal } from "../../../src/access/principal.ts";
import { createRegistry, type Registry } from "../../../src/commands/registry.ts";
import { startRun } from "../../../src/commands/runs/startRun.ts";
import { createChoiceOffers } from "../../../src/operations/choices/offerChoices.ts";
import { openSources } from "../../../src/operations/dataSources/openSources.ts";
import { addDataSource } from "../../../src/operations/dataSources/saveDataSources.ts";
import { createPublishedOperations } from "../../../src/operations/publishedOperations.ts";
import { queryKind } from "../../../src/operations/queries/queryKind.ts";
import { createOperation, publishOperation } from "../../../src/operations/saveOperations.ts";
import { ConnectionPools } from "../../../src/operations/sources/connectionPools.ts";
import { createInProcessBus } from "../../../src/platform/bus/inProcess.ts";
import { systemClock } from "../../../src/platform/clock/clock.ts";
import { openDatabase } from "../../../src/platform/database/openDatabase.ts";
import { noThings } from "../../fixtures/noThings.ts";
import { silentLog } from "../../fixtures/silentLog.ts";
import { servePart } from "../processes/part.ts";
import { anyUpTo, inTurn } from "./asker.ts";
import type { Pace } from "./pace.ts";

const questionSchema = z.object({
  do: z.enum(["run", "query"]),
  /** The product's, migrated. */
  databaseUrl: z.string(),
  shopUrl: z.string(),
  /** `$1` is a number from 1 to `upTo`. */
  text: z.string(),
  upTo: z.number(),
  inFlight: z.number(),
  seconds: z.number(),
});
type Question = z.infer<typeof questionSchema>;

export const executedSchema = z.object({
  answered: z.number(),
  perSecond: z.number(),
  p50: z.number(),
  p99: z.number(),
  max: z.number(),
  /** Of this process, for each. */
  processorMicroseconds: z.number(),
});

/** Runs a saved query through the executor of this process (permission, version, caps, run record), or the same statement by `pg` alone. */
export function playExecutor(): void {
  let run: ((customer: number) => Promise<void>) | undefined;
  servePart(questionSchema, async (asked) => {
    run ??= await openExecutor(asked);
    if (asked.do === "run") return await timed(asked, run);
    const pool = new pg.Pool({ connectionString: asked.shopUrl, max: asked.inFlight });
    const pace = await timed(asked, async (customer) => {
      const { rows } = await pool.query(asked.text, [customer]);
      if (rows.length === 0) throw new Error("no row was answered");
    });
    await pool.end();
    return pace;
  });
}

async function timed(
  { inFlight, seconds, upTo }: Question,
  ask: (customer: number) => Promise<void>,
): Promise<Pace & { processorMicroseconds: number }> {
  const before = process.cpuUsage();
  const pace = await inTurn(inFlight, seconds, () => ask(anyUpTo(upTo)));
  const { user, system } = process.cpuUsage(before);
  return { ...pace, processorMicroseconds: (user + system) / pace.answered };
}

async function openExecutor({ databaseUrl, shopUrl, text }: Question): Promise<(customer: number) => Promise<void>> {
  const platform = {
    database: await openDatabase({ url: databaseUrl, log: silentLog }),
    bus: createInProcessBus(),
    clock: systemClock,
    log: silentLog,
  };
  const keys = deriveKeys(randomBytes(32).toString("hex"));
  const principal = await makeAdmin(platform.database.acrossTenants);
  const shop = new URL(shopUrl);
  const rules = { stage: "production", allowHosts: new Set([shop.host]), own: [] } as const;
  const sources = openSources({ ...platform, keys, pools: new ConnectionPools(), rules, demoServer: undefined });
  const commands = async (tenant: string) => {
    await registry.load(tenant);
    return registry.of(tenant);
  };
  const kinds = { query: queryKind(sources, systemClock) };
  const registry: Registry = createRegistry(
    [],
    createPublishedOperations(platform, kinds, createChoiceOffers({ ...platform, commands }), noThings),
  );
  await addDataSource({ ...platform, keys, checkAddress: async () => {} }, principal, {
    name: "shop",
    kind: "postgresql",
    host: shop.hostname,
    port: Number(shop.port),
    database: shop.pathname.slice(1),
    user: decodeURIComponent(shop.username),
    password: decodeURIComponent(shop.password),
    tls: false,
  });
  const saving = { ...platform, kinds, commands, things: noThings };
  await createOperation(saving, principal, {
    name: "orders-of",
    kind: "query",
    summary: "Asks the shop.",
    audience: "staff",
    parameters: [{ name: "customer", type: "integer", required: true }],
    body: { dataSource: "shop", sql: text.replace("$1", ":customer") },
  });
  await publishOperation(saving, principal, "orders-of", undefined);
  return async (customer) => {
    const command = (await commands(principal.tenant)).find("orders-of");
    if (command === undefined) throw new Error("the operation is not there");
    const request = { command, principal, args: { customer }, idempotencyKey: undefined };
    const { state, error } = await (await startRun({ ...platform, keys, registry }, request)).ended;
    if (state !== "succeeded") throw new Error(error?.message ?? state);
  };
}

async function makeAdmin(sql: { query(text: string, values: unknown[]): Promise<unknown> }): Promise<AccountPrincipal> {
  const [tenant, account] = [newId(), newId()];
  await sql.query("insert into tenant (id, slug, name) values ($1::uuid, $1::text, 'Bench')", [tenant]);
  await sql.query("insert into account (id, email, name) values ($1::uuid, 'admin@bench.example', 'Admin')", [account]);
  await sql.query("insert into membership (tenant_id, account_id, roles) values ($1, $2, '{admin}')", [tenant, account]);
  const permissions = new Set(allPermissions);
  return {
    kind: "account",
    tenant,
    account,
    name: "Admin",
    email: "admin@bench.example",
    session: newId(),
    permissions,
    grants: allPermissions.map((permission) => ({ permission })),
    roles: ["admin"],
    teams: [],
  };
}
