import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RunAnswer } from "../../src/protocol/commands.ts";
import type { ScheduledView } from "../../src/protocol/messages.ts";
import { type KillableProduct, startKillableProduct } from "../fixtures/killableProduct.ts";
import { personalOf } from "../fixtures/teamsServer.ts";
import { startTeamsService } from "../fixtures/teamsService.ts";

const people = 5000;
let teams: Awaited<ReturnType<typeof startTeamsService>>;
let product: KillableProduct;
let sql: pg.Client;
beforeAll(async () => {
  teams = await startTeamsService();
  product = await startKillableProduct({ TEAMS_URL: teams.server.url });
  sql = new pg.Client(product.databaseUrl);
  await sql.connect();
}, 60_000);
afterAll(async () => {
  await sql.end();
  await product.stop();
  await teams.stop();
});

const run = async (command: string, args: object = {}) => await product.ask<RunAnswer>("POST", `/commands/${command}/runs`, { args });
const message = async (): Promise<ScheduledView | undefined> =>
  JSON.parse(JSON.stringify((await run("message.scheduled")).data)).messages[0];

/** So many who work here and are linked, as if each had written to the app once. */
async function linkMany(installation: string): Promise<void> {
  const serviceUrl = `${teams.server.url}/emea/`;
  await sql.query(
    `with made as (
       insert into account (id, email, name, password_hash, factor_exempt)
       select gen_random_uuid(), 'person' || n || '@example.com', 'Person ' || n, 'nobody signs in', true from generate_series(1, ${people}) n
       returning id, email), joined as (
       insert into membership (tenant_id, account_id, roles)
       select i.tenant_id, made.id, '{agent}' from made, channel_installation i where i.id = $1)
     insert into channel_person (tenant_id, id, installation_id, workspace, user_id, name, place, account_id, linked_at)
     select i.tenant_id, gen_random_uuid(), i.id, i.workspace, made.email, made.email,
       jsonb_build_object('room', '${personalOf("")}' || made.email, 'scope', 'personal', 'service', jsonb_build_object('serviceUrl', $2::text)), made.id, now()
       from made, channel_installation i where i.id = $1`,
    [installation, serviceUrl],
  );
}

it("Addresses are stored; 5,000 people get one message each, paced, across a restart (K8, C8)", { timeout: 120_000 }, async () => {
  const { appId, password } = teams.app;
  await run("channel.app", { channel: "teams", appId, password });
  const { data } = await run("channel.connect", { organisation: teams.organisation, name: "Example" });
  await linkMany(String(Object(data)["id"]));
  const body = { by: "channel", channel: "teams", to: ["role:agent"], text: "The canteen is open, {{row.name}}." };
  await run("operation.create", { name: "canteen", kind: "message", summary: "Tells everybody.", parameters: [], message: body });
  await run("operation.publish", { name: "canteen" });

  const begun = performance.now();
  const posted = () => teams.server.posted.length;
  const reached = (count: number) => expect.poll(posted, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(count);
  const asked = await run("canteen");
  expect(asked.messages[0]?.text).toContain(`${people} people`);
  await reached(500);
  teams.server.fail({ status: 429, retryAfter: 1 }, { status: 429, retryAfter: 1 });
  await reached(people / 2);
  // No faster than the service says (`cloudAt`), which begins with a second's worth.
  expect(performance.now() - begun).toBeGreaterThan((people / 2 / 200 - 1.5) * 1000);
  await product.halt();
  expect(posted()).toBeLessThan(people);
  await product.begin();
  await reached(people / 2 + 500);
  teams.server.fail({ status: 429, retryAfter: 1 });
  await reached(people);
  await expect.poll(async () => (await message())?.state, { timeout: 30_000 }).toBe("sent");
  expect(await message()).toMatchObject({ recipients: people, sent: people, failed: 0, uncertain: 0, error: null });
  expect(posted()).toBe(people);
  expect(new Set(teams.server.posted.map(({ conversation }) => conversation)).size).toBe(people);
  expect(performance.now() - begun).toBeLessThan(90_000);
});
