import { afterAll, beforeAll, expect, it } from "vitest";
import type { Sql } from "../../src/platform/database/database.ts";
import { type EntityHouse, entities, openEntityHouse } from "./entityHouse.ts";

/** What is done with many while others look, wait and stop it. */

let house: EntityHouse;
let key: string;
beforeAll(async () => {
  house = await openEntityHouse();
});
afterAll(() => house.product.stop());

/** A blueprint with so many, of which some may be changed no more: as somebody sees them, the first is NUM-1. */
async function fill(count: number, odd: Record<number, string> = {}): Promise<string[]> {
  const { ask, agent, admin } = house;
  key = await house.blueprintOf(
    [
      { key: "id", name: "Id", type: "sequence", prefix: "NUM-" },
      { key: "status", name: "Status", type: "choice", choices: ["NEW", "OPEN"], default: "NEW" },
      { key: "qty", name: "Quantity", type: "integer" },
    ],
    "Number",
  );
  const transitions = [{ key: "begin", name: "Begin", from: ["NEW"], to: "OPEN" }];
  expect((await ask(admin, "PATCH", `/blueprints/${key}`, { flow: { field: "status", transitions } })).status).toBe(200);
  const ids: string[] = [];
  for (let from = 0; from < count; from += 1000) {
    const items = Array.from({ length: Math.min(1000, count - from) }, (_, qty) => ({ values: { qty } }));
    const { body } = await ask(agent, "POST", `${entities(key)}/batch`, { items });
    ids.push(...body.items.map(({ id }: { id: string }) => id));
  }
  for (const [index, step] of Object.entries(odd))
    expect((await ask(agent, "POST", `${entities(key)}/${ids[Number(index)]}/transitions/${step}`, {})).status).toBe(200);
  return ids;
}

/** What somebody else does holds these while `work` goes on. */
async function whileHeld(ids: readonly string[], work: () => Promise<void>): Promise<void> {
  await house.product.database.acrossTenants.transaction(async (tx: Sql) => {
    await tx.query("select from entity where id = any($1::uuid[]) for update", [ids]);
    await work();
  });
}
const begin = async (verb: string, args: object) =>
  (await house.ask(house.agent, "POST", `/commands/${key}.${verb}/runs`, { args }, { prefer: "wait=0" })).body.id;
const runOf = async (id: string, who = house.agent) => (await house.ask(who, "GET", `/runs/${id}`)).body;
const untilOver = async (id: string, who = house.agent) => {
  await expect.poll(async () => (await runOf(id, who)).state, { timeout: 20_000 }).not.toBe("running");
  return await runOf(id, who);
};
const changed = async (count: number) =>
  await house.product.database.acrossTenants.query(
    "select from entity e join blueprint b on b.id = e.blueprint_id where b.key = $1 and content ->> 'f3' = $2",
    [key, String(count)],
  );

