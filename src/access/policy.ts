import { isDeepStrictEqual } from "node:util";
import type { Permission } from "./permissions.ts";
import type { Grant, Records } from "./roles/roles.ts";

/** What somebody holds: all that the policy asks. */
export interface Rights {
  account: string;
  grants: readonly Grant[];
  /** The keys of the teams that they belong to. */
  teams: readonly string[];
}

/** Conversations of these inboxes and of these teams; of any where it is missing. */
export interface Place {
  inboxes?: readonly string[];
  teams?: readonly string[];
}

/** The conversations that a permission counts for: all, or one's own and those of some places. */
export type Reach = "all" | { account: string; places: readonly Place[] };

/** What of a conversation decides who may see it. */
export interface Reached {
  inbox: string;
  team: string;
  /** Who answers it, takes part in it or is offered it. */
  people: readonly string[];
}

/** Where the permission counts; undefined for whoever doesn't hold it. */
export function reachOf({ account, grants, teams }: Rights, permission: Permission): Reach | undefined {
  const held = grants.filter((grant) => grant.permission === permission);
  if (held.length === 0) return undefined;
  if (held.some(({ on, records = "all" }) => records === "all" && on?.inbox === undefined && on?.team === undefined)) return "all";
  return { account, places: held.flatMap((grant) => placeOf(grant, teams) ?? []) };
}

/** Whether a conversation is within reach. `reachable` (reachStore) says the same in SQL. */
export function reaches(reach: Reach | undefined, { inbox, team, people }: Reached): boolean {
  if (reach === undefined) return false;
  if (reach === "all" || people.includes(reach.account)) return true;
  return reach.places.some(({ inboxes, teams }) => (inboxes?.includes(inbox) ?? true) && (teams?.includes(team) ?? true));
}

/** Whether everything of a team is within reach: only then may its numbers be shown, or somebody be brought into it. */
export function reachesTeam(reach: Reach | undefined, team: string): boolean {
  if (reach === undefined) return false;
  return reach === "all" || reach.places.some(({ inboxes, teams }) => inboxes === undefined && (teams?.includes(team) ?? true));
}

/** Whether one may run what others publish: an operation by its name, or what is none (an automation) where `operation` is missing. */
export function reachesPublished({ grants }: Pick<Rights, "grants">, operation: string | undefined): boolean {
  const named = (on: Grant["on"]) => on?.operation === undefined || (operation !== undefined && on.operation.includes(operation));
  return grants.some(({ permission, on }) => permission === "commands.run" && named(on));
}

/** Whether a permission over entities counts for some of this blueprint. */
export function reachesBlueprint({ grants }: Pick<Rights, "grants">, permission: Permission, blueprint: string): boolean {
  return grants.some((grant) => grant.permission === permission && (grant.on?.blueprint?.includes(blueprint) ?? true));
}

/** Some of a blueprint's entities, and some of their fields (their ids): all where it doesn't say. */
export interface EntityLimit {
  fields?: readonly string[];
  records: Records;
  filter?: Readonly<Record<string, unknown>>;
}

/**
 * What a permission over entities reaches of a blueprint's: all, or what each of these gives. A field that one of them gives is seen on the entities of
 * that one, not on those of another. Undefined for whoever doesn't hold it there.
 */
export function limitsOf({ grants }: Pick<Rights, "grants">, permission: Permission, key: string): "all" | EntityLimit[] | undefined {
  const held = grants.filter((grant) => grant.permission === permission && (grant.on?.blueprint?.includes(key) ?? true));
  if (held.length === 0) return undefined;
  const limits = held.map(limitOf);
  return limits.some(isUnlimited) ? "all" : limits;
}

/** The keys of the blueprints of whose entities somebody may see everything. */
export function wholeBlueprints({ grants }: Pick<Rights, "grants">): "all" | string[] {
  const whole = grants.filter((grant) => grant.permission === "entities.read" && isUnlimited(limitOf(grant)));
  return whole.some(({ on }) => on?.blueprint === undefined) ? "all" : [...new Set(whole.flatMap(({ on }) => on?.blueprint ?? []))];
}

function limitOf({ on, records = "all", filter }: Grant): EntityLimit {
  return { ...(on?.field === undefined ? {} : { fields: on.field }), records, ...(filter === undefined ? {} : { filter }) };
}

function isUnlimited({ fields, records, filter }: EntityLimit): boolean {
  return fields === undefined && records === "all" && filter === undefined;
}

/** Nobody gives what they don't have: whether whoever holds `held` may make somebody else hold `given`. */
export function mayGive(held: readonly Grant[], given: readonly Grant[]): boolean {
  return given.every((grant) => held.some((own) => covers(own, grant)));
}

/** `team` means the teams of whoever holds it: given to somebody of another team it reaches what the giver doesn't see. */
function covers(held: Grant, given: Grant): boolean {
  if (held.permission !== given.permission || !within(given.on?.operation, held.on?.operation)) return false;
  if (!within(given.on?.blueprint, held.on?.blueprint) || !within(given.on?.field, held.on?.field)) return false;
  if (held.filter !== undefined && !narrows(given.filter, held.filter)) return false;
  if (given.records === "own") return true;
  return (held.records ?? "all") === "all" && within(given.on?.inbox, held.on?.inbox) && within(given.on?.team, held.on?.team);
}

/** Whether a filter is this one, or this one and more: what else may be the same is not looked for. */
function narrows(given: Grant["filter"], held: NonNullable<Grant["filter"]>): boolean {
  const parts: unknown = given?.["and"];
  return isDeepStrictEqual(given, held) || (Array.isArray(parts) && parts.some((part) => isDeepStrictEqual(part, held)));
}

function within(given: readonly string[] | undefined, held: readonly string[] | undefined): boolean {
  return held === undefined || (given?.every((id) => held.includes(id)) ?? false);
}

function placeOf({ on, records = "all" }: Grant, myTeams: readonly string[]): Place | undefined {
  if (records === "own") return undefined;
  const teams = records === "team" ? (on?.team?.filter((team) => myTeams.includes(team)) ?? myTeams) : on?.team;
  return { ...(on?.inbox === undefined ? {} : { inboxes: on.inbox }), ...(teams === undefined ? {} : { teams }) };
}
