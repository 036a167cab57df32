import type { AccountPrincipal } from "../../access/principal.ts";
import type { Sql } from "../../platform/database/database.ts";
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
import { told } from "../sentences/sentences.ts";
import { shownValues } from "../values.ts";
import type { Problem } from "./bulkStore.ts";

/**
 * What shall become of each of some hundred, in their order: as `rewriteEntity` takes it, or why nothing. What it asks for all of them it asks of `sql`:
 * where that is a transaction, it takes no connection beside it.
 */
export type Decide = (seen: readonly SeenEntity[], sql: Pick<Sql, "query">) => Promise<(Rewritten | Refusal)[]>;

/** Each by itself: what one is refused for stops none of the others. */
export function oneByOne(decide: (seen: SeenEntity) => Rewritten): Decide {
  return async (seen) => seen.map((one) => orRefusal(() => decide(one)));
}

/** What is written of one, with what it was; or why nothing is: it is so already where there is no problem. */
export type Decided = SeenEntity & ({ change: ChangedEntity } | { change?: undefined; problem?: Problem });

/** The fields of each entity's own version. */
export function versionsOf(sql: Pick<Sql, "query">, blueprint: ReachedBlueprint) {
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

/** Lets each be decided, and looks whether what they write stays within their reach. */
export async function decideAll(
  sql: Pick<Sql, "query">,
  { by, at }: { by: AccountPrincipal; at: Date },
  blueprint: ReachedBlueprint,
  seen: readonly SeenEntity[],
  decide: Decide,
): Promise<Decided[]> {
  const decided = await decide(seen, sql);
  const wanted = seen.map((one, index) => {
    const rewritten = decided[index];
    if (rewritten === undefined) throw new Error("of each is decided what becomes of it");
    return { one, rewritten, change: rewritten instanceof Refusal ? undefined : changeOf(one, rewritten) };
  });
  const standing = await standingIn(
    sql,
    blueprint,
    wanted.map(({ one: { entity }, change }) => (change === undefined ? entity : standingAfter(entity, change, { by, at }))),
  );
  return wanted.map(({ one, rewritten, change }, index): Decided => {
    const stands = standing[index];
    if (rewritten instanceof Refusal) return { ...one, problem: problemOf(one, rewritten, by) };
    if (change === undefined || stands === undefined) return one;
    const refused = orRefusal(() => requireYours(one, change, stands, rewritten.written));
    return refused instanceof Refusal ? { ...one, problem: problemOf(one, refused, by) } : { ...one, change };
  });
}

function requireYours(
  { blueprint, entity, fields }: SeenEntity,
  { content }: ChangedEntity,
  standing: StoredEntity,
  written: Rewritten["written"],
): void {
  if (written !== undefined) requireWithin(blueprint, fields, standing, written, "values");
  if (newFiles(fields, entity.id, content, entity.content).length > 0)
    throw new Refusal(
      "invalid_value",
      told((say) => say.oneFileEach),
      { path: "values" },
    );
}

/** In words of whoever asks. */
export function problemOf(seen: SeenEntity, refusal: Refusal, { language = "en" }: Pick<AccountPrincipal, "language">): Problem {
  return { title: titleOfSeen(seen), message: refusal.in(language) };
}

export const anotherUnique = new Refusal(
  "conflict",
  told((say) => say.anotherUnique),
);
export const sameMoment = new Refusal(
  "conflict",
  told((say) => say.sameMoment),
);

/** What whoever asks calls it. */
export function titleOfSeen({ blueprint, entity, fields }: SeenEntity): string {
  const seen = fieldsOn(blueprint.reach, fields, entity.parts);
  return titleOf(seen, { id: entity.id, values: shownValues(seen, entity.content) });
}

function orRefusal<Result>(work: () => Result): Result | Refusal {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
