import { Temporal } from "temporal-polyfill";
import { readTenant } from "../../access/tenants/tenantStore.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Named, NamedValue } from "../../protocol/blueprints.ts";
import type { EntityCount, EntityGroup, GroupUnit } from "../../protocol/entityGroups.ts";
import { blueprintFor } from "../blueprints/saveBlueprints.ts";
import { entityList } from "../entityList.ts";
import { tableOf } from "../indexes/fieldIndexes.ts";
import { namedFilter } from "../named/namedFilter.ts";
import { nameIds } from "../named/nameValues.ts";
import type { Reader } from "../reach.ts";
import { countEntities, countedFrom, estimateEntities, gatherEntities, gatheredFrom, type StoredGroup } from "./groupStore.ts";
import { type AggregateTerm, aggregateTermsIn, type GroupTerm, groupTermsIn } from "./groupTerms.ts";

interface Outside {
  database: Pick<Database, "forTenant" | "acrossTenants" | "aside">;
}

export interface GroupRequest {
  /** `status,created_at:month`; nothing for one group of all. */
  by: string;
  /** `sum:qty,avg:price` */
  aggregate: string;
  filter?: string | undefined;
}

export const mostGroups = 1000;

/** The entities of a blueprint in groups, at most `mostGroups`, with what is asked of each. Refusals: `not_found`, `invalid_value` with `by`, `aggregate` or `filter…`. */
export async function readGroups(
  { database }: Outside,
  by: Reader,
  key: string,
  request: GroupRequest,
): Promise<{ items: EntityGroup[]; truncated: boolean; named: Named }> {
  const blueprint = await blueprintFor({ database }, by, "entities.read", key);
  const list = entityList(blueprint.definition.fields, blueprint.reach, gatheredFrom);
  const terms = groupTermsIn(list, blueprint.definition.fields, request.by);
  const aggregates = aggregateTermsIn(list, request.aggregate);
  const { timeZone: zone } = terms.some(({ unit }) => unit !== undefined)
    ? await readTenant(database.acrossTenants, by.tenant)
    : { timeZone: "UTC" };
  const filter = await namedFilter({ database }, by, blueprint.definition.fields, request.filter);
  const asked = { filter, by: terms, aggregates, zone, limit: mostGroups + 1 };
  const groups = await gatherEntities(database.aside.forTenant(by.tenant), blueprint.id, list, asked);
  const shown = groups.slice(0, mostGroups);
  const named = await nameGroups({ database }, by, terms, shown);
  return {
    items: inOrderOfNames(shown, terms, named).map((group) => viewOfGroup(group, { terms, aggregates, zone })),
    truncated: groups.length > mostGroups,
    named: Object.fromEntries(named),
  };
}

/** What the people and the entities are called by which these groups are gathered, as far as whoever asks may see it. */
async function nameGroups(
  outside: Outside,
  by: Reader,
  terms: readonly GroupTerm[],
  groups: readonly StoredGroup[],
): Promise<Map<string, NamedValue>> {
  const named = new Map<string, NamedValue>();
  for (const [index, { names }] of terms.entries()) {
    if (names === undefined) continue;
    const ids = [...new Set(groups.flatMap((group) => group.by[index] ?? []))];
    for (const [id, value] of await nameIds(outside, by, names, ids)) named.set(id, value);
  }
  return named;
}

/** The database knows ids only: what they name comes in the order of the names, within what stands before it; what has no name after it. */
function inOrderOfNames(
  groups: readonly StoredGroup[],
  terms: readonly GroupTerm[],
  named: ReadonlyMap<string, NamedValue>,
  place = 0,
): StoredGroup[] {
  const term = terms[place];
  if (term === undefined) return [...groups];
  const runs = new Map<string | null, StoredGroup[]>();
  for (const group of groups) {
    const word = group.by[place] ?? null;
    const run = runs.get(word);
    if (run === undefined) runs.set(word, [group]);
    else run.push(group);
  }
  const title = (word: string | null) => (word === null ? undefined : named.get(word)?.title);
  const sorted =
    term.names === undefined
      ? [...runs]
      : [...runs].sort(([one], [other]) => byTitle(title(one), title(other)) || Number(one === null) - Number(other === null));
  return sorted.flatMap(([, run]) => inOrderOfNames(run, terms, named, place + 1));
}

