import type { AccountPrincipal } from "../../access/principal.ts";
import { readTenant } from "../../access/tenants/tenantStore.ts";
import type { TenantSql } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import { type Field, fieldWords } from "../../protocol/blueprints.ts";
import type { PlannedChange } from "../../protocol/commands.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { shownShort } from "../../protocol/sentence.ts";
import { findVersions, type StoredBlueprint } from "../blueprints/blueprintStore.ts";
import { requireBlueprint } from "../blueprints/saveBlueprints.ts";
import { titleOf } from "../entityBlocks.ts";
import { referencesOf, unlike } from "../named/namedIds.ts";
import { requireUsable } from "../rewriteEntity.ts";
import { toldOf, wrong } from "../sentences/definitions/sentences.ts";
import { tellOfEntities } from "../tellEntities.ts";
import { uniqueOf, without } from "../uniqueValues.ts";
import { type StoredValues, shownValues } from "../values.ts";
import { isSame, type Migrated, migrateContent, missingFields, type Way } from "./migrateContent.ts";
import { countToMigrate, listToMigrate, type MigratedEntity, type OldEntity, type ToMigrate, writeMigrated } from "./migrationStore.ts";

export type MigrationOutside = Pick<Platform, "database" | "bus" | "clock">;

/** A migration as somebody asks for it. */
export interface Asked {
  /** The version that entities shall fit; the latest where nothing is said. */
  to?: number | undefined;
  /** Their ids; all of other versions where nothing is said. */
  entities?: readonly string[] | undefined;
  /** Whether entities with a value that fits nowhere stay as they are, or leave that field empty. */
  unfit: "skip" | "empty";
  replace?: Way["replace"] | undefined;
  fill?: Way["fill"] | undefined;
}

/** How far a migration came. */
export interface Outcome {
  to: number;
  /** Of those that were of other versions when it began. */
  of: number;
  migrated: number;
  /** Those that stay as they are, for a value that fits nowhere or that another has. */
  skipped: number;
  /** By the keys of fields: how many had a value that fits nowhere, and some of these. */
  unfit: Record<string, { count: number; samples: string[] }>;
}

const batch = 1000;
const passes = 3;
const firstId = "00000000-0000-0000-0000-000000000000";

/**
 * Brings entities to a version of their blueprint, batch by batch, until `signal` ends it; whoever asks again goes on where it stopped. Nothing that the way
 * back needs is lost. Refusals: `not_found`, `conflict` where the blueprint is in the trash, `invalid_value`.
 */
export async function migrateEntities(
  outside: MigrationOutside,
  by: AccountPrincipal,
  key: string,
  asked: Asked,
  { signal, progress }: { signal: AbortSignal; progress: (outcome: Outcome) => void },
): Promise<Outcome> {
  const { blueprint, toMigrate, ways } = await prepare(outside, by, key, asked);
  const sql = outside.database.forTenant(by.tenant);
  const outcome: Outcome = { to: toMigrate.to, of: await countToMigrate(sql, toMigrate), migrated: 0, skipped: 0, unfit: {} };
  // What others change in the same moment is seen again by the next pass.
  for (let pass = 0, missed = true; pass < passes && missed && !signal.aborted; pass++) {
    missed = false;
    outcome.skipped = 0;
    outcome.unfit = {};
    // The next batch is read and thought about while one is written.
    let writing = Promise.resolve();
    for (let after = firstId; !signal.aborted; ) {
      const rows = await listToMigrate(sql, toMigrate, { after, limit: batch });
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.id;
      const wayOf = await ways(rows);
      const decided = rows.map((row) => decide(row, wayOf(row), asked.unfit));
      await writing;
      if (signal.aborted) break;
      for (const one of decided) note(outcome, one);
      const wanted = decided.flatMap(({ change }) => change ?? []);
      writing = migrateRows({ outside, by, blueprint, sql, toMigrate }, wanted, outcome).then((written) => {
        missed ||= written.missed;
        progress(outcome);
      });
      // It is heard when it is waited for.
      writing.catch(() => {});
    }
    await writing;
  }
  return outcome;
}

const mostLookedAt = 10_000;
const mostSamples = 5;

/** What a migration would do, by a look at the first 10,000, with some of them field by field; it changes nothing. Refusals as `migrateEntities`. */
export async function previewMigration(
  outside: MigrationOutside,
  by: AccountPrincipal,
  key: string,
  asked: Asked,
): Promise<Outcome & { lookedAt: number; rows: PlannedChange[] }> {
  const { toMigrate, ways } = await prepare(outside, by, key, asked);
  const sql = outside.database.forTenant(by.tenant);
  const outcome: Outcome = { to: toMigrate.to, of: await countToMigrate(sql, toMigrate), migrated: 0, skipped: 0, unfit: {} };
  const samples: PlannedChange[][] = [];
  let lookedAt = 0;
  for (let after = firstId; lookedAt < mostLookedAt; ) {
    const rows = await listToMigrate(sql, toMigrate, { after, limit: batch });
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
    lookedAt += rows.length;
    const wayOf = await ways(rows);
    for (const row of rows) {
      const way = wayOf(row);
      const decided = decide(row, way, asked.unfit);
      note(outcome, decided);
      if (decided.change !== undefined) outcome.migrated++;
      if (samples.length < mostSamples) samples.push(sampleOf(row, decided.migrated, way));
    }
  }
  return { ...outcome, lookedAt, rows: samples.flat() };
}

