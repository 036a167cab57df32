import { validate as isId } from "uuid";
import { reachOf } from "../../access/policy.ts";
import { reachableAmong } from "../../access/roles/reachStore.ts";
import { grantsOf } from "../../access/roles/roles.ts";
import type { Bus } from "../../platform/bus/bus.ts";
import type { TenantSql } from "../../platform/database/database.ts";
import { type Mentioned, mostMentioned } from "../../protocol/mentions.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { findColleagues, findTeamsWithMembers } from "./mentionStore.ts";

/** Whom a note names, and the accounts that are told of it. */
export interface Mentions {
  named: Mentioned[];
  accounts: string[];
}

export const nobodyMentioned: Mentions = { named: [], accounts: [] };

/**
 * Those who are named, each by an account's id, a mail address, or `team:` and a key. A team stands for its members of this moment; its author
 * is told of no note of their own. Refusal `invalid_value` with the path of the one that may not read here, or isn't there: a note that
 * somebody believes to be told, and isn't, is worse than none.
 */
export async function readMentions(
  sql: TenantSql,
  author: string,
  conversation: string,
  wanted: readonly string[],
  pathOf: (index: number) => string,
): Promise<Mentions> {
  if (wanted.length === 0) return nobodyMentioned;
  if (wanted.length > mostMentioned)
    throw new Refusal("invalid_value", `A note names at most ${mostMentioned}; name a team instead.`, { path: pathOf(mostMentioned) });
  const keys = wanted.map((each) => each.trim().toLowerCase());
  const teamKeys = keys.filter(isTeam).map((key) => key.slice(teamPrefix.length));
  const [people, teams] = await Promise.all([
    findColleagues(sql, {
      ids: keys.filter((key) => isId(key)),
      emails: keys.filter((key) => key.includes("@")),
      teams: teamKeys,
    }),
    findTeamsWithMembers(sql, teamKeys),
  ]);
  const readers: typeof people = [];
  for (const person of people) {
    const rights = { account: person.id, grants: grantsOf(person.roles, person.own), teams: person.teams };
    const reach = reachOf(rights, "conversations.read");
    if (reach !== undefined && (await reachableAmong(sql, reach, [conversation])).has(conversation)) readers.push(person);
  }
  const named = new Map<string, string>();
  const accounts = new Set<string>();
  for (const [index, key] of keys.entries()) {
    const team = isTeam(key) ? teams.find((each) => key === `${teamPrefix}${each.key}`) : undefined;
    const person = readers.find(({ id, email }) => id === key || email === key);
    if (team === undefined && person === undefined) throw unknown(wanted[index] ?? "", isTeam(key), pathOf(index));
    if (person !== undefined) named.set(person.id, person.name);
    if (team !== undefined) named.set(`${teamPrefix}${team.key}`, team.name);
    const theirs = team === undefined ? readers.filter((each) => each === person) : readers.filter(({ id }) => team.members.includes(id));
    for (const { id } of theirs) if (id !== author) accounts.add(id);
  }
  return { named: [...named].map(([id, name]) => ({ id, name })), accounts: [...accounts] };
}

const teamPrefix = "team:";
const isTeam = (key: string) => key.startsWith(teamPrefix);

function unknown(wanted: string, team: boolean, path: string): Refusal {
  const who = wanted.slice(0, 80);
  const sentence = team ? `There is no active team "${who.slice(teamPrefix.length)}".` : `There is no active colleague "${who}".`;
  return new Refusal("invalid_value", `${sentence} The note was not added.`, { path });
}

/** Those who are named hear of it where they look; the bus only hurries. */
export function tellMentioned({ bus }: { bus: Pick<Bus, "publish"> }, tenant: string, { accounts }: Mentions): void {
  for (const account of accounts) bus.publish(`agent.${tenant}.${account}`, { mentions: true });
}
