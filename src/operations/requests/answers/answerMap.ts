import { z } from "zod";
import { Refusal } from "../../../protocol/refusal.ts";
import { readAnswerPath } from "./answerPath.ts";

/** What is made of an answer. `{{…}}` in a sentence holds a path of the answer; the columns of a table, paths within a row. */
export type AnswerMap =
  | { as: "sentence"; text: string }
  | { as: "table"; rows: string; columns: { name: string; path: string }[] }
  | { as: "fields"; fields: { name: string; path: string }[] };

const named = z.strictObject({ name: z.string().trim().min(1).max(100), path: z.string().max(500) });
const shape = z.discriminatedUnion("as", [
  z.strictObject({ as: z.literal("sentence"), text: z.string().trim().min(1).max(2000) }),
  z.strictObject({ as: z.literal("table"), rows: z.string().max(500), columns: z.array(named).min(1).max(100) }),
  z.strictObject({ as: z.literal("fields"), fields: z.array(named).min(1).max(100) }),
]);

/** Two braces and what stands between them. */
export const answerSlot = /\{\{([^{}]*)\}\}/g;

/** Refusal `invalid_value` at the field below `request.answer`. */
export function checkAnswerMap(written: unknown): AnswerMap {
  const read = shape.safeParse(written);
  if (!read.success) {
    const path = ["request.answer", ...(read.error.issues[0]?.path ?? []).map(String)].join(".");
    throw new Refusal(
      "invalid_value",
      "An answer becomes a sentence with text, a table with rows and columns, or fields; this has another form.",
      { path },
    );
  }
  const map = read.data;
  switch (map.as) {
    case "sentence":
      checkSentence(map.text);
      break;
    case "table":
      checkPath(map.rows, "request.answer.rows");
      for (const [index, { path }] of map.columns.entries()) checkPath(path, `request.answer.columns.${index}.path`);
      break;
    case "fields":
      for (const [index, { path }] of map.fields.entries()) checkPath(path, `request.answer.fields.${index}.path`);
  }
  return map;
}

function checkSentence(text: string): void {
  const path = "request.answer.text";
  for (const match of text.matchAll(answerSlot))
    if ((match[1] ?? "").trim() === "" || readAnswerPath(match[1] ?? "") === undefined)
      throw refusedPath(match[1] ?? "", path, match.index);
  const open = text.replace(answerSlot, (slot) => "\uE000".repeat(slot.length)).search(/\{[{\uE000]/);
  if (open !== -1) throw refusedPath(text.slice(open, open + 20), path, open);
}

function checkPath(written: string, path: string): void {
  if (readAnswerPath(written) === undefined) throw refusedPath(written, path);
}

function refusedPath(written: string, path: string, index?: number): Refusal {
  const where = index === undefined ? "" : `At character ${index + 1}: `;
  return new Refusal(
    "invalid_value",
    `${where}"${written}" is no path; write names with dots and places in lists, like data.items[0].name.`,
    { path },
  );
}
