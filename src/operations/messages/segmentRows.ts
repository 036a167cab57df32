import { z } from "zod";
import { unwatched } from "../../commands/execute.ts";
import { executeAudited } from "../../commands/runs/executeAudited.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { fill } from "../slots.ts";
import type { Addressed } from "./message.ts";
import { type PlannedCall, type RecipientOutside, valuesOf } from "./recipient.ts";

const table = z.looseObject({
  columns: z.array(z.looseObject({ name: z.string() })),
  rows: z.array(z.array(z.unknown())),
  truncated: z.boolean().optional(),
});

/**
 * What a query answers to whoever sends the message, each row by the names of its columns. Refusals: `invalid_value` with `message.rows.…` for what
 * is no query of theirs, has no such column, or answers more than it may.
 */
export async function rowsOf(
  outside: RecipientOutside,
  { query, args, column }: NonNullable<Addressed["rows"]>,
  call: PlannedCall,
): Promise<Readonly<Record<string, unknown>>[]> {
  const wrong = (field: string, sentence: string) => new Refusal("invalid_value", sentence, { path: `message.rows.${field}` });
  const { principal } = call;
  const command = (await outside.commands(principal.tenant)).find(query);
  if (command?.source !== "operation" || command.risk !== "read")
    throw wrong("query", `"${query}" is no published query; people are found by one.`);
  const filled = fill(args, valuesOf(call));
  const given = typeof filled === "object" && filled !== null ? { ...filled } : {};
  const asked = { command, principal, run: "segment", args: given, work: { ...unwatched("segment"), fresh: true } } as const;
  const { data } = await executeAudited(outside, asked).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.code, `"${query}" was refused: ${error.message}`, { path: "message.rows.query", cause: error });
  });
  const read = table.safeParse(data);
  if (!read.success) throw wrong("query", `"${query}" answers no table.`);
  const { columns, rows, truncated } = read.data;
  if (!columns.some(({ name }) => name === column)) {
    const known = columns.map(({ name }) => name).join(", ");
    throw wrong("column", `"${query}" has no column "${column}"; it has ${known}.`);
  }
  if (truncated === true) throw wrong("query", `"${query}" answers more than ${rows.length} rows; ask for fewer.`);
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
}
