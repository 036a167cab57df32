import { actorOf, audit } from "../../access/audit/audit.ts";
import type { Keys } from "../../access/keys/keys.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { lockOperation, type StoredVersion } from "../operationStore.ts";
import { requireOperation, type SavingOutside } from "../saveOperations.ts";
import { boundTo, checkSecret, credentialIn } from "./credential.ts";
import { keepSecret } from "./requestSecrets.ts";

export interface SecretOutside extends Pick<SavingOutside, "database" | "clock"> {
  keys: Pick<Keys, "id" | "secrets" | "before">;
}

/**
 * Keeps the secret of an API call's credential, sealed, for where its latest version leads, or the version that is named; an empty one forgets it.
 * Refusals: `not_found`, `conflict` for what proves nothing, `stale` for a version that neither is the latest nor runs, `invalid_value` (`secret`).
 */
export async function saveRequestSecret(
  { database, clock, keys }: SecretOutside,
  by: AccountPrincipal,
  { name, secret, version }: { name: string; secret: string; version?: number },
): Promise<StoredVersion> {
  const chosen = await requireOperation({ database }, by.tenant, name, version);
  const credential = credentialIn(chosen.definition.request);
  const bound = boundTo(chosen.definition.request);
  if (credential === undefined || bound === undefined)
    throw new Refusal("conflict", `"${name}" proves nothing: give it a credential first.`);
  if (secret !== "") checkSecret(credential, secret);
  await database.forTenant(by.tenant).transaction(async (tx) => {
    const held = await lockOperation(tx, name);
    if (held === undefined) throw new Refusal("not_found", "There is no such operation.");
    if (chosen.number !== held.latest && chosen.number !== held.published)
      throw new Refusal("stale", `${held.changedBy} saved version ${held.latest} first; look at where it leads.`, {
        path: "version",
        current: { version: held.latest },
      });
    const kept = { secret: secret === "" ? undefined : secret, by: by.name, at: new Date(clock.now()) };
    await keepSecret(tx, keys, { tenant: by.tenant, operation: held.id, boundTo: bound }, kept);
    const detail = { name, boundTo: bound, given: secret !== "" };
    await audit(tx, { tenant: by.tenant, actor: actorOf(by), action: "operation.secret", object: { kind: "operation", id: name }, detail });
  });
  return await requireOperation({ database }, by.tenant, name, version);
}
