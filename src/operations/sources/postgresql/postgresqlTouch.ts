import { Refusal } from "../../../protocol/refusal.ts";
import type { Statement } from "../../queries/bindQuery.ts";
import { writeTarget } from "../../queries/writeTarget.ts";
import type { Run, Touched } from "../adapter.ts";
import type { Cell } from "../dataSource.ts";

/**
 * Runs it, takes that back to look at the rows as they were, which are locked then, and runs it again. A table without a primary key has no way back to
 * its rows: of an UPDATE only their number is compared.
 */
export async function touchPostgresql(run: Run, statement: Statement): Promise<Touched> {
  const { kind, table, name } = writeTarget(statement);
  const about = await describe(run, table.replace(/^only\s+/i, ""));
  const warnings = warningsOf(about, kind);
  const whole = `${statement.text}\nreturning ${name}.*`;
  if (kind === "insert") {
    const { columns, rows, count } = await run(`${statement.text}\nreturning *`, statement.values);
    return { count, columns, before: [], after: rows, warnings, given: about.keys.map((key) => key.name) };
  }
  if (about.keys.length === 0) {
    const { columns, rows, count } = await run(whole, statement.values);
    if (kind === "delete") return { count, columns, before: rows, after: [], warnings };
    return {
      count,
      columns,
      before: [],
      after: rows,
      warnings: [...warnings, `${name} has no primary key, so only the number of rows is compared.`],
    };
  }
  await run("savepoint preview", []);
  const first = await run(
    `${statement.text}\nreturning ${about.keys.map((key) => `${name}.${quoted(key.name)}`).join(", ")}`,
    statement.values,
  );
  await run("rollback to savepoint preview", []);
  const listed = about.keys.map((key) => quoted(key.name)).join(", ");
  const typed = about.keys.map((key) => `${quoted(key.name)} ${key.type}`).join(", ");
  const wanted = JSON.stringify(first.rows.map((row) => Object.fromEntries(about.keys.map((key, index) => [key.name, row[index]]))));
  const before = await run(
    `select * from ${table} where (${listed}) in (select ${listed} from jsonb_to_recordset($1::jsonb) as wanted(${typed})) order by ${listed} for update`,
    [wanted],
  );
  const { rows, count } = await run(whole, statement.values);
  const positions = about.keys.map((key) => before.columns.findIndex((column) => column.name === key.name));
  const keyOf = (row: readonly Cell[]) => JSON.stringify(positions.map((position) => row[position]));
  const after = new Map(rows.map((row) => [keyOf(row), row]));
  if (count !== first.count) throw new Refusal("conflict", "Somebody else changed these rows at the same time; try again.");
  return {
    count,
    columns: before.columns,
    before: before.rows,
    after: kind === "delete" ? [] : before.rows.flatMap((row) => [after.get(keyOf(row))].filter((changed) => changed !== undefined)),
    warnings,
  };
}

interface About {
  keys: { name: string; type: string }[];
  hasTriggers: boolean;
  cascades: string;
}

async function describe(run: Run, table: string): Promise<About> {
  const keys = await run(
    `select a.attname, format_type(a.atttypid, a.atttypmod) from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
     where i.indrelid = $1::regclass and i.indisprimary order by a.attnum`,
    [table],
  );
  const around = await run(
    `select exists (select from pg_trigger where tgrelid = $1::regclass and not tgisinternal),
       (select coalesce(string_agg(distinct conrelid::regclass::text, ', '), '') from pg_constraint
        where confrelid = $1::regclass and contype = 'f' and confdeltype in ('c', 'n', 'd'))`,
    [table],
  );
  const [hasTriggers, cascades] = around.rows[0] ?? [];
  return {
    keys: keys.rows.map(([name, type]) => ({ name: String(name), type: String(type) })),
    hasTriggers: hasTriggers === true,
    cascades: String(cascades ?? ""),
  };
}

function warningsOf({ hasTriggers, cascades }: About, kind: "insert" | "update" | "delete"): string[] {
  return [
    ...(hasTriggers ? ["The table has triggers: what they do elsewhere isn't shown."] : []),
    ...(kind === "delete" && cascades !== "" ? [`Rows of other tables change along: ${cascades}.`] : []),
  ];
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
