import type { Parameter, ParameterValue, ParameterValues } from "../../protocol/operations.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { bindQuery, isReserved, type QuerySession, type Statement } from "./bindQuery.ts";
import type { Dialect } from "./dialect.ts";
import { QueryFault, refusedQuery } from "./queryFault.ts";
import { type QueryText, readQueryText, slotsOf } from "./queryText.ts";
import { safeToRead } from "./safeToRead.ts";
import { safeToWrite } from "./safeToWrite.ts";

/** A query that was checked in whole, ready for values. */
export interface CheckedQuery {
  /** Refusal `invalid_value`, `forbidden`: as `bindQuery`. */
  bind(values: ParameterValues, session: QuerySession): Statement;
}

/**
 * Checks a query as it is stored: slots and parameters agree, and what it can become with and without its optional parts is allowed to read (or to
 * write). Refusal `invalid_value` with the character, under the path `text` or `parameters.…`.
 */
export async function checkQuery(
  dialect: Dialect,
  text: string,
  parameters: readonly Parameter[],
  purpose: "read" | "write",
): Promise<CheckedQuery> {
  const key = JSON.stringify([dialect, purpose, text, parameters]);
  const known = checked.get(key);
  if (known !== undefined) return known;
  const query = await refusing(text, () => {
    const read = readQueryText(dialect, text);
    checkSlots(read, parameters);
    return read;
  });
  const bind: CheckedQuery["bind"] = (values, session) => bindQuery(dialect, text, query, parameters, values, session);
  const allowed = purpose === "read" ? safeToRead : safeToWrite;
  for (const values of shapes(query, parameters)) await allowed(bind(values, { me: "x", team: ["x"], tenant: "x" }));
  if (checked.size >= mostChecked) checked.clear();
  checked.set(key, { bind });
  return { bind };
}

/** What was checked, by all that it was checked by: a query is read once by a process, however often it runs. */
const checked = new Map<string, CheckedQuery>();
const mostChecked = 1000;

function checkSlots(query: QueryText, parameters: readonly Parameter[]): void {
  const declared = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const optional = new Set(query.pieces.flatMap((piece) => (piece.kind === "optional" ? piece.pieces : [])));
  for (const [index, { name, type }] of parameters.entries()) {
    const path = `parameters.${index}.name`;
    if (type === "file")
      throw new Refusal("invalid_value", "A query takes no file; an API call, a message and a sequence do.", {
        path: `parameters.${index}.type`,
      });
    if (isReserved(name)) throw new QueryFault(`":${name}" says who asks and can't be a parameter (${path})`);
    if (parameters.findIndex((other) => other.name === name) !== index)
      throw new QueryFault(`The parameter "${name}" is there twice (${path})`);
  }
  for (const slot of slotsOf(query)) {
    const { name, at, test } = slot;
    const parameter = declared.get(name);
    if (parameter === undefined && !isReserved(name)) throw new QueryFault(`":${name}" is no parameter of this query; found`, at);
    const isList = name === "team" || parameter?.list === true;
    if (isList && test === undefined) throw new QueryFault(`":${name}" is a list and is written as in (:${name}); found`, at);
    const mayMiss = parameter !== undefined && !parameter.required && parameter.default === undefined;
    if (mayMiss && !optional.has(slot)) {
      throw new QueryFault(`":${name}" may be left out, so it stands in [[…]], has a default or is required; found`, at);
    }
  }
  const used = new Set(slotsOf(query).map(({ name }) => name));
  const unused = parameters.find(({ name }) => !used.has(name));
  if (unused !== undefined)
    throw new QueryFault(`The parameter "${unused.name}" is not used; write :${unused.name} in the query or delete it`);
}

/** Values for every optional part there, none there, and each alone left out. */
function shapes(query: QueryText, parameters: readonly Parameter[]): ParameterValues[] {
  const all = Object.fromEntries(parameters.map((parameter) => [parameter.name, sampleOf(parameter)]));
  const without = (names: ReadonlySet<string>) => Object.fromEntries(Object.entries(all).filter(([name]) => !names.has(name)));
  const parts = query.pieces.flatMap((piece) =>
    piece.kind === "optional" ? [new Set(slotsOf({ pieces: piece.pieces }).map(({ name }) => name))] : [],
  );
  const mayMiss = new Set(
    parameters.filter(({ required, default: standard }) => !required && standard === undefined).map(({ name }) => name),
  );
  const left = parts.map((names) => new Set([...names].filter((name) => mayMiss.has(name))));
  return [all, without(mayMiss), ...left.map(without)];
}

const samples: Partial<Record<Parameter["type"], ParameterValue>> = {
  integer: 1,
  decimal: "1",
  boolean: true,
  date: "2026-01-01",
  instant: "2026-01-01T00:00:00Z",
};

function sampleOf({ type, list }: Parameter): ParameterValue | readonly ParameterValue[] {
  const sample = samples[type] ?? "x";
  return list === true ? [sample] : sample;
}

/** Tells a fault of the text as it was written. */
async function refusing<Result>(text: string, check: () => Result): Promise<Result> {
  try {
    return check();
  } catch (error) {
    throw error instanceof QueryFault ? refusedQuery(error, text) : error;
  }
}
