import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { eraseTenant, eraseTenantJob } from "../../src/access/tenants/eraseTenant.ts";
import { systemClock } from "../../src/platform/clock/clock.ts";
import { ofInstallation } from "../../src/platform/database/installation.ts";
import { openDatabaseJobs } from "../../src/platform/jobs/databaseJobs.ts";
import { listJobs } from "../../src/platform/jobs/jobStore.ts";
import { addJob } from "../../src/platform/jobs/jobs.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { type House, openHouse } from "../fixtures/openHouse.ts";

let house: House;
const endings: (() => Promise<void>)[] = [];
beforeAll(async () => {
  house = await openHouse();
});
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});
afterAll(() => house.close());

/** A process that does jobs. */
function work(eraseFilesOf: (tenant: string) => Promise<void>): () => Promise<void> {
  const kind = { ...eraseTenantJob({ ...house, eraseFilesOf }), attempts: 2, retryAfterMs: () => 10 };
  const times = { leaseMs: 4000, renewEveryMs: 200, graceMs: 100, patienceMs: 200, lookEveryMs: 100, handedForMs: 1000 };
  const stop = openDatabaseJobs({ ...house, clock: systemClock }, times).work([kind]);
  endings.push(stop);
  return stop;
}

const jobs = async () => (await listJobs(ofInstallation(house.database.acrossTenants), {}, 10)).map(({ state }) => state);
const tenants = async (slug: string) =>
  await house.database.acrossTenants.query<{ active: boolean }>("select active from tenant where slug = $1", [slug]);

async function full(slug: string): Promise<string> {
  const tenant = await house.addTenant(slug);
  await house.addAccount(`agent@${slug}.example`, { tenant });
  await addJob(house.database.forTenant(tenant), { kind: "test.never", data: {} });
  return tenant;
}

it("is closed at once, and gone when a process that does jobs is there, its own jobs too", async () => {
  const tenant = await full("gone");
  await eraseTenant(house, { id: tenant, name: "Gone" }, { kind: "system" });
  expect([await tenants("gone"), await jobs()]).toEqual([[{ active: false }], ["waiting"]]);
  work(async () => {});
  await expect.poll(jobs).toEqual(["done"]);
  expect(await tenants("gone")).toEqual([]);
  const left = await house.database.acrossTenants.query("select 1 from job where tenant_id = $1", [tenant]);
  expect(left).toEqual([]);
});

it("goes on where a process ended in the middle, and is tried again by whoever asks again", async () => {
  await house.database.acrossTenants.query("delete from job");
  const tenant = await full("broken");
  const ask = () => eraseTenant(house, { id: tenant, name: "Broken" }, { kind: "system" });
  await ask();
  const stop = work(() => new Promise(() => {}));
  await expect.poll(jobs).toEqual(["running"]);
  await stop();
  expect(await jobs()).toEqual(["waiting"]);
  let reachable = false;
  work(async () => {
    if (!reachable) throw new Refusal("unavailable", "The files can't be reached.");
  });
  await expect.poll(jobs).toEqual(["dead"]);
  reachable = true;
  await ask();
  await expect.poll(jobs).toEqual(["done"]);
  expect(await tenants("broken")).toEqual([]);
});

it("takes nothing of another tenant along, also where each has a table of its own within one", async () => {
  const sql = house.database.acrossTenants;
  const [tenant, other] = [await full("erased"), await full("kept")];
  for (const each of [tenant, other]) {
    const [blueprint] = await sql.query<{ id: string }>(
      "insert into blueprint (tenant_id, id, key, latest, next_field, changed_by, changed_at) values ($1, gen_random_uuid(), 'things', 1, 1, $1, now()) returning id",
      [each],
    );
    await sql.query("select make_entities($1)", [blueprint?.id]);
    await sql.query(
      `insert into entity (tenant_id, blueprint_id, id, blueprint_version, content, created_at, created_by, changed_at, changed_by)
       select $1, $2, gen_random_uuid(), 1, '{}', now(), $1, now(), $1 from generate_series(1, 10)`,
      [each, blueprint?.id],
    );
  }
  await eraseTenant(house, { id: tenant, name: "Erased" }, { kind: "system" });
  work(async () => {});
  await expect.poll(() => tenants("erased"), { timeout: 10_000 }).toEqual([]);
  expect(await sql.query("select tenant_id as tenant, count(*)::int as n from entity group by 1")).toEqual([{ tenant: other, n: 10 }]);
});
