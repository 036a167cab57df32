import pg from "pg";
import { Refusal } from "../../../protocol/refusal.ts";
import type { Statement } from "../../queries/bindQuery.ts";
import { indexOfCharacter } from "../../queries/queryFault.ts";
import type { Adapter, AskOwn } from "../adapter.ts";
import type { SourceReport, SourceTable } from "../dataSource.ts";
import { commonRefusal, sanitised, statementRefusal } from "../refusals.ts";
import type { SourceSettings } from "../sourceSettings.ts";
import { tablesOf } from "../sourceTables.ts";
import { connectPostgresql } from "./postgresqlConnection.ts";
import { touchPostgresql } from "./postgresqlTouch.ts";

export function postgresqlAdapter(settings: SourceSettings): Adapter {
  return {
    connect: async (host) => await connectPostgresql(settings, host),
    test,
    tables,
    touch: touchPostgresql,
    refusal,
  };
}

async function test(own: AskOwn): Promise<SourceReport> {
  const [row] = await own(`
    select current_setting('server_version'), version(), r.rolsuper or r.rolcreaterole or r.rolbypassrls,
      exists (select from information_schema.role_table_grants
        where privilege_type in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE') and table_schema not in ('pg_catalog', 'information_schema')
          and grantee in (select rolname from pg_roles where pg_has_role(current_user, oid, 'usage')))
      or has_database_privilege(current_database(), 'CREATE')
      or has_schema_privilege((select oid from pg_namespace where nspname = 'public'), 'CREATE')
    from pg_roles r where r.rolname = current_user`);
  const [number = "", name = "", isSuperuser, canWrite] = row ?? [];
  if (!String(name).startsWith("PostgreSQL"))
    throw new Refusal("invalid_value", "This server is no PostgreSQL; choose its own kind.", { path: "dialect" });
  return {
    product: `PostgreSQL ${String(number).split(" ")[0]}`,
    isSuperuser: isSuperuser === true,
    canWrite: canWrite === true || isSuperuser === true,
  };
}

async function tables(own: AskOwn): Promise<SourceTable[]> {
  return tablesOf(
    await own(`
      select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
      from (select * from pg_class where relkind in ('r', 'v', 'm', 'f', 'p') order by oid limit 20000) c
        join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
      where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)' and a.attnum > 0 and not a.attisdropped
        and has_column_privilege(c.oid, a.attnum, 'SELECT')
      order by n.nspname <> 'public', n.nspname, c.relname, a.attnum limit 50000`),
  );
}

/** By SQLSTATE (PostgreSQL, appendix A). */
function refusal(thrown: unknown, statement?: Statement): unknown {
  if (!(thrown instanceof pg.DatabaseError)) {
    const common = commonRefusal(thrown);
    if (common !== undefined) return common;
    if (!(thrown instanceof Error && /invalid response|unexpected \w+ message/i.test(thrown.message))) return thrown;
    return new Refusal("unavailable", "The data source doesn't speak PostgreSQL's protocol; check its kind and its port.", {
      path: "dialect",
      cause: thrown,
    });
  }
  const told = (code: "unavailable" | "forbidden" | "not_found" | "invalid_value" | "conflict", message: string, path?: string) =>
    new Refusal(code, message, { cause: thrown, ...(path === undefined ? {} : { path }) });
  const words = sanitised(thrown.message);
  switch (thrown.code) {
    case "28P01":
    case "28000":
      return told("unavailable", "The data source refuses this user or its password.", "password");
    case "3D000":
      return told("unavailable", "The data source's server has no such database.", "database");
    case "53300":
      return told("unavailable", "The data source has no connection left; try again later.");
    case "57P01":
    case "57P02":
    case "57P03":
      return told("unavailable", "The data source is stopping or starting; try again in a moment.");
    case "57014":
      return told("unavailable", "The query took too long and was ended on its server; ask for less at once.");
    case "55P03":
      return told("conflict", "Somebody else is changing these rows; try again in a moment.");
    case "40001":
    case "40P01":
      return told("conflict", "Somebody else changed these rows at the same time; try again.");
    case "42501":
      return told("forbidden", `The data source's user may not do this: ${words}.`);
    case "25006":
      return told("forbidden", "Only reading is allowed here, and the data source refused to write.");
  }
  const at =
    thrown.position === undefined || statement === undefined ? undefined : indexOfCharacter(statement.text, Number(thrown.position) - 1);
  return statementRefusal(`PostgreSQL says: ${words}`, statement, at);
}
