import type { Platform } from "../platform/platform.ts";
import type { AgentItem, Presence } from "../protocol/desk.ts";
import { countOnline, dropConnections, findDeclared, listAgents, refreshConnections, saveDeclared } from "./presenceStore.ts";

export const connectionWordEveryMs = 5000;

export function presenceSubject(tenant: string): string {
  return `tenant.${tenant}.presence`;
}

/** What an agent declares holds on every device and over every disconnect. */
export async function declarePresence(
  deps: Pick<Platform, "database" | "bus">,
  tenant: string,
  account: string,
  declared: Presence,
): Promise<void> {
  await saveDeclared(deps.database.forTenant(tenant), account, declared);
  deps.bus.publish(presenceSubject(tenant), { account, declared });
}

/** Colleagues, what each declared, and whether any device of theirs is connected. */
export async function viewAgents({ database }: Pick<Platform, "database">, tenant: string): Promise<AgentItem[]> {
  return await listAgents(database.forTenant(tenant));
}

/** How many people of a team could take a conversation now: online and connected. */
export async function peopleOnline({ database }: Pick<Platform, "database">, tenant: string, team: string): Promise<number> {
  return await countOnline(database.forTenant(tenant), team);
}

/** Why a colleague isn't at the desk, as it is told after their name; undefined where they are: connected by any device, and not declared offline. */
export async function whyAbsent(deps: Pick<Platform, "database">, tenant: string, account: string): Promise<string | undefined> {
  const colleague = (await viewAgents(deps, tenant)).find(({ id }) => id === account);
  if (colleague === undefined) return "may not work here any more";
  if (colleague.declared === "offline") return "is offline";
  return colleague.connected ? undefined : "is not connected any more";
}

/** A gateway's word on who has sockets with it. */
export async function sayConnected(
  { database }: Pick<Platform, "database">,
  gateway: string,
  accounts: readonly { tenant: string; account: string }[],
): Promise<void> {
  if (accounts.length > 0) await refreshConnections(database.acrossTenants, gateway, accounts);
}

/** The last socket of an account with this gateway has ended. */
export async function sayDisconnected(
  deps: Pick<Platform, "database" | "bus">,
  gateway: string,
  tenant: string,
  account: string,
): Promise<void> {
  await dropConnections(deps.database.forTenant(tenant), gateway, account);
  deps.bus.publish(presenceSubject(tenant), { account });
}

/** What an agent declared last; offline where they never did. */
export async function declaredPresence({ database }: Pick<Platform, "database">, tenant: string, account: string): Promise<Presence> {
  return (await findDeclared(database.forTenant(tenant), account)) ?? "offline";
}
