import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { audit, system } from "../../src/access/audit/audit.ts";
import { forgetAudit, forgetOldAudit } from "../../src/access/audit/forgetAudit.ts";
import { eraseFromAudit, verifyAudit } from "../../src/access/audit/verifyAudit.ts";
import { type House, openHouse } from "../fixtures/openHouse.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const person = { kind: "account", id: "0198f7a0-0000-7000-8000-000000000001", name: "Ann", address: "192.0.2.7" } as const;

async function write(tenant: string | undefined, count: number, actor: Parameters<typeof audit>[1]["actor"] = person): Promise<void> {
  for (let n = 1; n <= count; n += 1)
    await house.database.acrossTenants.transaction((tx) =>
      audit(tx, {
        tenant,
        actor,
        action: "tag.create",
        object: { kind: "tag", id: `t${n}`, name: `Tag ${n}` },
        detail: { z: n, a: [1.5, "é"] },
      }),
    );
}

/** As somebody with the owner's password does it. */
async function tamper(statement: string): Promise<void> {
  const client = new pg.Client(house.databaseUrl);
  await client.connect();
  await client.query("set session_replication_role = replica"); // no trigger fires
  await client.query(statement);
  await client.end();
}

const flawsOf = async (tenant: string) => (await verifyAudit(house, tenant)).flaws.map(({ seq, what }) => `${seq} ${what}`);

