import type { Json } from "../json.ts";
import type { AnswerBody } from "../request.ts";
import { type AnswerMap, answerSlot } from "./answerMap.ts";
import { follow, readAnswerPath } from "./answerPath.ts";

type Cell = string | number | boolean | null;
type CellType = "text" | "integer" | "decimal" | "boolean";

/** An answer as it is shown. All of it is somebody else's text: to be shown as it stands, never as Markdown or HTML. */
export type MappedAnswer =
  | { kind: "sentence"; text: string }
  | { kind: "table"; columns: { name: string; type: CellType }[]; rows: Cell[][]; truncated: boolean }
  | { kind: "fields"; fields: { name: string; value: Cell }[] }
  /** The call was answered, but not with what was to be made of it: a sentence. */
  | { kind: "unmapped"; message: string };

const rowsAtMost = 1000;
const columnsAtMost = 50;
const cellLongest = 2000;
const sentenceLongest = 8000;

/** What the definition makes of an answer; without a map, a table of a list, fields of an object, and a text as it is. */
export function mapAnswer(map: AnswerMap | undefined, body: AnswerBody): MappedAnswer {
  if (body.kind === "unreadable") return { kind: "unmapped", message: body.why };
  if (map === undefined) return asFound(body);
  // A sentence without slots says that it was done, whatever was answered.
  if (map.as === "sentence" && map.text.search(answerSlot) === -1) return { kind: "sentence", text: map.text };
  if (body.kind !== "json")
    return { kind: "unmapped", message: `The answer is ${body.kind === "none" ? "empty" : "no JSON"}, so nothing can be read from it.` };
  switch (map.as) {
    case "sentence":
      return asSentence(map.text, body.json);
    case "table":
      return asTable(map.rows, map.columns, body.json);
    case "fields":
      return asFields(map.fields, body.json);
  }
}

function asSentence(text: string, json: Json): MappedAnswer {
  const missing: string[] = [];
  const filled = text.replace(answerSlot, (_, path: string) => {
    const found = follow(json, readAnswerPath(path) ?? []);
    if (found === undefined) missing.push(path.trim());
    return found === undefined || found === null ? "–" : String(cellOf(found));
  });
  return missing[0] === undefined ? { kind: "sentence", text: cut(filled, sentenceLongest) } : notThere(missing[0]);
}

function asTable(rows: string, columns: readonly { name: string; path: string }[], json: Json): MappedAnswer {
  const list = follow(json, readAnswerPath(rows) ?? []);
  if (list === undefined) return notThere(rows);
  if (!Array.isArray(list)) return { kind: "unmapped", message: `What the answer has at "${rows}" is no list.` };
  const paths = columns.map(({ path }) => readAnswerPath(path) ?? []);
  // A row may lack what another has; what none of them has is a wrong path.
  const lost = columns.find((_, index) => list.length > 0 && list.every((row) => follow(row, paths[index] ?? []) === undefined));
  if (lost !== undefined) return notThere(`${rows}[…].${lost.path}`);
  return tableOf(
    columns.map(({ name }) => name),
    list.slice(0, rowsAtMost).map((row) => paths.map((path) => follow(row, path) ?? null)),
    list.length > rowsAtMost,
  );
}

function asFields(fields: readonly { name: string; path: string }[], json: Json): MappedAnswer {
  const found = fields.map(({ name, path }) => ({ name, path, value: follow(json, readAnswerPath(path) ?? []) }));
  const lost = found.find(({ value }) => value === undefined);
  if (lost !== undefined) return notThere(lost.path);
  return { kind: "fields", fields: found.map(({ name, value }) => ({ name, value: cellOf(value ?? null) })) };
}

function notThere(path: string): MappedAnswer {
  return { kind: "unmapped", message: `The answer has nothing at "${path}".` };
}

function asFound(body: Exclude<AnswerBody, { kind: "unreadable" }>): MappedAnswer {
  if (body.kind === "none") return { kind: "sentence", text: "The answer is empty." };
  if (body.kind === "text") return { kind: "sentence", text: cut(body.text, sentenceLongest) };
  const { json } = body;
  const objects = Array.isArray(json) ? json.filter((row) => typeof row === "object" && row !== null && !Array.isArray(row)) : [];
  if (Array.isArray(json) && json.length > 0 && objects.length === json.length) {
    const names = [...new Set(objects.flatMap((row) => Object.keys(row ?? {})))].slice(0, columnsAtMost);
    const rows = objects.slice(0, rowsAtMost).map((row) => names.map((name) => follow(row, [name]) ?? null));
    return tableOf(names, rows, json.length > rowsAtMost);
  }
  if (Array.isArray(json))
    return tableOf(
      ["value"],
      json.slice(0, rowsAtMost).map((value) => [value]),
      json.length > rowsAtMost,
    );
  if (typeof json === "object" && json !== null) {
    const fields = Object.entries(json).slice(0, columnsAtMost);
    return { kind: "fields", fields: fields.map(([name, value]) => ({ name: cut(name, 100), value: cellOf(value) })) };
  }
  return { kind: "sentence", text: String(cellOf(json)) };
}

function tableOf(names: readonly string[], rows: readonly Json[][], truncated: boolean): MappedAnswer {
  const columns = names.map((name, index) => ({ name: cut(name, 100), type: typeOf(rows.map((row) => row[index] ?? null)) }));
  return { kind: "table", columns, rows: rows.map((row) => row.map((cell, index) => cellOf(cell, columns[index]?.type))), truncated };
}

function typeOf(cells: readonly Json[]): CellType {
  const known = cells.filter((cell) => cell !== null);
  if (known.length === 0) return "text";
  if (known.every((cell) => typeof cell === "boolean")) return "boolean";
  if (!known.every((cell) => typeof cell === "number")) return "text";
  return known.every((cell) => Number.isSafeInteger(cell)) ? "integer" : "decimal";
}

/** Decimals are texts (the contract); what is no single value is shown as its JSON. */
function cellOf(json: Json, type?: CellType): Cell {
  if (json === null) return null;
  if (typeof json === "number") return type === "text" || !Number.isSafeInteger(json) || type === "decimal" ? String(json) : json;
  if (typeof json === "boolean") return type === "text" ? String(json) : json;
  return cut(typeof json === "string" ? json : JSON.stringify(json), cellLongest);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