/** Each field that is another, as people read it. */
function sampleOf({ id, content }: OldEntity, { content: after }: Migrated, { from, to }: Way): PlannedChange[] {
  const [was, is] = [shownValues(from, content), shownValues(to, after)];
  const title = titleOf(to, { id, values: is });
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key): PlannedChange[] => {
    const [before, then] = [fieldWords(ownValue(was, key)), fieldWords(ownValue(is, key))];
    return before === then ? [] : [{ text: `${title}: ${key}`, kind: "change", before, after: then }];
  });
}

async function prepare(outside: MigrationOutside, by: AccountPrincipal, key: string, { to, entities, replace, fill }: Asked) {
  const { tenant } = by;
  const latest = await requireUsable(outside, by, key);
  // A preview tells values, and a version is for all of them.
  if (latest.reach !== "all" || latest.changes !== "all")
    throw new Refusal(
      "forbidden",
      toldOf((say) => say.migratesWhole(key)),
      {
        path: "blueprint",
      },
    );
  const blueprint = to === undefined || to === latest.number ? latest : await requireBlueprint(outside, tenant, key, to);
  const fields = blueprint.definition.fields;
  refuseUnknown(fields, replace, "replace");
  refuseUnknown(fields, fill, "fill");
  const { timeZone: zone } = await readTenant(outside.database.acrossTenants, tenant);
  const known = new Map<number, readonly Field[]>();
  const sql = outside.database.forTenant(tenant);
  const ways = async (rows: readonly OldEntity[]): Promise<(row: OldEntity) => Way> => {
    const missing = [...new Set(rows.map(({ blueprintVersion }) => blueprintVersion))].filter((number) => !known.has(number));
    if (missing.length > 0)
      for (const [number, definition] of await findVersions(sql, blueprint.id, missing)) known.set(number, definition.fields);
    return ({ blueprintVersion }) => ({
      from: known.get(blueprintVersion) ?? [],
      to: fields,
      zone,
      ...(replace === undefined ? {} : { replace }),
      ...(fill === undefined ? {} : { fill }),
    });
  };
  const toMigrate: ToMigrate = { blueprint: blueprint.id, to: blueprint.number, entities };
  return { blueprint, toMigrate, ways };
}

function refuseUnknown(fields: readonly Field[], said: object | undefined, path: string): void {
  const unknown = Object.keys(said ?? {}).find((key) => !fields.some((field) => field.key === key));
  if (unknown !== undefined) throw wrong(`${path}.${unknown.slice(0, 60)}`, (say) => say.noFieldInVersion(shownShort(unknown)));
}

interface Migrating {
  outside: MigrationOutside;
  by: AccountPrincipal;
  blueprint: StoredBlueprint;
  sql: TenantSql;
  toMigrate: ToMigrate;
}

/** Writes a batch; where one of it has a value that another has, one by one. */
async function migrateRows(
  { outside, by, blueprint, sql, toMigrate }: Migrating,
  wanted: readonly MigratedEntity[],
  outcome: Outcome,
): Promise<{ missed: boolean }> {
  const doing = { by: by.account, at: new Date(outside.clock.now()) };
  const together = await writeMigrated(sql, toMigrate, wanted, doing);
  const written = together ?? new Set<string>();
  let missed = together !== undefined && together.size < wanted.length;
  if (together === undefined) {
    for (const one of wanted) {
      const alone = await writeMigrated(sql, toMigrate, [one], doing);
      if (alone === undefined) outcome.skipped++;
      else if (alone.size === 0) missed = true;
      else written.add(one.id);
    }
  }
  outcome.migrated += written.size;
  if (written.size > 0)
    tellOfEntities(
      outside,
      by.tenant,
      blueprint,
      [...written].map((id) => ({ id })),
    );
  return { missed };
}

interface Decided {
  migrated: Migrated;
  /** What is written; undefined where it stays as it is. */
  change: MigratedEntity | undefined;
}

function decide(row: OldEntity, way: Way, how: Asked["unfit"]): Decided {
  const migrated = migrateContent(way, row.content, row.kept);
  const isUnfit = ({ key }: Field) => migrated.unfit.some(({ field }) => field === key);
  const stays = migrated.unfit.length > 0 && (how === "skip" || missingFields(way.to, migrated.content).some(isUnfit));
  return { migrated, change: stays ? undefined : changeOf(row, migrated, way) };
}

function changeOf(row: OldEntity, { content, kept }: Migrated, { from, to }: Way): MigratedEntity {
  const [had, has] = row.trashed ? [[], []] : [uniqueOf(from, row.content), uniqueOf(to, content)];
  return {
    id: row.id,
    seen: row.version,
    content,
    kept,
    before: differing(row.content, content),
    after: differing(content, row.content),
    freed: without(had, has),
    taken: without(has, had),
    // What is kept for the way back still counts as held: nobody else may take it away meanwhile.
    left: unlike(referencesOf(staying(from, to), row.content), referencesOf(to, content)),
    met: unlike(referencesOf(to, content), referencesOf(from, row.content)),
  };
}

function staying(from: readonly Field[], to: readonly Field[]): Field[] {
  return from.filter(({ id }) => to.some((field) => field.id === id));
}

const mostTold = 5;

function note(outcome: Outcome, { migrated, change }: Decided): void {
  if (change === undefined) outcome.skipped++;
  for (const { field, value } of migrated.unfit) {
    const noted = outcome.unfit[field] ?? { count: 0, samples: [] };
    outcome.unfit[field] = noted;
    noted.count++;
    const words = value === undefined ? "" : String(value).slice(0, 100);
    if (words !== "" && noted.samples.length < mostTold && !noted.samples.includes(words)) noted.samples.push(words);
  }
}

/** The values that stand in one and not so in the other. */
function differing(one: StoredValues, other: StoredValues): StoredValues {
  return Object.fromEntries(Object.entries(one).filter(([id, value]) => !isSame(other[id], value)));
}