it("stands in one chain for each tenant, in the order of the commits, also of 40 at once", async () => {
  const [one, other] = [await house.addTenant("order-1"), await house.addTenant("order-2")];
  await Promise.all(Array.from({ length: 40 }, (_, n) => write(n % 2 === 0 ? one : other, 1)));
  await write(undefined, 1, system);
  const { chains, flaws } = await verifyAudit(house);
  expect(flaws).toEqual([]);
  expect(chains.filter(({ tenant }) => tenant === one || tenant === other).map(({ seq }) => seq)).toEqual([20, 20]);
  expect(chains.find(({ tenant }) => tenant === undefined)).toMatchObject({ seq: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

it("is there with what it tells of, or neither is", async () => {
  const tenant = await house.addTenant("together");
  await house.database.forTenant(tenant).transaction((tx) => audit(tx, { tenant, actor: person, action: "a.b" }));
  const failed = house.database.forTenant(tenant).transaction(async (tx) => {
    await audit(tx, { tenant, actor: person, action: "a.c" });
    throw new Error("no");
  });
  await expect(failed).rejects.toThrow("no");
  expect(await verifyAudit(house, tenant)).toMatchObject({ chains: [{ entries: 1, seq: 1 }], flaws: [] });
  const foreign = house.database.forTenant(tenant).transaction((tx) => audit(tx, { tenant: undefined, actor: person, action: "a.d" }));
  await expect(foreign).rejects.toThrow("of another");
});

it.each([
  ["update audit_entry set action = 'tag.delete' where seq = 3", ["3 altered"]],
  ["update audit_entry set detail = '{\"z\": 9}' where seq = 3", ["3 altered"]],
  ["update audit_entry set actor_name = 'Bob' where seq = 1", ["1 altered"]],
  ["update audit_entry set at = at - interval '1 day' where seq = 5", ["5 altered"]],
  ["update audit_entry set hash = sha256('x') where seq = 2", ["2 altered"]],
  ["delete from audit_entry where seq = 2", ["2 missing"]],
  ["delete from audit_entry where seq = 5", ["5 missing"]],
  ["delete from audit_entry where seq <= 2", ["1 missing", "2 missing"]],
  ["update audit_entry set seq = 9 where seq = 4", ["4 missing", "9 inserted"]],
  [
    "insert into audit_entry select tenant_id, 6, at, action, actor_kind, actor_id, actor_name, address, actor_salt, actor_hash, object_kind, object_id, object_name, detail, object_salt, object_hash, request_id, hash from audit_entry where seq = 5",
    ["6 inserted"],
  ],
  ["delete from audit_chain", ["1 inserted", "2 inserted", "3 inserted", "4 inserted", "5 inserted"]],
  ["update audit_chain set hash = sha256('x')", ["5 altered"]],
])("finds and names what was done behind its back: %s", async (statement, flaws) => {
  const tenant = await house.addTenant(`tamper-${Math.random()}`);
  await write(tenant, 5);
  expect(await flawsOf(tenant)).toEqual([]);
  const [, head = "", condition] = /^(.*?)(?: where (.*))?$/.exec(statement) ?? [];
  await tamper(`${head} where tenant_id = '${tenant}' and ${condition ?? "true"}`);
  expect(await flawsOf(tenant)).toEqual(flaws);
});

it("can't be changed, deleted or emptied by a statement", async () => {
  const tenant = await house.addTenant("append-only");
  await write(tenant, 1);
  const owner = new pg.Client(house.databaseUrl);
  await owner.connect();
  for (const statement of ["update audit_entry set action = 'x'", "delete from audit_entry", "truncate audit_entry"]) {
    await expect(owner.query(statement)).rejects.toMatchObject({ message: expect.stringContaining("can not be") });
    await expect(house.database.acrossTenants.query(statement)).rejects.toMatchObject({ code: "42501" });
  }
  await owner.end();
  expect(await flawsOf(tenant)).toEqual([]);
});

it("forgets a person, and still proves the rest", async () => {
  const tenant = await house.addTenant("erasure");
  await write(tenant, 2);
  await house.database.acrossTenants.transaction(async (tx) => {
    await audit(tx, { tenant, actor: system, action: "agent.deactivate", object: { kind: "account", id: person.id, name: "Ann" } });
    await audit(tx, { tenant, actor: person, action: "me.password", object: { kind: "account", id: person.id, name: "Ann" } });
    await eraseFromAudit(tx, [person.id]);
  });
  const rows = await house.database.acrossTenants.query("select to_jsonb(e)::text as row from audit_entry e where tenant_id = $1", [
    tenant,
  ]);
  expect(rows).toHaveLength(4);
  for (const { row } of rows) expect(row).not.toMatch(/Ann|192\.0\.2\.7|8000-000000000001/);
  expect(JSON.stringify(rows)).toContain("Tag 2");
  expect(await flawsOf(tenant)).toEqual([]);
  await tamper(`update audit_entry set actor_name = 'Bob' where tenant_id = '${tenant}' and seq = 1`);
  expect(await flawsOf(tenant)).toEqual(["1 altered"]);
});

it("forgets whole ends, and goes on from the last hash; a broken chain forgets nothing", async () => {
  const tenant = await house.addTenant("retention");
  await write(tenant, 3);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const middle = new Date();
  await write(tenant, 2);
  expect(await forgetAudit(house, tenant, middle)).toEqual({ forgotten: 3, flaws: [] });
  expect(await verifyAudit(house, tenant)).toMatchObject({ chains: [{ entries: 3, seq: 6 }], flaws: [] });
  await tamper(`update audit_entry set action = 'x' where tenant_id = '${tenant}' and seq = 4`);
  expect(await forgetAudit(house, tenant, new Date(Date.now() + 1000))).toMatchObject({ forgotten: 0, flaws: [{ seq: 4 }] });
  expect(await forgetAudit(house, await house.addTenant("nothing"), middle)).toEqual({ forgotten: 0, flaws: [] });
});

it("is forgotten by itself once it is older than the tenant keeps it, and a chain with a flaw is left as it is", async () => {
  const [kept, old, flawed] = [await house.addTenant("kept"), await house.addTenant("old"), await house.addTenant("flawed")];
  for (const tenant of [kept, old, flawed]) await write(tenant, 3);
  await house.database.acrossTenants.query("update tenant set audit_days = 90 where id = any($1)", [[old, flawed]]);
  await tamper(`update audit_entry set action = 'x' where tenant_id = '${flawed}' and seq = 2`);
  const inDays = (days: number) => forgetOldAudit({ ...house, clock: { ...house.clock, now: () => Date.now() + days * 86_400_000 } });
  const entriesOf = async (tenant: string) => {
    const { chains, flaws } = await verifyAudit(house, tenant);
    return [chains[0]?.entries, chains[0]?.seq, flaws.length];
  };
  await inDays(90.9);
  expect(await entriesOf(old)).toEqual([3, 3, 0]);
  await inDays(91.1);
  // What is left tells that the others went.
  expect(await entriesOf(old)).toEqual([1, 4, 0]);
  expect(await entriesOf(kept)).toEqual([3, 3, 0]);
  expect(await entriesOf(flawed)).toEqual([3, 3, 1]);
  await inDays(731.1);
  expect(await entriesOf(kept)).toEqual([1, 4, 0]);
});

it("is kept whole with every kind of text", async () => {
  const tenant = await house.addTenant("texts");
  const detail = { "\u0000": "\u0000\ud800", long: "x".repeat(5000), deep: { b: { d: null, c: true }, a: [1e21, -0, 0.1] }, "\ud800": 1 };
  await house.database.acrossTenants.transaction((tx) =>
    audit(tx, { tenant, actor: { kind: "nobody", name: "a\u0000b\ud83d" }, action: "x.y", detail }),
  );
  expect(await flawsOf(tenant)).toEqual([]);
});
