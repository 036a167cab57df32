import type { Sql } from "../../platform/database/database.ts";

export async function deleteExpired(sql: Sql): Promise<void> {
  await sql.query("delete from socket_ticket where expires_at < now() - interval '1 hour'");
  await sql.query("delete from refresh_token where expires_at < now() - interval '2 days'");
  await sql.query("delete from session where ends_at < now() - interval '30 days'");
  await sql.query("delete from account_link where expires_at < now()");
  // An hour later still: a turn that is taken again finds out what became of its code.
  await sql.query("delete from confirmation where expires_at < now() - interval '1 hour'");
  await sql.query("delete from sign_in_flow where expires_at < now()");
  await sql.query("delete from throttle where ends_at < now()");
  await sql.query("delete from sign_in_failure where ends_at < now()");
}
