import { reachesBlueprint } from "../../access/policy.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { TenantSql } from "../../platform/database/database.ts";
import type { Field } from "../../protocol/blueprints.ts";
import { shownShort } from "../../protocol/sentence.ts";
import type { FieldDraft } from "../blueprint.ts";
import { findBlueprint } from "../blueprints/blueprintStore.ts";
import type { Around } from "../formulas/checkFormulas.ts";
import { relatedIn } from "../formulas/formula.ts";
import { wrong } from "../sentences/definitions/sentences.ts";

/**
 * The blueprints that relations and formulas of one name, with their fields. Relations lead to those that there are, as far as whoever writes them may see;
 * also in a circle, and to itself. One that stood there before may stay, whatever became of it. Refusal `invalid_value` with the path.
 */
export async function readAround(
  sql: TenantSql,
  by: AccountPrincipal,
  { key, fields, before }: { key: string; fields: readonly FieldDraft[]; before: readonly FieldDraft[] },
): Promise<Around> {
  const known = new Set([key, ...before.flatMap(({ blueprint = [] }) => blueprint)]);
  const related = new Map<string, readonly Field[]>();
  for (const [index, { name, blueprint, formula }] of fields.entries()) {
    const over = formula === undefined ? undefined : relatedIn(formula)?.blueprint;
    for (const other of [blueprint, over]) {
      if (other === undefined || other === key || related.has(other)) continue;
      const found = await findBlueprint(sql, other);
      const isUsable = found !== undefined && found.trashedAt === null && reachesBlueprint(by, "entities.read", other);
      if (isUsable || (found !== undefined && known.has(other))) related.set(other, found.definition.fields);
      else if (other === blueprint && !known.has(other))
        throw wrong(`fields.${index}.blueprint`, (say) => say.leadsNowhere(name, shownShort(other)));
    }
  }
  return { key, related };
}
