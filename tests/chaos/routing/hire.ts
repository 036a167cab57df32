import { randomUUID } from "node:crypto";
import { query } from "../processes/postgres.ts";
import type { Account, World } from "../world.ts";

/** Colleagues of Support who take so many conversations at once. Their passwords are that of the demo's first agent. */
export async function hire(world: World, names: readonly string[], capacity: number): Promise<Account[]> {
  const { email: like, password } = world.account(0);
  const accounts = names.map((name) => ({ id: randomUUID(), name, email: `${name.toLowerCase()}@demo.example` }));
  await query(
    world.databaseUrl,
    `with hired as (select * from json_to_recordset($2::json) as hired (id uuid, name text, email text)),
     accounts as (
       insert into account (id, email, name, password_hash, factor_exempt)
       select h.id, h.email, h.name, a.password_hash, true from hired h, account a where a.email = $1 returning id),
     members as (
       insert into membership (tenant_id, account_id, roles)
       select m.tenant_id, h.id, '{agent}' from hired h, account a join membership m on m.account_id = a.id where a.email = $1 returning tenant_id, account_id),
     profiles as (insert into agent_profile (tenant_id, account_id, capacity) select tenant_id, account_id, $3 from members returning tenant_id, account_id)
     insert into team_member (tenant_id, team, account_id) select tenant_id, 'support', account_id from profiles`,
    [like, JSON.stringify(accounts), capacity],
  );
  return accounts.map(({ email }) => ({ email, password }));
}

/** How long offers of Support stand. */
export async function setOfferSeconds(world: World, seconds: number): Promise<void> {
  await query(world.databaseUrl, "update team set offer_seconds = $1 where key = 'support'", [seconds]);
}

/** Another tenant in the same house, with a chat and somebody at its desk. */
export async function foundNeighbour(world: World): Promise<{ tenant: string; inbox: string; account: Account }> {
  const tenant = "neighbour";
  const inbox = `neighbour-${randomUUID()}`;
  const account = { email: "nora@neighbour.example", password: world.account(0).password };
  await query(
    world.databaseUrl,
    `with home as (insert into tenant (id, slug, name) values (gen_random_uuid(), $1, 'Neighbour') returning id),
     chat as (
       insert into inbox (tenant_id, id, public_key, name, origins, publishes_all)
       select home.id, gen_random_uuid(), $2, 'Website', d.origins, true from home, inbox d join tenant t on t.id = d.tenant_id where t.slug = 'demo' limit 1),
     team as (insert into team (tenant_id, key, name) select id, 'support', 'Support' from home),
     nora as (
       insert into account (id, email, name, password_hash, factor_exempt)
       select gen_random_uuid(), $3, 'Nora', password_hash, true from account where email = $4 returning id)
     insert into membership (tenant_id, account_id, roles) select home.id, nora.id, '{agent}' from home, nora`,
    [tenant, inbox, account.email, world.account(0).email],
  );
  return { tenant, inbox, account };
}
