import { validate as isId } from "uuid";
import { foldEmail } from "../../access/sessions/signIn.ts";
import { findHoldable, type HeldFile } from "../../files/heldFileStore.ts";
import { noSuchFile } from "../../files/holdingFiles.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Field } from "../../protocol/blueprints.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { shownShort } from "../../protocol/sentence.ts";
import { blueprintFor } from "../blueprints/saveBlueprints.ts";
import type { NamedKind } from "../fields/fieldKind.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import { takesType } from "../fields/named.ts";
import { requireEntity } from "../findEntities.ts";
import type { Reader } from "../reach.ts";
import { told } from "../sentences/sentences.ts";
import { unlessMissing } from "../unlessMissing.ts";
import type { StoredValues, WrittenValues } from "../values.ts";
import { idsIn, nameNothing } from "./namedIds.ts";
import { findPeople, findRelated } from "./namedStore.ts";

interface Outside {
  database: Pick<Database, "forTenant">;
}

/** What is written of an entity. */
export interface WrittenItem {
  values: WrittenValues;
  /** The entity and what it has, where it is there: that may stay, whatever became of what it names. */
  before?: { id: string; content: StoredValues };
  /** What the paths of its values begin with. */
  path: string;
}

type Found = (field: Field, word: string, item: Pick<WrittenItem, "before">, path: string) => string;

/** Which values are named, of which fields. */
export interface NamedWord {
  field: Field;
  word: string;
}

/**
 * What is written, with ids in place of what people call what they name: a person's e-mail, `me`. Refusal `invalid_value` at the value, the same for what
 * isn't there and for what whoever writes may not name.
 */
export async function findNamed(
  outside: Outside,
  by: Reader,
  fields: readonly Field[],
  items: readonly WrittenItem[],
): Promise<WrittenValues[]> {
  if (nameNothing(fields)) return items.map(({ values }) => values);
  const find = await findWords(outside, by, newWords(fields, items));
  return items.map((item) => {
    const named = fields.flatMap((field): [string, unknown][] => {
      const kind = fieldKinds[field.type].names;
      const written = ownValue(item.values, field.key);
      if (kind === undefined || written === undefined || written === null) return [];
      const kept = new Set(idsIn(ownValue(item.before?.content ?? {}, field.id)));
      const path = `${item.path}.${field.key}`;
      const idOf = (word: unknown, at: string) =>
        typeof word !== "string" || word === "" || kept.has(word) ? word : find(field, word, item, at);
      return [[field.key, Array.isArray(written) ? written.map((word, index) => idOf(word, `${path}.${index}`)) : idOf(written, path)]];
    });
    return { ...item.values, ...Object.fromEntries(named) };
  });
}

/** The words that name something and don't stand there yet. */
function newWords(fields: readonly Field[], items: readonly WrittenItem[]): NamedWord[] {
  return items.flatMap(({ values, before }) =>
    fields.flatMap((field) => {
      if (fieldKinds[field.type].names === undefined) return [];
      const written = ownValue(values, field.key);
      const said: unknown[] = Array.isArray(written) ? written : [written];
      const kept = idsIn(ownValue(before?.content ?? {}, field.id));
      return said.flatMap((word) => (typeof word === "string" && word !== "" && !kept.includes(word) ? [{ field, word }] : []));
    }),
  );
}

/** Looks all of them up, each kind at once; what it answers says the id of a word, or refuses it at a path. */
export async function findWords(outside: Outside, by: Reader, words: readonly NamedWord[]): Promise<Found> {
  const of = (kind: NamedKind) => [...new Set(words.filter(({ field }) => fieldKinds[field.type].names === kind).map(({ word }) => word))];
  const finders: Record<NamedKind, Found> = {
    account: await findAccounts(outside, by, of("account")),
    file: await findFiles(outside, by, of("file")),
    entity: await findEntities(
      outside,
      by,
      words.filter(({ field }) => fieldKinds[field.type].names === "entity"),
    ),
  };
  return (field, word, item, path) => {
    const kind = fieldKinds[field.type].names;
    return kind === undefined ? word : finders[kind](field, word, item, path);
  };
}

async function findAccounts({ database }: Outside, by: Reader, words: readonly string[]): Promise<Found> {
  const others = words.filter((word) => word !== "me");
  const emailOf = (word: string) => foldEmail(word.trim());
  const ids = others.filter(isId).map((id) => id.toLowerCase());
  const people = others.length === 0 ? [] : await findPeople(database.forTenant(by.tenant), ids, others.map(emailOf));
  return ({ name }, word, _item, path) => {
    if (word === "me") return by.account;
    const found = people.find(({ id, email }) => id === word.toLowerCase() || email === emailOf(word));
    if (found !== undefined) return found.id;
    throw new Refusal(
      "invalid_value",
      told((say) => say.noPerson(name, shownShort(word))),
      {
        path,
      },
    );
  };
}

/** Each by its id, or by a value of a unique field that whoever writes may see. */
async function findEntities(outside: Outside, by: Reader, words: readonly NamedWord[]): Promise<Found> {
  const place = (key: string | undefined, word: string) => `${key} ${word.trim().toLowerCase()}`;
  const found = new Map<string, string>();
  const sql = outside.database.forTenant(by.tenant);
  for (const key of new Set(words.map(({ field }) => field.blueprint ?? ""))) {
    const blueprint = await blueprintFor(outside, by, "entities.read", key).catch(unlessMissing);
    if (blueprint === undefined || blueprint.trashedAt !== null) continue;
    const called = [...new Set(words.filter(({ field }) => field.blueprint === key).map(({ word }) => word.trim()))];
    const ids = called.filter(isId).map((id) => id.toLowerCase());
    const there = ids.length === 0 ? [] : await findRelated(sql, blueprint, ids);
    for (const { id, trashed } of there) if (!trashed) found.set(place(key, id), id);
    for (const word of called.filter((one) => !isId(one))) {
      const entity = await requireEntity(sql, blueprint, word).catch(unlessMissing);
      if (entity?.trashedAt === null) found.set(place(key, word), entity.id);
    }
  }
  return ({ name, blueprint }, word, _item, path) => {
    const id = found.get(place(blueprint, word));
    if (id !== undefined) return id;
    throw new Refusal(
      "invalid_value",
      told((say) => say.noneOf(name, blueprint ?? "", shownShort(word))),
      { path },
    );
  };
}

async function findFiles({ database }: Outside, by: Reader, words: readonly string[]): Promise<Found> {
  const ids = words.filter(isId).map((id) => id.toLowerCase());
  const files = ids.length === 0 ? [] : await findHoldable(database.forTenant(by.tenant), ids, by.account);
  const mayHold = (file: HeldFile, { before }: Pick<WrittenItem, "before">) => file.entity === null || file.entity === before?.id;
  return (field, word, item, path) => {
    const file = files.find(({ id }) => id === word.toLowerCase());
    if (file === undefined || !mayHold(file, item)) throw noSuchFile(path);
    if (takesType(field, file.mediaType)) return file.id;
    throw new Refusal(
      "invalid_value",
      told((say) => say.wrongFile(field.name, field.accepts?.join(", ") ?? "", shownShort(file.name), file.mediaType)),
      {
        path,
      },
    );
  };
}