function byTitle(one: string | undefined, other: string | undefined): number {
  return one === undefined || other === undefined ? Number(one === undefined) - Number(other === undefined) : one.localeCompare(other);
}

/** So many are counted one by one. */
const mostCounted = 10_000;
/** Of 8 KiB each: some 20,000 entities. */
const sampledPages = 1000;

/** How many entities of a blueprint pass a filter. Refusals: `not_found`, `invalid_value` with `filter…`. */
export async function readCount(
  { database }: Outside,
  by: Reader,
  key: string,
  { filter: written, trashed }: { filter?: string | undefined; trashed: boolean },
): Promise<EntityCount> {
  const blueprint = await blueprintFor({ database }, by, "entities.read", key);
  const list = entityList(blueprint.definition.fields, blueprint.reach, countedFrom);
  const filter = await namedFilter({ database }, by, blueprint.definition.fields, written);
  const sql = database.aside.forTenant(by.tenant);
  const counted = await countEntities(sql, blueprint.id, list, { filter, trashed, most: mostCounted + 1 });
  if (counted <= mostCounted) return { count: counted, exact: true };
  const table = { table: tableOf(blueprint.id), blueprint: blueprint.id };
  const estimated = await estimateEntities(sql, table, list, { filter, trashed, pages: sampledPages });
  return { count: Math.max(counted, rounded(estimated)), exact: false };
}

/** To two digits: it isn't known better. */
function rounded(count: number): number {
  return Number(count.toPrecision(2));
}

interface Terms {
  terms: readonly GroupTerm[];
  aggregates: readonly AggregateTerm[];
  zone: string;
}

function viewOfGroup({ by, count, aggregates: values }: StoredGroup, { terms, aggregates, zone }: Terms): EntityGroup {
  const words = terms.map((term, index) => ({ term, word: by[index] ?? null }));
  return {
    by: Object.fromEntries(words.map(({ term, word }) => [term.key, word === null ? null : groupValue(term.field.type, word)])),
    count,
    aggregates: Object.fromEntries(
      aggregates.map(({ name, of, field }, index) => [name, aggregateValue(of, field.type, values[index] ?? null)]),
    ),
    filter: { and: words.map(({ term, word }) => filterOf(term, word, zone)) },
  };
}

function groupValue(type: GroupTerm["field"]["type"], word: string): string | number | boolean {
  if (type === "integer") return Number(word);
  return type === "boolean" ? word === "true" : word;
}

function aggregateValue(of: AggregateTerm["of"], type: GroupTerm["field"]["type"], word: string | null): string | number | null {
  if (word === null) return null;
  return of === "count" || (type === "integer" && (of === "min" || of === "max")) ? Number(word) : word;
}

/** What the entities of a group have, and no others. */
function filterOf({ key, field, unit }: GroupTerm, word: string | null, zone: string): Record<string, unknown> {
  if (word === null) return { [key]: { empty: true } };
  if (unit === undefined) return { [key]: { eq: groupValue(field.type, word) } };
  const begin = Temporal.PlainDate.from(word);
  const end = begin.add(lengths[unit]);
  if (field.type === "date") return unit === "day" ? { [key]: { eq: word } } : { [key]: { gte: word, ...before(end.toString()) } };
  const instantOf = (day: Temporal.PlainDate) => day.toZonedDateTime(zone).toInstant().toString({ fractionalSecondDigits: 3 });
  return { [key]: { gte: instantOf(begin), ...before(instantOf(end)) } };
}

const lengths: Readonly<Record<GroupUnit, Temporal.DurationLike>> = {
  day: { days: 1 },
  week: { weeks: 1 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 },
};

/** Nothing is behind the year 9999. */
function before(end: string): { lt?: string } {
  return /^\d{4}-/.test(end) ? { lt: end } : {};
}