it("all or nothing that comes to nothing was told to nobody who looks, and one that is done is told once it is", async () => {
  const ids = await fill(600, { 599: "begin" });
  const desk = await house.agent.desk();
  const news = await desk.watch(`entities:${key}`);
  const none = await untilOver(await begin("step-all", { step: "begin", where: "all", errors: "nothing" }));
  expect(none.error.message).toMatch(/^Nothing is changed, since 1 can't be/);
  expect((await house.ask(house.agent, "PATCH", `${entities(key)}/${ids[0]}`, { values: { qty: 7 } })).status).toBe(200);
  await news.until(({ items }) => items.has(ids[0] ?? ""));
  // Of many at once is told that anything may have changed: a snapshot.
  expect([[...news.items.keys()], news.snapshots]).toEqual([[ids[0]], 1]);
  const all = await untilOver(await begin("update-all", { where: "all", qty: -5, errors: "nothing" }));
  expect(all.data).toMatchObject({ of: 600, changed: 600 });
  await news.until(({ snapshots }) => snapshots === 2);
  await desk.close();
});

it("many that are all or nothing and wait for somebody leave connections to whoever asks for one", async () => {
  const ids = await fill(3);
  const runs: string[] = [];
  await whileHeld(ids, async () => {
    for (let index = 0; index < 12; index++) runs.push(await begin("update-all", { where: "all", qty: index, errors: "nothing" }));
    const waiting = "select from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()";
    await expect.poll(async () => (await house.product.database.acrossTenants.query(waiting)).length).toBeGreaterThan(0);
    const began = performance.now();
    expect((await house.ask(house.agent, "GET", `${entities(key)}/NUM-1`)).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(1500);
  });
  for (const id of runs) expect((await untilOver(id)).state).toBe("succeeded");
}, 60_000);

it("says how far it is, and stops where somebody stops it: what is done is told, and stays until it is taken back", async () => {
  const ids = await fill(3000);
  let run = "";
  await whileHeld(ids.slice(1500, 1501), async () => {
    run = await begin("update-all", { where: "all", qty: -1 });
    await expect.poll(async () => (await runOf(run)).progress).toEqual({ text: "1500 of 3000", done: 1500, of: 3000 });
    expect((await house.ask(house.agent, "POST", `/runs/${run}/cancel`)).status).toBeLessThan(300);
  });
  const { state, messages, data, error } = await untilOver(run);
  expect([state, error, messages[0].text, data.of, data.changed]).toEqual([
    "cancelled",
    null,
    "Stopped: 2,000 of 3,000 get Quantity.",
    3000,
    2000,
  ]);
  expect(await changed(-1)).toHaveLength(2000);
  expect((await house.agent.run("run.undo", { run })).messages[0]?.text).toBe("2,000 are as they were.");
  expect(await changed(-1)).toEqual([]);
}, 30_000);

it("a migration that somebody stops says what it had done, the audit too, and goes on where it stopped", async () => {
  const ids = await fill(4000);
  const { ask, admin } = house;
  const { body: blueprint } = await ask(admin, "GET", `/blueprints/${key}`);
  const fields = blueprint.fields.map((field: { key: string }) => (field.key === "qty" ? { ...field, type: "text" } : field));
  expect((await ask(admin, "PATCH", `/blueprints/${key}`, { fields })).status).toBe(200);
  const to = blueprint.version + 1;
  let run = "";
  await whileHeld([ids.toSorted()[1500] ?? ""], async () => {
    run = (await ask(admin, "POST", `/blueprints/${key}/migrations`, {})).body.id;
    await expect.poll(async () => (await runOf(run, admin)).progress).toEqual({ text: "1000 of 4000", done: 1000, of: 4000 });
    expect((await ask(admin, "POST", `/runs/${run}/cancel`)).status).toBeLessThan(300);
  });
  const stopped = await untilOver(run, admin);
  expect([stopped.state, stopped.messages[0].text, stopped.data]).toMatchObject([
    "cancelled",
    `Stopped: 2000 of 4000 came to version ${to}.`,
    { of: 4000, migrated: 2000 },
  ]);
  const told = (await ask(admin, "GET", "/audit?action=blueprint.migrate")).body.items;
  expect(told).toMatchObject([{ actor: { name: admin.name }, detail: { run, outcome: "cancelled" } }]);
  const rest = await ask(admin, "POST", `/blueprints/${key}/migrations`, {});
  expect((await untilOver(rest.body.id, admin)).messages[0].text).toBe(`2000 came to version ${to}.`);
}, 30_000);

it("is a step of a sequence as any other: each is changed, and told to the sequence", async () => {
  await fill(20);
  const name = "all-numbers";
  const sequence = { steps: [{ command: `${key}.update-all`, args: { where: "all", qty: 77 } }] };
  const made = await house.ask(house.admin, "POST", "/operations", { name, kind: "sequence", summary: "Changes all.", sequence });
  expect([made.status, made.body.error]).toEqual([201, undefined]);
  expect((await house.ask(house.admin, "POST", `/operations/${name}/publish`)).status).toBeLessThan(300);
  const { status, body } = await house.ask(house.admin, "POST", `/commands/${name}/runs`, { args: {} });
  expect([status, body.state, body.error]).toEqual([200, "succeeded", null]);
  expect(await changed(77)).toHaveLength(20);
});

/** How many statements were asked for while `work` went on, in transactions and out of them. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  let asked = 0;
  const counting = <Asked extends Sql>(sql: Asked): Asked => ({
    ...sql,
    query: async (...statement: Parameters<Sql["query"]>) => {
      asked++;
      return await sql.query(...statement);
    },
  });
  const { database } = house.product;
  const { forTenant, acrossTenants } = database;
  database.forTenant = (tenant) => {
    const sql = forTenant(tenant);
    const unwalled = counting(sql.unwalled);
    return { ...counting(sql), unwalled, transaction: async (inside) => await sql.transaction(async (tx) => await inside(counting(tx))) };
  };
  database.acrossTenants = counting(acrossTenants);
  try {
    await work();
  } finally {
    Object.assign(database, { forTenant, acrossTenants });
  }
  return asked;
}

it("a step over many asks for the people that they name once for some hundred, as its plan does", async () => {
  const { ask, agent, admin } = house;
  key = await house.blueprintOf(
    [
      { key: "id", name: "Id", type: "sequence", prefix: "VIS-" },
      { key: "status", name: "Status", type: "choice", choices: ["NEW", "OPEN"], default: "NEW" },
      { key: "owner", name: "Owner", type: "account" },
      { key: "checker", name: "Checker", type: "account" },
      { key: "opened", name: "Opened", type: "date" },
    ],
    "Visit",
  );
  const mails = await house.blueprintOf([{ key: "to_whom", name: "To", type: "email" }], "Mail");
  const start = [{ command: `${mails}.create`, args: { to_whom: { field: "owner" } } }];
  const transitions = [{ key: "begin", name: "Begin", from: ["NEW"], to: "OPEN", required: ["checker"], set: { opened: "today" }, start }];
  const saved = await ask(admin, "PATCH", `/blueprints/${key}`, { flow: { field: "status", transitions } });
  expect([saved.status, saved.body.error]).toEqual([200, undefined]);
  const items = Array.from({ length: 200 }, () => ({ values: { owner: "me" } }));
  expect((await ask(agent, "POST", `${entities(key)}/batch`, { items })).status).toBe(201);
  const args = { step: "begin", where: "all", checker: admin.email };
  const planned = await statementsOf(async () => {
    const { body } = await ask(agent, "POST", `/commands/${key}.step-all/plans`, { args });
    expect(body.changes[0].text).toMatch(/^200 of 200 go to OPEN/);
  });
  expect([planned < 60, planned]).toEqual([true, planned]);
  expect((await untilOver(await begin("step-all", args))).data).toMatchObject({ changed: 200 });
  const [first] = (await ask(agent, "GET", `${entities(key)}?limit=1`)).body.items;
  expect(first.values).toMatchObject({ checker: admin.id, opened: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
  await expect.poll(async () => (await ask(agent, "GET", `${entities(mails)}?limit=200`)).body.items.length, { timeout: 30_000 }).toBe(200);
  expect((await ask(agent, "GET", `${entities(mails)}?limit=1`)).body.items[0].values.to_whom).toBe(agent.email);
}, 60_000);
