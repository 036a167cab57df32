import { ownGrantsOfMember } from "../access/roles/roleStore.ts";
import type { OwnGrants } from "../access/roles/roles.ts";
import type { Sql, TenantSql } from "../platform/database/database.ts";
import type { AgentProfile, TeamView } from "../protocol/teams.ts";

export type TeamRow = TeamView;
export type TeamSettings = Pick<TeamView, "name" | "offerSeconds" | "active">;
export type Profile = Pick<AgentProfile, "capacity" | "channels" | "languages" | "skills">;

/** Of whoever has no profile yet; the table has the same. */
const usualCapacity = 5;

/** All teams with their members. Index: the primary keys. */
export async function listTeams(sql: TenantSql): Promise<TeamRow[]> {
  return await sql.query<TeamRow>(
    `select t.key, t.name, t.offer_seconds as "offerSeconds", t.active,
       coalesce((
         select jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name, 'email', a.email) order by a.name, a.id)
         from team_member m join account a on a.id = m.account_id where m.tenant_id = t.tenant_id and m.team = t.key), '[]') as members
     from team t where t.tenant_id = $1 order by t.name, t.key`,
    [],
    "listTeams",
  );
}

/** The active team of this key or name, however it is cased; undefined where there is none. */
export async function findTeam(sql: TenantSql, wanted: string): Promise<{ key: string; name: string } | undefined> {
  const rows = await sql.query<{ key: string; name: string }>(
    `select key, name from team where tenant_id = $1 and active and (key = lower($2) or lower(name) = lower($2))
     order by (key = lower($2)) desc, key limit 1`,
    [wanted.trim()],
    "findTeam",
  );
  return rows[0];
}

/** What would be left alone without the team. Indexes: conversation_queue, the primary keys. */
export async function teamNeeds(sql: TenantSql, key: string): Promise<{ waiting: number; inboxes: string[]; promises: number }> {
  const rows = await sql.query<{ waiting: number; inboxes: string[]; promises: number }>(
    `select (select count(*)::int from conversation where tenant_id = $1 and team = $2 and controller = 'queue') as waiting,
       array(select name from inbox where tenant_id = $1 and team = $2 and active order by name) as inboxes,
       (select count(*)::int from service_level where tenant_id = $1 and move_to = $2) as promises`,
    [key],
    "teamNeeds",
  );
  return rows[0] ?? { waiting: 0, inboxes: [], promises: 0 };
}

/** False where there is one of this key. */
export async function insertTeam(sql: TenantSql, team: { key: string; name: string; offerSeconds: number }): Promise<boolean> {
  const rows = await sql.query(
    "insert into team (tenant_id, key, name, offer_seconds) values ($1, $2, $3, $4) on conflict do nothing returning key",
    [team.key, team.name, team.offerSeconds],
  );
  return rows.length > 0;
}

/** How it stands; undefined where there is no such team. Primary key. */
export async function readTeam(sql: Sql, key: string): Promise<TeamSettings | undefined> {
  const [team] = await sql.query<TeamSettings>(
    `select name, offer_seconds as "offerSeconds", active from team where tenant_id = $1 and key = $2`,
    [key],
  );
  return team;
}

/** Changes what is given; false where there is no such team. */
export async function updateTeam(
  sql: TenantSql,
  key: string,
  change: { name: string | undefined; offerSeconds: number | undefined; active: boolean | undefined },
): Promise<boolean> {
  const rows = await sql.query(
    `update team set name = coalesce($3, name), offer_seconds = coalesce($4, offer_seconds), active = coalesce($5, active)
     where tenant_id = $1 and key = $2 returning key`,
    [key, change.name ?? null, change.offerSeconds ?? null, change.active ?? null],
  );
  return rows.length > 0;
}

/** With a profile, where they have none; false where there is no such team. */
export async function insertMember(sql: TenantSql, team: string, account: string): Promise<boolean> {
  return await sql.transaction(async (tx) => {
    const found = await tx.query("select key from team where tenant_id = $1 and key = $2", [team]);
    if (found.length === 0) return false;
    await tx.query("insert into agent_profile (tenant_id, account_id) values ($1, $2) on conflict do nothing", [account]);
    await tx.query("insert into team_member (tenant_id, team, account_id) values ($1, $2, $3) on conflict do nothing", [team, account]);
    return true;
  });
}

/** False where they weren't a member. */
export async function deleteMember(sql: TenantSql, team: string, account: string): Promise<boolean> {
  const rows = await sql.query("delete from team_member where tenant_id = $1 and team = $2 and account_id = $3 returning team", [
    team,
    account,
  ]);
  return rows.length > 0;
}

/** Who works here, by name, with what they can take; without a profile they have the usual one. Indexes: the primary keys, team_member_account. */
export async function listProfiles(sql: TenantSql): Promise<(AgentProfile & { roles: string[]; own: OwnGrants })[]> {
  return await sql.query<AgentProfile & { roles: string[]; own: OwnGrants }>(
    `select a.id, a.name, a.email, m.roles, ${ownGrantsOfMember} as own, coalesce(p.capacity, ${usualCapacity}) as capacity, coalesce(p.channel_capacity, '{}') as channels,
       coalesce(p.languages, '{}') as languages, coalesce(p.skills, '{}') as skills,
       array(select t.team from team_member t where t.tenant_id = m.tenant_id and t.account_id = a.id order by t.team) as teams
     from membership m
     join account a on a.id = m.account_id
     left join agent_profile p on p.tenant_id = m.tenant_id and p.account_id = a.id
     where m.tenant_id = $1 and m.active and a.active order by a.name, a.id`,
    [],
    "listProfiles",
  );
}

/** Keeps what is given of a profile, and answers the whole. */
export async function saveProfile(sql: TenantSql, account: string, change: Partial<Profile>): Promise<Profile> {
  const rows = await sql.query<Profile>(
    `insert into agent_profile as p (tenant_id, account_id, capacity, channel_capacity, languages, skills)
     values ($1, $2, coalesce($3, ${usualCapacity}), coalesce($4, '{}'::jsonb), coalesce($5, '{}'::text[]), coalesce($6, '{}'::text[]))
     on conflict (tenant_id, account_id) do update set
       capacity = coalesce($3, p.capacity), channel_capacity = coalesce($4, p.channel_capacity),
       languages = coalesce($5, p.languages), skills = coalesce($6, p.skills)
     returning capacity, channel_capacity as channels, languages, skills`,
    [
      account,
      change.capacity ?? null,
      change.channels === undefined ? null : JSON.stringify(change.channels),
      change.languages ?? null,
      change.skills ?? null,
    ],
  );
  const [profile] = rows;
  if (profile === undefined) throw new Error("a profile that was kept is not there");
  return profile;
}
