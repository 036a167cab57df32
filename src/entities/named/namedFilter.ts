import { validate as isId } from "uuid";
import type { Database } from "../../platform/database/database.ts";
import type { Field } from "../../protocol/blueprints.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import type { Reader } from "../reach.ts";
import { findWords, type NamedWord } from "./findNamed.ts";

/**
 * A list's filter with ids in place of what people call what they name: `{"owner": {"eq": "me"}}`. What isn't as filters are stays as it is: the list says what
 * is wrong with it. Refusal `invalid_value` with the path of what is nobody or nothing.
 */
export async function namedFilter(
  outside: { database: Pick<Database, "forTenant"> },
  by: Reader,
  fields: readonly Field[],
  filter: string | undefined,
): Promise<string | undefined> {
  const naming = new Map(fields.filter(({ type }) => fieldKinds[type].names !== undefined).map((field) => [field.key, field]));
  const json = naming.size === 0 || filter === undefined ? undefined : parsed(filter);
  if (json === undefined) return filter;
  const words: NamedWord[] = [];
  withWords(json, naming, "filter", (field, word) => {
    words.push({ field, word });
    return word;
  });
  if (words.length === 0) return filter;
  const find = await findWords(outside, by, words);
  return JSON.stringify(withWords(json, naming, "filter", (field, word, path) => find(field, word, {}, path)));
}

const deepest = 10;

/** The same with each word that names something replaced; ids stay. */
function withWords(
  json: unknown,
  naming: ReadonlyMap<string, Field>,
  path: string,
  replace: (field: Field, word: string, path: string) => string,
  depth = 0,
): unknown {
  if (!isRecord(json) || depth > deepest) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, inner]): [string, unknown] => {
      const at = `${path}.${name.slice(0, 60)}`;
      if (Array.isArray(inner)) return [name, inner.map((one, index) => withWords(one, naming, `${at}.${index}`, replace, depth + 1))];
      const field = naming.get(name);
      if (field === undefined) return [name, name === "not" ? withWords(inner, naming, at, replace, depth + 1) : inner];
      if (!isRecord(inner)) return [name, inner];
      const compared = Object.entries(inner).map(([operator, value]): [string, unknown] => {
        const of = (word: unknown, place: string) => (typeof word === "string" && !isId(word) ? replace(field, word, place) : word);
        const place = `${at}.${operator.slice(0, 60)}`;
        return [operator, Array.isArray(value) ? value.map((one, index) => of(one, `${place}.${index}`)) : of(value, place)];
      });
      return [name, Object.fromEntries(compared)];
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
