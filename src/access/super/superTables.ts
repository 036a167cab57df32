import { insufficientPrivilege, sqlState } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { audit } from "../audit/audit.ts";
import { requireSuperNext, type SuperPrincipal, superActor } from "./superSession.ts";
import { deleteRow, findRow, keyColumns, listRows, type Row, rowsOfPage, tenantsOfAccount, updateRow } from "./superTableStore.ts";
import { type Column, describeTable, type Table } from "./tableCatalogueStore.ts";

type Outside = Pick<Platform, "database" | "bus">;

export interface RowsPage {
  table: Table;
  rows: { key: string[]; row: Row }[];
  /** The key to go on after; undefined at the end. */
  after: string[] | undefined;
}

/** Refusals: `not_found`, `invalid_value`. */
export async function browseTable(
  { database }: Pick<Outside, "database">,
  by: SuperPrincipal,
  name: string,
  asked: { tenant: string; search: string; after: readonly string[] },
): Promise<RowsPage> {
  const table = await needTable(database, by, name);
  const found = await listRows(database.aside.acrossTenants, table, asked).catch(refuseValue(undefined));
  const rows = found.slice(0, rowsOfPage).map((row) => ({ row, key: keyOf(table, row) }));
  return { table, rows, after: found.length > rowsOfPage ? rows.at(-1)?.key : undefined };
}

/** Refusal `not_found`. */
export async function openRow(
  { database }: Pick<Outside, "database">,
  by: SuperPrincipal,
  name: string,
  key: readonly string[],
): Promise<{ table: Table; row: Row }> {
  const table = await needTable(database, by, name);
  if (key.length !== keyColumns(table).length || key.length === 0) throw noRow();
  const row = await findRow(database.acrossTenants, table, key).catch(refuseValue(undefined));
  if (row === undefined) throw noRow();
  return { table, row };
}

/** What a column becomes, as the database writes it, null for none; and what it was when that was decided, where that is known. */
export interface ColumnChange {
  value: string | null;
  was: string | null | undefined;
}

/**
 * Changes columns of a row. Refusals: `not_found`; `forbidden` for what has rules of its own; `invalid_value` with the column; `conflict` where it
 * isn't any more what it was, or the database says no.
 */
export async function changeRow(
  outside: Outside,
  by: SuperPrincipal,
  name: string,
  key: readonly string[],
  given: ReadonlyMap<string, ColumnChange>,
): Promise<void> {
  const { table, row } = await openRow(outside, by, name, key);
  const changes = new Map<Column, string | null>();
  for (const [columnName, { value, was }] of given) {
    const column = table.columns.find((each) => each.name === columnName);
    if (column?.changeable !== true)
      throw new Refusal("forbidden", `"${columnName.slice(0, 60)}" of ${name} can't be changed here.`, { path: columnName.slice(0, 60) });
    const held = textOf(row[columnName]);
    if (was !== undefined && was !== held)
      throw new Refusal(
        "conflict",
        `It was changed meanwhile, to ${held === null ? "none" : `"${held.slice(0, 100)}"`}; look at it again.`,
        {
          path: columnName,
        },
      );
    if (value !== held) changes.set(column, value);
  }
  if (changes.size === 0) return;
  const [only] = changes.size === 1 ? [...changes.keys()] : [];
  await outside.database.acrossTenants
    .transaction(async (tx) => {
      if (!(await updateRow(tx, table, key, changes))) throw noRow();
      await audit(tx, {
        tenant: tenantOf(row),
        actor: superActor(by),
        action: "super.change-row",
        object: { kind: name, id: key.join(" ") },
        detail: { columns: [...changes.keys()].map((column) => column.name) },
      });
    })
    .catch(refuseValue(only?.name));
  await tell(outside, row);
}

/** Deletes a row, and what the schema says goes with it. Refusals as of `changeRow`. */
export async function removeRow(outside: Outside, by: SuperPrincipal, name: string, key: readonly string[]): Promise<void> {
  const { table, row } = await openRow(outside, by, name, key);
  if (!table.changeable) throw new Refusal("forbidden", `Rows of ${name} can't be deleted here.`);
  const concerned = await tenantsOf(outside, row);
  await outside.database.acrossTenants
    .transaction(async (tx) => {
      if (!(await deleteRow(tx, table, key))) throw noRow();
      // Of a tenant that is gone with this there is no chain to write into.
      const tenant = name === "tenant" ? undefined : tenantOf(row);
      await audit(tx, { tenant, actor: superActor(by), action: "super.delete-row", object: { kind: name, id: key.join(" ") } });
    })
    .catch(refuseValue(undefined));
  announceAccessChange(outside, concerned);
}

async function needTable(database: Platform["database"], by: SuperPrincipal, name: string): Promise<Table> {
  requireSuperNext(by, "none");
  const table = await describeTable(database.acrossTenants, name);
  if (table === undefined) throw new Refusal("not_found", "There is no such table.");
  return table;
}

/** As a form shows it, and takes it back. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return arrayText(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** PostgreSQL's own way to write an array. */
function arrayText(values: readonly unknown[]): string {
  const items = values.map((value) => (value === null ? "null" : `"${String(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`));
  return `{${items.join(",")}}`;
}

function keyOf(table: Table, row: Row): string[] {
  return keyColumns(table).map(({ name }) => textOf(row[name]) ?? "");
}

function tenantOf(row: Row): string | undefined {
  const tenant = row["tenant_id"];
  return typeof tenant === "string" ? tenant : undefined;
}

async function tenantsOf({ database }: Pick<Outside, "database">, row: Row): Promise<string[]> {
  const account = row["account_id"] ?? row["id"];
  const ofAccount = typeof account === "string" ? await tenantsOfAccount(database.acrossTenants, account) : [];
  return [...ofAccount, tenantOf(row) ?? (typeof row["id"] === "string" ? row["id"] : "")].filter((tenant) => tenant !== "");
}

async function tell(outside: Outside, row: Row): Promise<void> {
  announceAccessChange(outside, await tenantsOf(outside, row));
}

function noRow(): Refusal {
  return new Refusal("not_found", "There is no such row any more.");
}

/** What the database says of a value or of a row that others point to, in words. */
function refuseValue(column: string | undefined): (error: unknown) => never {
  return (error) => {
    const state = sqlState(error) ?? "";
    const path = column === undefined ? {} : { path: column };
    if (state === insufficientPrivilege)
      throw new Refusal("forbidden", "The database doesn't let Switchboard do this with the table: look at its owner and its grants.", {
        cause: error,
      });
    if (/^22/.test(state)) throw new Refusal("invalid_value", "The value doesn't fit the type of its column.", { ...path, cause: error });
    if (state === "23503")
      throw new Refusal("conflict", "Other rows point to this one, or it would point to none; change those first.", {
        ...path,
        cause: error,
      });
    if (state === "23505") throw new Refusal("already_taken", "Another row has this value already.", { ...path, cause: error });
    if (/^23/.test(state)) throw new Refusal("invalid_value", "The table's own rules refuse this value.", { ...path, cause: error });
    throw error;
  };
}
