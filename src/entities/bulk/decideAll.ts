import type { AccountPrincipal } from "../../access/principal.ts";
import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { Field } from "../../protocol/blueprints.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { findVersions } from "../blueprints/blueprintStore.ts";
import type { ChangedEntity } from "../changeStore.ts";
import { titleOf } from "../entityBlocks.ts";
import type { StoredEntity } from "../entityStore.ts";
import { newFiles } from "../named/namedIds.ts";
import { fieldsOn, type ReachedBlueprint } from "../reach.ts";
import { requireWithin, standingIn } from "../reachWrites.ts";
import { changeOf, type Rewritten, type SeenEntity, standingAfter } from "../rewriteEntity.ts";
import { shownValues } from "../values.ts";
import type { Problem } from "./bulkStore.ts";

/** What shall become of each: as `rewriteEntity` takes it. */
export type Decide = (seen: SeenEntity) => Rewritten | Promise<Rewritten>;

/** What is written of one, with what it was; or why nothing is: it is so already where there is no problem. */
export type Decided = SeenEntity & ({ change: ChangedEntity } | { change?: undefined; problem?: Problem });

/** The fields of each entity's own version. */
export function versionsOf(sql: TenantSql, blueprint: ReachedBlueprint) {
  const known = new Map<number, readonly Field[]>([[blueprint.number, blueprint.definition.fields]]);
  return async (rows: readonly StoredEntity[]): Promise<SeenEntity[]> => {
    const missing = [...new Set(rows.map(({ blueprintVersion }) => blueprintVersion))].filter((number) => !known.has(number));
    if (missing.length > 0)
      for (const [number, definition] of await findVersions(sql, blueprint.id, missing)) known.set(number, definition.fields);
    return rows.map((entity) => ({
      blueprint,
      entity,
      fields: known.get(entity.blueprintVersion) ?? blueprint.definition.fields,
    }));
  };
}

/** Lets each be decided; what one is refused for is its own, and stops none of the others. */
export async function decideAll(
  sql: Pick<Sql, "query">,
  { by, at }: { by: AccountPrincipal; at: Date },
  blueprint: ReachedBlueprint,
  seen: readonly SeenEntity[],
  decide: Decide,
): Promise<Decided[]> {
  const wanted: { one: SeenEntity; change: ChangedEntity | undefined; rewritten: Rewritten | Refusal }[] = [];
  for (const one of seen) {
    const rewritten = await orRefusal(() => decide(one));
    wanted.push({ one, rewritten, change: rewritten instanceof Refusal ? undefined : changeOf(one, rewritten) });
  }
  const standing = await standingIn(
    sql,
    blueprint,
    wanted.map(({ one: { entity }, change }) => (change === undefined ? entity : standingAfter(entity, change, { by, at }))),
  );
  return await Promise.all(
    wanted.map(async ({ one, rewritten, change }, index): Promise<Decided> => {
      const stands = standing[index];
      if (rewritten instanceof Refusal) return { ...one, problem: problemOf(one, rewritten) };
      if (change === undefined || stands === undefined) return one;
      const refused = await orRefusal(() => requireYours(one, change, stands, rewritten.written));
      return refused instanceof Refusal ? { ...one, problem: problemOf(one, refused) } : { ...one, change };
    }),
  );
}

function requireYours(
  { blueprint, entity, fields }: SeenEntity,
  { content }: ChangedEntity,
  standing: StoredEntity,
  written: Rewritten["written"],
): void {
  if (written !== undefined) requireWithin(blueprint, fields, standing, written, "values");
  if (newFiles(fields, entity.id, content, entity.content).length > 0)
    throw new Refusal("invalid_value", "A file belongs to one entity; give it to each by itself.", { path: "values" });
}

export function problemOf({ blueprint, entity, fields }: SeenEntity, { message }: Pick<Refusal, "message">): Problem {
  return { title: titleOfSeen({ blueprint, entity, fields }), message };
}

/** What whoever asks calls it. */
export function titleOfSeen({ blueprint, entity, fields }: SeenEntity): string {
  const seen = fieldsOn(blueprint.reach, fields, entity.parts);
  return titleOf(seen, { id: entity.id, values: shownValues(seen, entity.content) });
}

async function orRefusal<Result>(work: () => Result | Promise<Result>): Promise<Result | Refusal> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal && error.code !== "unavailable") return error;
    throw error;
  }
}
