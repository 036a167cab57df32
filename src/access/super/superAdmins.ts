import { v7 as newId } from "uuid";
import type { Sql } from "../../platform/database/database.ts";
import { readAddress } from "../../platform/mail/address.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Access } from "../access.ts";
import { checkNewPassword } from "../accounts/passwordRules.ts";
import { audit } from "../audit/audit.ts";
import { foldEmail } from "../sessions/signIn.ts";
import { asTyped, newSecret, secretLifeMs } from "./oneTimeSecret.ts";
import { type SuperAdmin, serverActor } from "./superAdmin.ts";
import {
  deleteSuperAdmin,
  endSuperSessions,
  findSuperAdmin,
  forgetFactors,
  freePlace,
  insertSuperAdmin,
  lockSuperAdmins,
  type OneTimeSecret,
  replacePassword,
  savePlace,
} from "./superAdminStore.ts";

type Outside = Pick<Platform, "database" | "clock"> & Pick<Access, "passwords">;

/** Who does it on the server, and how many super admins may be active. */
export interface OnServer {
  user: string;
  most: number;
}

/** What takes the place of a password until the first sign-in: one that was brought, or a secret that is made. */
interface First {
  /** A password of the caller's choice; without it a secret is made and answered. */
  password?: string;
}

/** Who it is, checked. Refusal `invalid_value` (`email`, `name`). */
export function readSuperAdmin(given: { email: string; name: string }): { email: string; name: string } {
  const address = readAddress(given.email);
  if (address === undefined)
    throw new Refusal("invalid_value", `"${given.email.slice(0, 100)}" is not a mail address, like name@example.org.`, { path: "email" });
  const name = given.name.trim().normalize("NFC");
  // What turns the direction of writing would make one super admin look like another in a list.
  if (name === "" || name.length > 120 || /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(name) || !name.isWellFormed())
    throw new Refusal("invalid_value", "A name has 1 to 120 characters, all of them visible, and no line break.", { path: "name" });
  return { email: foldEmail(address), name };
}

/** Whether one more may be active, before anybody is asked for more. Refusal `conflict`. */
export async function needRoom({ database }: Pick<Platform, "database">, { most }: Pick<OnServer, "most">): Promise<void> {
  await database.acrossTenants.transaction((tx) => needPlace(tx, most));
}

/**
 * Makes a super admin who is active at once, and answers the one-time secret. Of any number that are made at the same moment as many succeed as
 * there are places (GHSA-9wcp-79g5-5c3c). Refusals: `invalid_value` (`email`, `name`, `password`), `already_taken` (`email`), `conflict`.
 */
export async function addSuperAdmin(
  outside: Outside,
  { user, most }: OnServer,
  given: { email: string; name: string } & First,
): Promise<{ admin: string; secret: string }> {
  const { email, name } = readSuperAdmin(given);
  const { told, stored } = await oneTimeSecret(outside, given, [email, name]);
  const id = newId();
  await outside.database.acrossTenants.transaction(async (tx) => {
    await lockSuperAdmins(tx);
    if ((await findSuperAdmin(tx, email)) !== undefined)
      throw new Refusal("already_taken", `There is a super admin ${email} already; "list" shows all.`, { path: "email" });
    await insertSuperAdmin(tx, { id, email, name, place: await needPlace(tx, most), secret: stored });
    await audit(tx, { tenant: undefined, actor: serverActor(user), action: "super.add", object: { kind: "super", id, name } });
  });
  return { admin: id, secret: told };
}

/** May sign in again. Repeating it changes nothing. Refusals: `not_found`, `conflict`. */
export async function activateSuperAdmin(outside: Outside, { user, most }: OnServer, email: string): Promise<SuperAdmin> {
  return await change(outside, user, email, "super.activate", async (tx, { id, active }) => {
    if (!active) await savePlace(tx, id, await needPlace(tx, most));
  });
}

/** Can't sign in any more, and all sessions end at once. Repeating it changes nothing. Refusal `not_found`. */
export async function deactivateSuperAdmin(outside: Outside, { user }: OnServer, email: string): Promise<SuperAdmin> {
  return await change(outside, user, email, "super.deactivate", async (tx, { id }) => {
    await savePlace(tx, id, null);
    await endSuperSessions(tx, id);
  });
}

/** A new one-time secret in the place of the password; the second factor stays. All sessions end. Refusals: `not_found`, `invalid_value`. */
export async function rotateSuperAdmin(
  outside: Outside,
  { user }: OnServer,
  email: string,
  first: First = {},
): Promise<{ admin: SuperAdmin; secret: string }> {
  return await renew(outside, user, email, first, "super.rotate", async () => {});
}

/** Begins anew: password, confirmed mail and second factor are gone, all sessions end. Refusals: `not_found`, `invalid_value`. */
export async function resetSuperAdmin(
  outside: Outside,
  { user }: OnServer,
  email: string,
  first: First = {},
): Promise<{ admin: SuperAdmin; secret: string }> {
  return await renew(outside, user, email, first, "super.reset", forgetFactors);
}

/** Refusal `not_found`. */
export async function removeSuperAdmin(outside: Outside, { user }: OnServer, email: string): Promise<SuperAdmin> {
  return await change(outside, user, email, "super.delete", (tx, { id }) => deleteSuperAdmin(tx, id));
}

async function renew(
  outside: Outside,
  user: string,
  email: string,
  first: First,
  action: string,
  also: (tx: Sql, id: string) => Promise<void>,
): Promise<{ admin: SuperAdmin; secret: string }> {
  const { told, stored } = await oneTimeSecret(outside, first, [email]);
  const admin = await change(outside, user, email, action, async (tx, { id }) => {
    await replacePassword(tx, id, stored);
    await also(tx, id);
    await endSuperSessions(tx, id);
  });
  return { admin, secret: told };
}

async function change(
  { database }: Outside,
  user: string,
  email: string,
  action: string,
  work: (tx: Sql, admin: SuperAdmin) => Promise<void>,
): Promise<SuperAdmin> {
  return await database.acrossTenants.transaction(async (tx) => {
    await lockSuperAdmins(tx);
    const admin = await findSuperAdmin(tx, foldEmail(email));
    if (admin === undefined)
      throw new Refusal("not_found", `There is no super admin "${email.slice(0, 100)}"; "list" shows all.`, { path: "email" });
    await work(tx, admin);
    await audit(tx, { tenant: undefined, actor: serverActor(user), action, object: { kind: "super", id: admin.id, name: admin.name } });
    return admin;
  });
}

/** Refusal `conflict` where all places are taken. */
async function needPlace(tx: Sql, most: number): Promise<number> {
  const place = await freePlace(tx, most);
  if (place !== undefined) return place;
  const [are, them] = most === 1 ? ["is a super admin", "that one"] : [`are ${most} active super admins`, "one of them"];
  throw new Refusal("conflict", `There ${are} already, as many as SU_MAX allows; deactivate ${them} first, or raise SU_MAX.`);
}

async function oneTimeSecret(
  { passwords, clock }: Outside,
  { password }: First,
  context: readonly string[],
): Promise<{ told: string; stored: OneTimeSecret }> {
  if (password !== undefined) checkNewPassword(password, context, "password");
  const told = password ?? newSecret();
  return { told, stored: { hash: await passwords.hash(asTyped(told)), expiresAt: new Date(clock.now() + secretLifeMs) } };
}
