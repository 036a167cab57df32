import { Refusal } from "../../../protocol/refusal.ts";
import type { Statement } from "../../queries/bindQuery.ts";
import type { Adapter, AskOwn } from "../adapter.ts";
import type { SourceReport, SourceTable } from "../dataSource.ts";
import { commonRefusal, errorCode, passwordInClear, sanitised, statementRefusal } from "../refusals.ts";
import type { SourceSettings } from "../sourceSettings.ts";
import { tablesOf } from "../sourceTables.ts";
import { connectMysql } from "./mysqlConnection.ts";
import { touchMysql } from "./mysqlTouch.ts";

/** MySQL and MariaDB: one protocol, told apart by what they call themselves. */
export function mysqlAdapter(settings: SourceSettings): Adapter {
  return {
    connect: async (host) => await connectMysql(settings, host),
    test: async (own) => await test(own, settings.dialect),
    tables,
    touch: touchMysql,
    refusal,
  };
}

async function test(own: AskOwn, dialect: SourceSettings["dialect"]): Promise<SourceReport> {
  const [[version = ""] = []] = await own("select version()");
  const isMariadb = /mariadb/i.test(String(version));
  // "mysql" is said of both, where nobody looked which of them it is.
  if (dialect === "mariadb" && !isMariadb) throw new Refusal("invalid_value", "This server is MySQL; choose that.", { path: "dialect" });
  const grants = await own("show grants");
  const rights = grants.map(([grant]) => String(grant)).join("\n");
  return {
    product: `${isMariadb ? "MariaDB" : "MySQL"} ${String(version).split("-")[0]}`,
    isSuperuser: /\b(SUPER|FILE|ALL PRIVILEGES ON \*\.\*)/.test(rights),
    canWrite: /\b(ALL PRIVILEGES|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|SUPER)\b/.test(rights),
  };
}

async function tables(own: AskOwn): Promise<SourceTable[]> {
  return tablesOf(
    await own(`
      select table_schema, table_name, column_name, column_type from information_schema.columns
      where table_schema not in ('mysql', 'performance_schema', 'sys', 'information_schema')
      order by table_schema <> database(), table_schema, table_name, ordinal_position limit 50000`),
  );
}

function refusal(thrown: unknown, statement?: Statement): unknown {
  const common = commonRefusal(thrown);
  if (common !== undefined) return common;
  const told = (code: "unavailable" | "forbidden" | "not_found" | "invalid_value" | "conflict", message: string, path?: string) =>
    new Refusal(code, message, { cause: thrown, ...(path === undefined ? {} : { path }) });
  const words = sanitised(thrown instanceof Error ? thrown.message : "");
  switch (errorCode(thrown)) {
    case "ER_ACCESS_DENIED_ERROR":
    case "ER_NOT_SUPPORTED_AUTH_MODE":
      return told("unavailable", "The data source refuses this user or its password.", "password");
    case "MYSQL_CLEAR_PASSWORD_NOT_ENABLED":
      return passwordInClear(thrown);
    case "ER_BAD_DB_ERROR":
    case "ER_DBACCESS_DENIED_ERROR":
      return told("unavailable", "The data source's server has no such database for this user.", "database");
    case "ER_CON_COUNT_ERROR":
    case "ER_TOO_MANY_USER_CONNECTIONS":
      return told("unavailable", "The data source has no connection left; try again later.");
    case "ER_STATEMENT_TIMEOUT":
    case "ER_QUERY_TIMEOUT":
    case "ER_QUERY_INTERRUPTED":
      return told("unavailable", "The query took too long and was ended on its server; ask for less at once.");
    case "ER_LOCK_WAIT_TIMEOUT":
    case "ER_LOCK_DEADLOCK":
      return told("conflict", "Somebody else is changing these rows; try again in a moment.");
    case "ER_TABLEACCESS_DENIED_ERROR":
    case "ER_COLUMNACCESS_DENIED_ERROR":
    case "ER_PROCACCESS_DENIED_ERROR":
    case "ER_SPECIFIC_ACCESS_DENIED_ERROR":
      return told("forbidden", `The data source's user may not do this: ${words}.`);
    case "ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION":
      return told("forbidden", "Only reading is allowed here, and the data source refused to write.");
    case "ER_SERVER_SHUTDOWN":
      return told("unavailable", "The data source is stopping or starting; try again in a moment.");
  }
  // The driver closes the connection for it (CVE-2024-21512).
  const [, column] = /^The field name \((.*)\) can't be the same/.exec(thrown instanceof Error ? thrown.message : "") ?? [];
  if (column !== undefined) return told("invalid_value", `No column may be called ${column}; give it another name with "as".`, "text");
  if (/max_statement_time exceeded|maximum statement execution time/i.test(words)) {
    return told("unavailable", "The query took too long and was ended on its server; ask for less at once.");
  }
  if (!isFromServer(thrown) && errorCode(thrown) === undefined) return thrown;
  if (!isFromServer(thrown))
    return told("unavailable", "The data source doesn't speak MySQL's protocol; check its kind and its port.", "dialect");
  return statementRefusal(`The database says: ${words}`, statement, placeOf(words, statement));
}

function isFromServer(thrown: unknown): boolean {
  return thrown instanceof Error && "sqlState" in thrown && thrown.sqlState !== undefined;
}

/** MySQL quotes what follows the place: `… near 'frm orders' at line 1`. */
function placeOf(message: string, statement: Statement | undefined): number | undefined {
  const near = /near '(.*)' at line \d+$/s.exec(message)?.[1];
  const at = near === undefined || near === "" ? -1 : (statement?.text.indexOf(near) ?? -1);
  return at < 0 ? undefined : at;
}
