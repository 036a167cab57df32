import { v7 as newId } from "uuid";
import { insufficientPrivilege, sqlState } from "../../platform/database/database.ts";
import { readAddress } from "../../platform/mail/address.ts";
import { announceMail } from "../../platform/mail/outbox.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { invitationMail, mailAccount, notice } from "../accounts/accountMails.ts";
import { type AccountOutside, needMail } from "../accounts/accountOutside.ts";
import { createLink, linkAddress } from "../accounts/mailLinks.ts";
import { audit } from "../audit/audit.ts";
import { deleteInvitations } from "../members/invitationStore.ts";
import { foldEmail } from "../sessions/signIn.ts";
import { eraseTenant } from "../tenants/eraseTenant.ts";
import { saveTenantActive, tablesOfTenants } from "../tenants/eraseTenantStore.ts";
import { requireSuperNext, type SuperPrincipal, superActor } from "./superSession.ts";
import {
  countedAtMost,
  countRowsOf,
  endSessionsOf,
  findProvenAccount,
  findTenantRow,
  giveAdmin,
  insertTenant,
  listMembersOf,
  type MemberRow,
  renameTenantRow,
  saveMemberActive,
  type TenantRow,
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

/** Deletes a tenant for good (`eraseTenant`). Refusals: `not_found`, `invalid_value` (`slug`) where the slug isn't the one. */
export async function deleteTenant(outside: Outside, by: SuperPrincipal, tenant: string, slug: string): Promise<void> {
  requireSuperNext(by, "none");
  const found = await needTenant(outside, tenant);
  if (found.slug !== slug.trim()) throw new Refusal("invalid_value", `Write "${found.slug}" to delete it.`, { path: "slug" });
  await eraseTenant(outside, found, superActor(by));
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

export interface TableCount {
  table: string;
  /** At most `countedAtMost`; undefined where the database lets the product not read it. */
  rows: number | undefined;
  more: boolean;
}

/** How many rows would go, by table. */
export async function countTenant({ database }: Pick<Outside, "database">, tenant: string): Promise<TableCount[]> {
  const counts = [];
  for (const table of await tablesOfTenants(database.aside.acrossTenants)) {
    const rows = await countRowsOf(database.aside.acrossTenants, table, tenant).catch(whereUnreadable);
    if (rows !== 0)
      counts.push({ table, rows: rows === undefined ? undefined : Math.min(rows, countedAtMost), more: (rows ?? 0) > countedAtMost });
  }
  return counts;
}

/** Somebody made the table by hand, and granted nothing: that must not cost the page of its tenant. */
function whereUnreadable(error: unknown): undefined {
  if (sqlState(error) !== insufficientPrivilege) throw error;
  return undefined;
}

/**
 * Makes somebody an admin of the tenant: at once where the address belongs to an account that proved it, who is told by mail; else by an
 * invitation, which counts for 72 hours, once. Nobody else ever sees or sets a password (ASVS 6.4.6). Answers which of both. Refusals:
 * `invalid_value` (`email`), `not_found`, `unavailable` where no mail goes out.
 */
export async function addTenantAdmin(
  outside: Outside & Pick<AccountOutside, "keys" | "publicUrl" | "mailOff">,
  by: SuperPrincipal,
  tenant: string,
  written: string,
): Promise<"added" | "invited"> {
  needMail(outside);
  const { clock, keys, publicUrl, bus } = outside;
  const address = readAddress(written);
  if (address === undefined) throw new Refusal("invalid_value", "This is not a mail address, like name@example.org.", { path: "email" });
  const email = foldEmail(address);
  const { name: where } = await needTenant(outside, tenant);
  let done: "added" | "invited" = "invited";
  await change(
    outside,
    by,
    tenant,
    "tenant.add-admin",
    async (tx) => {
      const account = await findProvenAccount(tx, email);
      done = account === undefined ? "invited" : "added";
      if (account !== undefined) {
        await giveAdmin(tx, tenant, account);
        await mailAccount(tx, keys, { to: email, ...notice(`You are an admin of ${where}`, `${by.name} made you an admin of ${where}.`) });
        return;
      }
      await deleteInvitations(tx, tenant, email);
      const detail = { tenant, role: "admin", team: null, by: by.admin, bySuper: true, byName: by.name };
      const token = await createLink(tx, clock.now(), { purpose: "invitation", account: undefined, email, detail });
      await mailAccount(tx, keys, { to: email, ...invitationMail(by.name, where, linkAddress(publicUrl, "invitation", token)) });
    },
    { kind: "invitation", id: email },
  );
  announceMail({ bus });
  return done;
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
