import type pg from "pg";

/**
 * The second wall (migration 0022): for whom a connection speaks. `*` is for what goes over all tenants, anything else is a tenant's id.
 * Rows of others are not there for it, whatever the statement says or forgets.
 */
export const acrossTenants = "*";

/** Whether the product may take on the roles that own nothing, or works as the owner of its tables. */
export type WallRoles = "product" | "owner";

/** One statement, one round trip; only where the connection spoke for another before. */
export async function speakFor(client: pg.PoolClient, whom: string, roles: WallRoles, deadlineMs: number): Promise<void> {
  const become: pg.QueryConfig & { query_timeout: number } = {
    name: "speak_for",
    text: "select set_config('role', $1, false), set_config('app.tenant', $2, false)",
    values: [roleFor(whom, roles), whom],
    query_timeout: deadlineMs,
  };
  await client.query(become);
}

/** The same as SET, for a new connection. */
export function speaksAcrossTenants(roles: WallRoles): string {
  return `set role ${roleFor(acrossTenants, roles)}; set app.tenant = '${acrossTenants}'`;
}

function roleFor(whom: string, roles: WallRoles): string {
  if (roles === "owner") return "none";
  return whom === acrossTenants ? "switchboard_worker" : "switchboard_app";
}
