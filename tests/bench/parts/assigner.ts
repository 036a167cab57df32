import { randomUUID } from "node:crypto";
import { v7 as newId } from "uuid";
import { z } from "zod";
import type { Database } from "../../../src/platform/database/database.ts";
import { openDatabase } from "../../../src/platform/database/openDatabase.ts";
import { assignWaiting } from "../../../src/routing/assignWaiting.ts";
import { silentLog } from "../../fixtures/silentLog.ts";
import { servePart } from "../processes/part.ts";

const questionSchema = z.object({
  databaseUrl: z.string(),
  agents: z.number(),
  teams: z.number(),
  queued: z.number(),
  /** Of each agent. */
  capacity: z.number(),
  seconds: z.number(),
});

export const assignedSchema = z.object({ perSecond: z.number(), rounds: z.number() });

interface Ground {
  database: Database;
  tenant: string;
  teams: string[];
}

/** Draws from every team's queue until all agents have what they take, again and again; what isn't a draw isn't timed. */
export function playAssigner(): void {
  servePart(questionSchema, async (asked) => {
    const database = await openDatabase({ url: asked.databaseUrl, log: silentLog });
    try {
      const ground = await prepare(database, asked);
      let [offered, elapsedMs, rounds] = [0, 0, 0];
      // The first round warms up: plans, caches, code.
      for (await round(ground, asked); elapsedMs < asked.seconds * 1000; rounds++) {
        const { count, tookMs } = await round(ground, asked);
        offered += count;
        elapsedMs += tookMs;
      }
      return { perSecond: (offered / elapsedMs) * 1000, rounds } satisfies z.infer<typeof assignedSchema>;
    } finally {
      await database.close();
    }
  });
}

async function round(ground: Ground, asked: z.infer<typeof questionSchema>): Promise<{ count: number; tookMs: number }> {
  const beganAt = performance.now();
  const counts = await Promise.all(ground.teams.map((team) => assignWaiting({ ...ground, routed: () => {} }, ground.tenant, team)));
  const tookMs = performance.now() - beganAt;
  const count = counts.reduce((sum, each) => sum + each, 0);
  await check(ground, asked, count);
  const sql = ground.database.acrossTenants;
  await sql.query("delete from assignment where tenant_id = $1", [ground.tenant]);
  await sql.query(
    "update conversation set offered_to = null, offered_name = null, offered_until = null, offer_kind = null where tenant_id = $1 and offered_to is not null",
    [ground.tenant],
  );
  return { count, tookMs };
}

/** Everybody has what they take and no more, and every offer was kept. */
async function check(
  { database, tenant }: Ground,
  { agents, queued, capacity }: z.infer<typeof questionSchema>,
  count: number,
): Promise<void> {
  const [seen] = await database.acrossTenants.query<{ offered: number; most: number; kept: number }>(
    `select (select count(*)::int from conversation where tenant_id = $1 and offered_to is not null) as offered,
       (select max(n)::int from (select count(*) as n from conversation where tenant_id = $1 and offered_to is not null group by offered_to) each) as most,
       (select count(*)::int from assignment where tenant_id = $1) as kept`,
    [tenant],
  );
  const expected = Math.min(queued, agents * capacity);
  if (count !== expected || seen?.offered !== expected || seen.kept !== expected || seen.most > capacity)
    throw new Error(`${count} of ${expected} were offered, ${JSON.stringify(seen)}`);
}

async function prepare(database: Database, asked: z.infer<typeof questionSchema>): Promise<Ground> {
  const sql = database.acrossTenants;
  const tenant = newId();
  const teams = Array.from({ length: asked.teams }, (_, index) => `team-${index}`);
  const agents = Array.from({ length: asked.agents }, () => newId());
  const inbox = newId();
  await sql.query("insert into tenant (id, slug, name) values ($1::uuid, $1::text, 'Bench')", [tenant]);
  await sql.query("insert into inbox (tenant_id, id, public_key, name) values ($1::uuid, $2, $1::text, 'Bench')", [tenant, inbox]);
  await sql.query("insert into team (tenant_id, key, name) select $1, key, key from unnest($2::text[]) key", [tenant, teams]);
  await sql.query("insert into account (id, email, name) select id, id || '@bench.example', 'Agent' from unnest($1::uuid[]) id", [agents]);
  await sql.query("insert into membership (tenant_id, account_id, roles) select $1, id, '{agent}' from unnest($2::uuid[]) id", [
    tenant,
    agents,
  ]);
  await sql.query("insert into agent_profile (tenant_id, account_id, capacity) select $1, id, $3 from unnest($2::uuid[]) id", [
    tenant,
    agents,
    asked.capacity,
  ]);
  await sql.query(
    `insert into team_member (tenant_id, team, account_id)
     select $1, 'team-' || (number - 1) % $3::int, id from unnest($2::uuid[]) with ordinality agents (id, number)`,
    [tenant, agents, asked.teams],
  );
  await sql.query("insert into agent_presence (tenant_id, account_id, declared) select $1, id, 'online' from unnest($2::uuid[]) id", [
    tenant,
    agents,
  ]);
  // Longer than the measurement: there is no gateway that says so again.
  await sql.query(
    "insert into agent_connection (tenant_id, account_id, gateway, seen_at) select $1, id, $3, now() + interval '1 hour' from unnest($2::uuid[]) id",
    [tenant, agents, randomUUID()],
  );
  await sql.query(
    `with contact as (insert into contact (tenant_id, id, name) select $1, gen_random_uuid(), 'Visitor' from generate_series(1, $3::int) returning id)
     insert into conversation (tenant_id, id, inbox_id, contact_id, team, controller, queued_at)
     select $1, gen_random_uuid(), $2, id, 'team-' || row_number() over () % $4::int, 'queue', now() - random() * interval '1 hour' from contact`,
    [tenant, inbox, asked.queued, asked.teams],
  );
  await sql.query("analyze conversation, team_member, agent_profile, assignment");
  return { database, tenant, teams };
}
