import { Refusal } from "../../../protocol/refusal.ts";
import type { Statement } from "../../queries/bindQuery.ts";
import { type WriteTarget, writeTarget } from "../../queries/writeTarget.ts";
import type { Run, Touched } from "../adapter.ts";
import type { Cell, Column } from "../dataSource.ts";
import { changedAtMost, sampleRows, tooMany } from "../writing.ts";

/** Engines that can take a statement back. */
const transactional = new Set(["InnoDB", "ROCKSDB", "TokuDB", "ndbcluster"]);

/** Reads and locks the rows of its WHERE, then runs it; neither MySQL nor MariaDB returns what an UPDATE changed. */
export async function touchMysql(run: Run, statement: Statement): Promise<Touched> {
  const target = writeTarget(statement);
  const warnings = await describe(run, target);
  if (target.kind === "insert") return await insert(run, statement, target, warnings);
  const found = await run(
    `select ${target.name}.* from ${target.table} ${target.name === target.table ? "" : target.name} ${target.condition} limit ${changedAtMost + 1} for update`,
    statement.values.slice(target.valuesBefore),
  );
  if (found.rows.length > changedAtMost) throw tooMany();
  const { count } = await run(statement.text, statement.values);
  if (count !== found.rows.length) throw new Refusal("conflict", "Somebody else changed these rows at the same time; try again.");
  const after = target.kind === "delete" ? [] : await sample(run, target, found.columns, found.rows, warnings);
  return { count, columns: found.columns, before: found.rows, after, warnings };
}

async function insert(run: Run, statement: Statement, { table }: WriteTarget, warnings: string[]): Promise<Touched> {
  if (statement.dialect === "mariadb") {
    const { columns, rows } = await run(`${statement.text}\nreturning *`, statement.values);
    return { count: rows.length, columns, before: [], after: rows, warnings, given: await primaryKey(run, table) };
  }
  const { count } = await run(statement.text, statement.values);
  return { count, columns: [], before: [], after: [], warnings: [...warnings, "MySQL doesn't show the rows that it inserts."] };
}

/** The first rows once more, by their primary key. */
async function sample(
  run: Run,
  { table }: WriteTarget,
  columns: readonly Column[],
  before: readonly (readonly Cell[])[],
  warnings: string[],
): Promise<readonly (readonly Cell[])[]> {
  const keys = await primaryKey(run, table);
  const positions = keys.map((key) => columns.findIndex(({ name }) => name === key));
  if (keys.length === 0) {
    warnings.push(`${table} has no primary key, so the rows can't be shown as they would be.`);
    return [];
  }
  const rows: (readonly Cell[])[] = [];
  for (const row of before.slice(0, sampleRows)) {
    const found = await run(
      `select * from ${table} where ${keys.map((key) => `\`${key.replaceAll("`", "``")}\` = ?`).join(" and ")}`,
      positions.map((position) => String(row[position])),
    );
    rows.push(...found.rows);
  }
  return rows;
}

async function describe(run: Run, target: WriteTarget): Promise<string[]> {
  const [name, schema] = nameParts(target.table);
  const about = await run(
    `select t.engine, (select count(*) from information_schema.triggers g where g.event_object_schema = t.table_schema and g.event_object_table = t.table_name),
       (select group_concat(distinct r.table_name) from information_schema.referential_constraints r where r.unique_constraint_schema = t.table_schema
         and r.referenced_table_name = t.table_name and r.delete_rule <> 'RESTRICT' and r.delete_rule <> 'NO ACTION')
     from information_schema.tables t where t.table_schema = coalesce(nullif(?, ''), database()) and t.table_name = ?`,
    [schema, name],
  );
  const [engine, triggers, cascades] = about.rows[0] ?? [];
  if (about.rows.length > 0 && !transactional.has(String(engine))) {
    const what = engine === null ? "is a view" : `is of the engine ${String(engine)}`;
    throw new Refusal("invalid_value", `${target.table} ${what}, which can't take a change back, so nothing can be shown before.`, {
      path: "text",
    });
  }
  return [
    ...(Number(triggers) > 0 ? ["The table has triggers: what they do elsewhere isn't shown."] : []),
    ...(target.kind === "delete" && typeof cascades === "string" ? [`Rows of other tables change along: ${cascades}.`] : []),
  ];
}

async function primaryKey(run: Run, table: string): Promise<string[]> {
  const [name, schema] = nameParts(table);
  const { rows } = await run(
    `select column_name from information_schema.key_column_usage
     where table_schema = coalesce(nullif(?, ''), database()) and table_name = ? and constraint_name = 'PRIMARY' order by ordinal_position`,
    [schema, name],
  );
  return rows.map(([column]) => String(column));
}

function nameParts(table: string): [name: string, schema: string] {
  const [name = "", schema = ""] = [...table.matchAll(/`(?:[^`]|``)*`|[^\s.`]+/g)]
    .map(([part]) => (part.startsWith("`") ? part.slice(1, -1).replaceAll("``", "`") : part))
    .toReversed();
  return [name, schema];
}
