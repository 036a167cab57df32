import type { AccountPrincipal } from "../../access/principal.ts";
import type { Field } from "../../protocol/blueprints.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import { findNamed } from "../named/findNamed.ts";
import type { EntityOutside } from "../rewriteEntity.ts";
import type { TableRow } from "./files/tableRow.ts";
import { type Importing, type NamedCells, nameOf } from "./readRows.ts";

/** A file of a million rows may name as many: they are asked for again. */
const mostKept = 20_000;

/** Finds what cells call by a name, each name once: a person's e-mail is their account. What is found by nobody is the refusal that says so. */
export function nameCells(
  outside: EntityOutside,
  by: AccountPrincipal,
  { columns }: Importing,
): (rows: readonly TableRow[]) => Promise<NamedCells> {
  const found = new Map<string, unknown>();
  const named = columns.filter(({ field }) => fieldKinds[field.type].names !== undefined);
  return async (rows) => {
    if (found.size > mostKept) found.clear();
    for (const { index, field } of named) {
      for (const word of new Set(rows.map(({ cells }) => cells[index]?.trim() ?? ""))) {
        const name = nameOf(field.key, word);
        if (word === "" || found.has(name)) continue;
        found.set(
          name,
          await findNamed(outside, by, [field], [{ values: { [field.key]: wordsOf(field, word) }, path: "values" }]).then(
            ([values]) => values?.[field.key],
            (error: unknown) => {
              if (error instanceof Refusal) return error;
              throw error;
            },
          ),
        );
      }
    }
    return found;
  };
}

/** A relation to many has several in a cell, with commas, semicolons or one a line. */
function wordsOf({ many }: Field, cell: string): string | string[] {
  if (many !== true) return cell;
  return cell
    .split(/[,;\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
