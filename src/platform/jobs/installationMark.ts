import type { Sql } from "../database/database.ts";

/** Tells this database from every other one: twelve characters, the same for all processes. */
export async function findInstallationMark(sql: Sql): Promise<string> {
  const [row] = await sql.query<{ mark: string }>(
    `select left(md5(concat_ws(' ', current_database(), (select oid from pg_database where datname = current_database()),
       (select min(applied_at) from schema_migration))), 12) as mark`,
  );
  return row?.mark ?? "";
}
