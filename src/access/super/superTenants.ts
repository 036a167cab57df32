import { v7 as newId } from "uuid";
import { readAddress } from "../../platform/mail/address.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { audit } from "../audit.ts";
import { foldEmail } from "../signIn.ts";
import { requireSuperNext, type SuperPrincipal, superActor } from "./superSession.ts";
import {
  countRowsOf,
  deleteSomeOf,
  deleteTenantRow,
  endSessionsOf,
  ensureAccount,
  findTenantRow,
  forgetChainOf,
  giveAdmin,
  insertTenant,
  listMembersOf,
  type MemberRow,
  renameTenantRow,
  saveMemberActive,
  saveTenantActive,
  type TenantRow,
  tablesOfTenants,
} from "./superTenantStore.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock">;

/** Refusals: `invalid_value` (`name`, `slug`), `already_taken` (`slug`). */
export async function makeTenant({ database }: Outside, by: SuperPrincipal, given: { slug: string; name: string }): Promise<string> {
  requireSuperNext(by, "none");
  const slug = given.slug.trim().toLowerCase();
  const name = readName(given.name);
  if (!/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(slug))
    throw new Refusal("invalid_value", "A slug has 1 to 40 small letters, digits and dashes, none at its ends.", { path: "slug" });
  const id = newId();
  await database.acrossTenants.transaction(async (tx) => {
    if (!(await insertTenant(tx, { id, slug, name })))
      throw new Refusal("already_taken", `There is a tenant "${slug}" already.`, { path: "slug" });
    await audit(tx, { tenant: id, actor: superActor(by), action: "tenant.make", object: { kind: "tenant", id, name } });
  });
  return id;
}

/** Refusals: `invalid_value` (`name`), `not_found`. */
export async function renameTenant(outside: Outside, by: SuperPrincipal, tenant: string, written: string): Promise<void> {
  const name = readName(written);
  await change(outside, by, tenant, "tenant.rename", (tx) => renameTenantRow(tx, tenant, name));
}

/** Its sessions end, its sockets close within a second, its visitors are told; nothing is deleted. Repeating it changes nothing. Refusal `not_found`. */
export async function deactivateTenant(outside: Outside, by: SuperPrincipal, tenant: string): Promise<void> {
  await change(outside, by, tenant, "tenant.deactivate", async (tx) => {
    await saveTenantActive(tx, tenant, false);
    await endSessionsOf(tx, tenant, new Date(outside.clock.now()));
  });
}

/** Refusal `not_found`. */
export async function activateTenant(outside: Outside, by: SuperPrincipal, tenant: string): Promise<void> {
  await change(outside, by, tenant, "tenant.activate", (tx) => saveTenantActive(tx, tenant, true));
}

export interface TenantErasing extends Outside {
  /** Deletes the bytes that its rows point to. Called before the rows go, and again harmless. */
  eraseFilesOf: (tenant: string) => Promise<void>;
}

/**
 * Deletes a tenant with everything of it, for good: it is deactivated first, then every table that says of its rows whose they are is emptied, a
 * few thousand rows at a time. Interrupted, it is done again and goes on. Accounts are people's own, and stay. Refusals: `not_found`,
 * `invalid_value` (`slug`) where the slug isn't the one.
 */
export async function deleteTenant(outside: TenantErasing, by: SuperPrincipal, tenant: string, slug: string): Promise<void> {
  const { database } = outside;
  const found = await needTenant(outside, tenant);
  if (found.slug !== slug.trim()) throw new Refusal("invalid_value", `Write "${found.slug}" to delete it.`, { path: "slug" });
  await deactivateTenant(outside, by, tenant);
  await outside.eraseFilesOf(tenant);
  for (const table of await tablesOfTenants(database.acrossTenants)) {
    while ((await deleteSomeOf(database.acrossTenants, table, tenant)) > 0);
  }
  await database.acrossTenants.transaction(async (tx) => {
    await forgetChainOf(tx, tenant);
    await deleteTenantRow(tx, tenant);
    await audit(tx, {
      tenant: undefined,
      actor: superActor(by),
      action: "tenant.delete",
      object: { kind: "tenant", id: tenant, name: found.name },
    });
  });
  announceAccessChange(outside, [tenant]);
}

/** A tenant and who works there. Refusal `not_found`. */
export async function openTenant(
  outside: Pick<Outside, "database">,
  by: SuperPrincipal,
  tenant: string,
): Promise<{ tenant: TenantRow; members: MemberRow[] }> {
  requireSuperNext(by, "none");
  return { tenant: await needTenant(outside, tenant), members: await listMembersOf(outside.database.acrossTenants, tenant) };
}

/** How many rows would go, by table. */
export async function countTenant({ database }: Pick<Outside, "database">, tenant: string): Promise<{ table: string; rows: number }[]> {
  const counts = [];
  for (const table of await tablesOfTenants(database.aside.acrossTenants)) {
    const rows = await countRowsOf(database.aside.acrossTenants, table, tenant);
    if (rows > 0) counts.push({ table, rows });
  }
  return counts;
}

/**
 * Makes the account with this mail an admin of the tenant, at once; where there is none, one without a password, whose owner chooses it by
 * "forgot password". Nobody else ever sees or sets a password (ASVS 6.4.6). Refusals: `invalid_value` (`email`, `name`), `not_found`.
 */
export async function addTenantAdmin(
  outside: Outside,
  by: SuperPrincipal,
  tenant: string,
  given: { email: string; name: string },
): Promise<void> {
  const address = readAddress(given.email);
  if (address === undefined) throw new Refusal("invalid_value", "This is not a mail address, like name@example.org.", { path: "email" });
  const name = readName(given.name);
  await change(outside, by, tenant, "tenant.add-admin", async (tx) => {
    await giveAdmin(tx, tenant, await ensureAccount(tx, { id: newId(), email: foldEmail(address), name }));
  });
}

/** A member may work in the tenant, or not any more: then their sessions there end. Refusal `not_found`. */
export async function setMemberActive(
  outside: Outside,
  by: SuperPrincipal,
  tenant: string,
  account: string,
  active: boolean,
): Promise<void> {
  await change(
    outside,
    by,
    tenant,
    active ? "agent.activate" : "agent.deactivate",
    async (tx) => {
      if (!(await saveMemberActive(tx, tenant, account, active))) throw new Refusal("not_found", "There is no such member.");
      if (!active) await endSessionsOf(tx, tenant, new Date(outside.clock.now()), account);
    },
    { kind: "account", id: account },
  );
}

async function change(
  outside: Outside,
  by: SuperPrincipal,
  tenant: string,
  action: string,
  work: (tx: Parameters<typeof insertTenant>[0]) => Promise<void>,
  object?: { kind: string; id: string },
): Promise<void> {
  requireSuperNext(by, "none");
  const { name } = await needTenant(outside, tenant);
  await outside.database.acrossTenants.transaction(async (tx) => {
    await work(tx);
    await audit(tx, { tenant, actor: superActor(by), action, object: object ?? { kind: "tenant", id: tenant, name } });
  });
  announceAccessChange(outside, [tenant]);
}

async function needTenant({ database }: Pick<Outside, "database">, tenant: string): Promise<TenantRow> {
  const found = await findTenantRow(database.acrossTenants, tenant);
  if (found === undefined) throw new Refusal("not_found", "There is no such tenant.");
  return found;
}

function readName(written: string): string {
  const name = written.trim().normalize("NFC");
  if (name === "" || name.length > 120 || /\p{Cc}/u.test(name))
    throw new Refusal("invalid_value", "A name has 1 to 120 characters, and no line break.", { path: "name" });
  return name;
}
