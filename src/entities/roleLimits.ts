import { validate as isId } from "uuid";
import { z } from "zod";
import { type EntityLimit, limitsOf } from "../access/policy.ts";
import type { Grant } from "../access/roles/roles.ts";
import type { Database } from "../platform/database/database.ts";
import type { Field } from "../protocol/blueprints.ts";
import { inShape } from "../protocol/inShape.ts";
import { checkFilter } from "../protocol/lists/filter.ts";
import type { ListField } from "../protocol/lists/listFields.ts";
import type { RoleLimit } from "../protocol/people.ts";
import { Refusal } from "../protocol/refusal.ts";
import { renamedFilter } from "../protocol/renamedFlow.ts";
import { shownShort } from "../protocol/sentence.ts";
import { findBlueprint, type StoredBlueprint } from "./blueprints/blueprintStore.ts";
import { fieldKinds } from "./fields/fieldKinds.ts";
import { listedFields } from "./listedFields.ts";
import { whoFields } from "./reach.ts";
import { wrong } from "./sentences/definitions/sentences.ts";

interface Outside {
  database: Pick<Database, "forTenant">;
}

const shape = z.strictObject({
  read: z.array(z.string()).optional(),
  write: z.array(z.string()).optional(),
  records: z.enum(["own", "team", "all"]).optional(),
  filter: z.record(z.string(), z.unknown()).optional(),
});

/**
 * To what of a blueprint's entities a role is limited, as somebody says it: by the keys of fields. What is read may be written where nothing else is said.
 * Refusals: `invalid_value` under `path`.
 */
export async function readLimit(
  { database }: Outside,
  tenant: string,
  key: string,
  said: unknown,
  path: string,
): Promise<{ read: EntityLimit; change: EntityLimit }> {
  const { read, write, records = "all", filter } = inShape(shape, said, path);
  const found = await findBlueprint(database.forTenant(tenant), key);
  if (found === undefined) throw wrong(path, (say) => say.noBlueprintCalled(shownShort(key)));
  const { fields } = found.definition;
  const reads = read?.map((name, index) => fieldOf(fields, name, `${path}.read.${index}`));
  const writes = write?.map((name, index) => fieldOf(fields, name, `${path}.write.${index}`));
  const given = writes?.findIndex(({ type }) => fieldKinds[type].given === true) ?? -1;
  if (given >= 0) throw wrong(`${path}.write.${given}`, (say) => say.nobodyWrites(shownShort(write?.[given])));
  const unseen = writes?.findIndex((field) => reads !== undefined && !reads.includes(field)) ?? -1;
  if (unseen >= 0) throw wrong(`${path}.write.${unseen}`, (say) => say.writtenIsRead(shownShort(write?.[unseen])));
  const rule = filter === undefined ? {} : { filter: filterById(fields, filter, `${path}.filter`) };
  const limit = (chosen: readonly Field[] | undefined): EntityLimit => {
    return { ...(chosen === undefined ? {} : { fields: chosen.map(({ id }) => id) }), records, ...rule };
  };
  return { read: limit(reads), change: limit(writes ?? reads) };
}

/** The limits of a role, by blueprints, as `readLimit` reads them; what isn't there any more is left out of it. */
export async function shownLimits({ database }: Outside, tenant: string, grants: readonly Grant[]): Promise<Record<string, RoleLimit>> {
  const named = new Set(grants.flatMap(({ on, filter, records }) => (isLimited({ on, filter, records }) ? (on?.blueprint ?? []) : [])));
  const shown = await Promise.all(
    [...named].map(async (key): Promise<[string, RoleLimit][]> => {
      const found = await findBlueprint(database.forTenant(tenant), key);
      return found === undefined ? [] : [[key, limitOf(found, grants)]];
    }),
  );
  return Object.fromEntries(shown.flat());
}

function limitOf({ key, definition: { fields } }: StoredBlueprint, grants: readonly Grant[]): RoleLimit {
  const [read, change] = (["entities.read", "entities.change"] as const).map((permission) => {
    const limits = limitsOf({ grants }, permission, key);
    return limits === "all" || limits === undefined ? undefined : limits[0];
  });
  const keys = (limit: EntityLimit | undefined) => fields.filter(({ id }) => limit?.fields?.includes(id)).map((field) => field.key);
  const { records = "all", filter } = read ?? change ?? {};
  const named = (id: string) => fields.find((field) => field.id === id)?.key ?? id;
  return {
    ...(read?.fields === undefined ? {} : { read: keys(read) }),
    ...(change?.fields === undefined ? {} : { write: keys(change) }),
    ...(records === "all" ? {} : { records }),
    ...(filter === undefined ? {} : { filter: renamedFilter(filter, named) }),
  };
}

function isLimited({ on, filter, records = "all" }: { on: Grant["on"]; filter: Grant["filter"]; records: Grant["records"] }): boolean {
  return on?.field !== undefined || filter !== undefined || records !== "all";
}

/** As it is kept: by the ids of fields, which stay when they are renamed. */
function filterById(fields: readonly Field[], filter: Readonly<Record<string, unknown>>, path: string): Record<string, unknown> {
  try {
    checkFilter({ ...whoFields, ...listedFields(fields) }, JSON.stringify(filter));
  } catch (error) {
    throw error instanceof Refusal ? error.movedTo(`${path}${(error.path ?? "filter").replace(/^filter/, "")}`) : error;
  }
  requireIds({ ...whoFields, ...listedFields(fields) }, filter, path);
  return renamedFilter(filter, (key) => fields.find((field) => field.key === key)?.id ?? key);
}

/** Whom a rule names, it names by their id, or as `me`: by another word it would give nothing, without a word. */
function requireIds(fields: Readonly<Record<string, ListField>>, written: unknown, path: string): void {
  if (typeof written !== "object" || written === null) return;
  for (const [name, inner] of Object.entries(written)) {
    const at = `${path}.${name.slice(0, 60)}`;
    const words: unknown[] = Object.hasOwn(fields, name) && fields[name]?.type === "id" ? Object.values(Object(inner)).flat() : [];
    const strange = words.find((word) => typeof word === "string" && word !== "me" && !isId(word));
    if (strange !== undefined) throw wrong(at, (say) => say.comparedWithPerson(name));
    requireIds(fields, inner, at);
  }
}

function fieldOf(fields: readonly Field[], name: string, path: string): Field {
  const found = fields.find(({ key }) => key === name);
  if (found !== undefined) return found;
  throw wrong(path, (say) => say.noFieldAmong(shownShort(name), fields.map(({ key }) => key).join(", ")));
}
