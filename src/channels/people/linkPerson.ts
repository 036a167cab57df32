import { createHash, randomInt } from "node:crypto";
import { actorOf, audit } from "../../access/audit/audit.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import { tellContactChanged } from "../../aids/changeContact.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { becomeOne } from "./becomeOne.ts";
import { type Claimed, claimLink, findLink, insertLink, lockAccount, saveAccount, takeClaim, unlink } from "./personStore.ts";

type Outside = Pick<Platform, "database" | "clock">;

/** auth.md: a code counts for 10 minutes. */
export const codeMs = 10 * 60_000;

/** Without those that are taken for one another: 40 bits. */
const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** Gives somebody at a service a code, which they alone are shown; one of before counts no more. */
export async function askCode({ database, clock }: Outside, tenant: string, person: string): Promise<string> {
  const code = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join("");
  const expiresAt = new Date(clock.now() + codeMs);
  await database.acrossTenants.transaction((tx) => insertLink(tx, tenant, { hash: hashOf(code), person, expiresAt }));
  return code;
}

/** Whom a code is of. Refusal `not_found`, the same for every reason. */
export async function readCode({ database, clock }: Outside, tenant: string, code: string): Promise<Claimed> {
  const found = await findLink(database.acrossTenants, tenant, hashOf(code), new Date(clock.now()));
  if (found === undefined) throw noCode();
  return found;
}

/** An account says that it is whoever asked for the code: they must confirm it where they asked. */
export async function claimCode({ database, clock }: Outside, by: AccountPrincipal, code: string): Promise<Claimed> {
  return await database.acrossTenants.transaction(async (tx) => {
    const now = new Date(clock.now());
    const found = await findLink(tx, by.tenant, hashOf(code), now);
    if (found === undefined || !(await claimLink(tx, by.tenant, hashOf(code), by.account, now))) throw noCode();
    return found;
  });
}

/**
 * Whoever asked for a code says whether the account that wrote it is theirs: then what they said here and elsewhere is one person's. False where
 * nothing waits for them.
 */
export async function confirmLink(
  { database, clock, bus }: Outside & Pick<Platform, "bus">,
  {
    tenant,
    person,
    account,
    yes,
  }: { tenant: string; person: { id: string; name: string; channel: string }; account: string; yes: boolean },
): Promise<boolean> {
  const outcome = await database.forTenant(tenant).transaction(async (tx) => {
    const now = new Date(clock.now());
    if (yes) await lockAccount(tx, account);
    const claimed = await takeClaim(tx, person.id, now);
    if (claimed === undefined || claimed !== account) return undefined;
    if (yes) await saveAccount(tx, person.id, account, now);
    await audit(tx, {
      tenant,
      actor: { kind: "account", id: account },
      action: yes ? "channel.link" : "channel.refuse-link",
      object: { kind: "channelPerson", id: person.id, name: `${person.name} (${person.channel})` },
    });
    return { contact: yes ? await becomeOne(tx, account) : undefined };
  });
  if (outcome?.contact !== undefined) await tellContactChanged({ database, bus }, tenant, outcome.contact);
  return outcome !== undefined;
}

/** Ends a link. Refusal `not_found`. */
export async function endLink({ database }: Outside, by: AccountPrincipal, person: string): Promise<void> {
  await database.forTenant(by.tenant).transaction(async (tx) => {
    if (!(await unlink(tx, by.account, person))) throw new Refusal("not_found", "You are not linked there.", { path: "args.link" });
    await audit(tx, { tenant: by.tenant, actor: actorOf(by), action: "channel.unlink", object: { kind: "channelPerson", id: person } });
  });
}

function noCode(): Refusal {
  return new Refusal("not_found", "This code counts no more, or never did: ask for a new one there.", { path: "args.code" });
}

function hashOf(code: string): Buffer {
  return createHash("sha256").update(code.normalize("NFKC").trim().toUpperCase()).digest();
}
