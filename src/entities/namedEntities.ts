import type { AccountPrincipal, Principal } from "../access/principal.ts";
import type { StaffCommand } from "../commands/command.ts";
import type { Database } from "../platform/database/database.ts";
import { type Field, fieldWords } from "../protocol/blueprints.ts";
import type { ArgSchema, OfferedChoices } from "../protocol/commands.ts";
import { comparedAs } from "../protocol/lists/comparedAs.ts";
import { ownValue } from "../protocol/ownValue.ts";
import { Refusal } from "../protocol/refusal.ts";
import { shownShort } from "../protocol/sentence.ts";
import { blueprintFor } from "./blueprints/saveBlueprints.ts";
import { titleOf } from "./entityBlocks.ts";
import { entityId } from "./entityCommand.ts";
import { fieldKinds } from "./fields/fieldKinds.ts";
import type { NamingOutside } from "./named/nameValues.ts";
import { offerValues } from "./named/offerValues.ts";
import { readEntities, readEntity } from "./readEntities.ts";
import { told } from "./sentences/sentences.ts";
import { isUnique } from "./uniqueValues.ts";
import { unlessMissing } from "./unlessMissing.ts";

interface Outside extends NamingOutside {
  database: Pick<Database, "forTenant" | "aside">;
}

/** Whose number, other unique value or id this is. Refusal `invalid_value` at `path`: nobody learns by it what there is that they may not see. */
export async function findNamedEntity(
  outside: Outside,
  principal: Principal,
  { blueprint, called, path }: { blueprint: string; called: string; path: string },
): Promise<string> {
  const found = mayRead(principal) ? await readEntity(outside, principal, blueprint, called).catch(unlessMissing) : undefined;
  if (found === undefined || found.trashedAt !== null)
    throw new Refusal(
      "invalid_value",
      told((say) => say.noneToSee(shownShort(called), blueprint)),
      { path },
    );
  return found.id;
}

/** Refusal `invalid_value` at `path` where whoever asks can't choose among entities of it. */
export async function requireNameable(
  { database }: Pick<Outside, "database">,
  principal: Principal,
  blueprint: string,
  path: string,
): Promise<void> {
  const found = mayRead(principal)
    ? await blueprintFor({ database }, principal, "entities.read", blueprint).catch(unlessMissing)
    : undefined;
  if (found === undefined || found.trashedAt !== null)
    throw new Refusal(
      "invalid_value",
      told((say) => say.noBlueprintToSee(shownShort(blueprint))),
      { path },
    );
}

/** The argument by which a command of a blueprint is told which entity, and what is offered for it, and for values of these fields, as one types. */
export function chosenEntity(
  outside: Outside,
  key: string,
  fields: readonly Field[] = [],
): { which: ArgSchema; chosen: Pick<StaffCommand, "choices"> } {
  return {
    which: { ...entityId, format: "entity", blueprint: key, choicesFrom: { after: [] } },
    chosen: {
      choices: async ({ principal, argument, query }) => {
        if (argument === "entityId") return await offerEntities(outside, principal, key, query);
        const field = fields.find((one) => one.key === argument);
        const isRelation = field !== undefined && fieldKinds[field.type].names === "entity";
        const offered = isRelation
          ? await offerEntities(outside, principal, field.blueprint ?? "", query)
          : field && (await offerValues(outside, principal, field, query));
        if (offered !== undefined) return offered;
        throw new Refusal(
          "not_found",
          told((say) => say.noChoicesFor(shownShort(argument))),
        );
      },
    },
  };
}

const mostOffered = 20;

/** Those whose number, unique values or first text have what was typed, the newest first, by what they are called. */
export async function offerEntities(
  { database, fileAddresses }: Outside,
  principal: Principal,
  key: string,
  query: string,
): Promise<OfferedChoices> {
  const none = { items: [], truncated: false };
  if (!mayRead(principal)) return none;
  const blueprint = await blueprintFor({ database }, principal, "entities.read", key).catch(unlessMissing);
  if (blueprint === undefined || blueprint.trashedAt !== null) return none;
  const { fields } = blueprint.definition;
  const searched = fields.filter((field) => comparedAs[field.type] === "text" && (isUnique(field) || field === titleField(fields)));
  const wanted = query.trim();
  const filter = { or: searched.map((field) => ({ [field.key]: { contains: wanted } })) };
  const { items, nextCursor } = await readEntities({ database, fileAddresses }, principal, key, {
    limit: mostOffered,
    trashed: false,
    filter: wanted === "" || searched.length === 0 ? undefined : JSON.stringify(filter),
    sort: undefined,
  });
  const called = fields.filter(isUnique).sort((a, b) => Number(b.type === "sequence") - Number(a.type === "sequence"))[0];
  return {
    items: items.map((entity) => {
      const value = (called === undefined ? null : fieldWords(ownValue(entity.values, called.key))) ?? entity.id;
      const title = titleField(fields);
      const words = title === undefined ? null : fieldWords(ownValue(entity.values, title.key));
      return { value, label: words ?? titleOf(fields, entity) };
    }),
    truncated: nextCursor !== null,
  };
}

/** What tells people which it is, besides its number. */
function titleField(fields: readonly Field[]): Field | undefined {
  return fields.find(({ type }) => type === "text");
}

function mayRead(principal: Principal): principal is AccountPrincipal {
  return principal.kind !== "visitor" && principal.permissions.has("entities.read");
}
