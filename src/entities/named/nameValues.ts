import type { FileAddresses } from "../../files/fileAddresses.ts";
import { findHeld } from "../../files/heldFileStore.ts";
import type { Database } from "../../platform/database/database.ts";
import type { EntityView, Field, Named, NamedValue } from "../../protocol/blueprints.ts";
import { blueprintFor } from "../blueprints/saveBlueprints.ts";
import { titleOf } from "../entityBlocks.ts";
import type { StoredEntity } from "../entityStore.ts";
import { type NamedKind, namedKinds } from "../fields/fieldKind.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import { viewOf } from "../findEntities.ts";
import { computeFormulas } from "../formulas/computeFormulas.ts";
import { fieldsOn, type ReachedBlueprint, type Reader } from "../reach.ts";
import { unlessMissing } from "../unlessMissing.ts";
import { type StoredValues, shownValues } from "../values.ts";
import { fieldsNaming, idsNamed, nameNothing } from "./namedIds.ts";
import { findRelated, nameAccounts } from "./namedStore.ts";

export interface NamingOutside {
  database: Pick<Database, "forTenant">;
  fileAddresses: Pick<FileAddresses, "of">;
}

/** An entity with the fields of the version that it fits. */
export interface Shown {
  entity: StoredEntity;
  fields: readonly Field[];
}

/** Entities as whoever asks reads them, with what their values name and what their formulas give. */
export async function viewsOf(
  outside: NamingOutside,
  by: Reader,
  blueprint: Pick<ReachedBlueprint, "id" | "key" | "reach" | "definition">,
  shown: readonly Shown[],
): Promise<EntityView[]> {
  const named = await nameValues(
    outside,
    by,
    shown.map(({ entity, fields }) => ({
      id: entity.id,
      fields: fieldsOn(blueprint.reach, fields, entity.parts),
      contents: [entity.content],
    })),
  );
  const formulas = await computeFormulas(
    outside,
    by,
    blueprint,
    shown.map(({ entity }) => entity),
  );
  return shown.map(({ entity, fields }) => {
    const view = viewOf(blueprint, fields, entity);
    return Object.assign(view, { values: Object.assign(view.values, formulas(entity.id)), named: named(entity.id) });
  });
}

/** The same of one. */
export async function viewOfOne(
  outside: NamingOutside,
  by: Reader,
  blueprint: Pick<ReachedBlueprint, "id" | "key" | "reach" | "definition">,
  shown: Shown,
): Promise<EntityView> {
  const [view] = await viewsOf(outside, by, blueprint, [shown]);
  if (view === undefined) throw new Error("one was shown, and none was answered");
  return view;
}

/** Of the fields that whoever asks may see. */
interface Naming {
  /** The entity's. */
  id: string;
  fields: readonly Field[];
  contents: readonly StoredValues[];
}

/** What the ids in these values stand for, of each entity; nothing is asked where none has any. */
export async function nameValues(
  { database, fileAddresses }: NamingOutside,
  by: Reader,
  namings: readonly Naming[],
): Promise<(entity: string) => Named> {
  const naming = namings.filter(({ fields }) => !nameNothing(fields));
  if (naming.length === 0) return () => ({});
  const sql = database.forTenant(by.tenant);
  const idsOf = (kind: NamedKind, wanted = (_field: Field) => true) => [
    ...new Set(naming.flatMap(({ fields, contents }) => contents.flatMap((content) => idsNamed(fields.filter(wanted), kind, content)))),
  ];
  const [accounts, files] = [idsOf("account"), idsOf("file")];
  const found = new Map<string, NamedValue>();
  if (accounts.length > 0) for (const { id, name } of await nameAccounts(sql, accounts)) found.set(id, { title: name });
  if (files.length > 0) {
    const held = await findHeld(
      sql,
      files,
      naming.map(({ id }) => id),
    );
    for (const file of held) {
      const { url, previewUrl } = fileAddresses.of(by.tenant, file);
      found.set(file.id, { title: file.name, type: file.mediaType, size: file.size, url, ...(previewUrl === null ? {} : { previewUrl }) });
    }
  }
  const related = new Set(naming.flatMap(({ fields }) => fieldsNaming(fields, "entity").flatMap(({ blueprint = [] }) => blueprint)));
  for (const key of related) {
    const ids = idsOf("entity", (field) => field.blueprint === key);
    if (ids.length > 0) for (const [id, value] of await nameEntities({ database }, by, key, ids)) found.set(id, value);
  }
  const byEntity = new Map(naming.map((one) => [one.id, one]));
  return (entity) => {
    const { fields, contents } = byEntity.get(entity) ?? { fields: [], contents: [] };
    const ids = namedKinds.flatMap((kind) => contents.flatMap((content) => idsNamed(fields, kind, content)));
    return Object.fromEntries(
      ids.flatMap((id): [string, NamedValue][] => {
        const value = found.get(id);
        return value === undefined ? [] : [[id, value]];
      }),
    );
  };
}

/** What these values of a field of people or relations stand for, by ids, as far as whoever asks may see it. */
export async function nameIds(
  { database }: Pick<NamingOutside, "database">,
  by: Reader,
  { type, blueprint = "" }: Pick<Field, "type" | "blueprint">,
  ids: readonly string[],
): Promise<Map<string, NamedValue>> {
  if (ids.length === 0) return new Map();
  if (fieldKinds[type].names === "entity") return new Map(await nameEntities({ database }, by, blueprint, ids));
  const accounts = await nameAccounts(database.forTenant(by.tenant), ids);
  return new Map(accounts.map(({ id, name }) => [id, { title: name }]));
}

/** As far as whoever asks may see them: of the others not even what they are called. */
async function nameEntities(
  outside: Pick<NamingOutside, "database">,
  by: Reader,
  key: string,
  ids: readonly string[],
): Promise<[string, NamedValue][]> {
  const blueprint = await blueprintFor(outside, by, "entities.read", key).catch(unlessMissing);
  if (blueprint === undefined) return [];
  const { fields } = blueprint.definition;
  return (await findRelated(outside.database.forTenant(by.tenant), blueprint, ids)).map(({ id, content, trashed, parts }) => {
    const values = shownValues(fieldsOn(blueprint.reach, fields, parts), content);
    const isTrashed = trashed || blueprint.trashedAt !== null;
    return [id, { title: titleOf(fields, { id, values }), blueprint: key, ...(isTrashed ? { trashed: true as const } : {}) }];
  });
}
