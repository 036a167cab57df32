import type { Keys } from "../../access/keys/keys.ts";
import { openSecret, resealSecret, sealSecret } from "../../access/keys/sealSecret.ts";
import type { Database, Sql } from "../../platform/database/database.ts";
import { boundTo } from "./credential.ts";
import {
  deleteOtherSecrets,
  deleteSecret,
  findSecret,
  listSecretsSealedOtherwise,
  requestsThatCount,
  saveSecret,
  saveSecretResealed,
} from "./secretStore.ts";

type SealingKeys = Pick<Keys, "id" | "secrets" | "before">;

/** An operation, and where one of its versions is bound to. */
interface Bound {
  tenant: string;
  operation: string;
  boundTo: string;
}

/** The secret of an operation for where this definition leads, and for no other place; undefined where none was given for it. */
export async function secretOf(
  { database, keys }: { database: Pick<Database, "forTenant">; keys: SealingKeys },
  { tenant, operation, definition }: { tenant: string; operation: string; definition: unknown },
): Promise<string | undefined> {
  const bound = boundTo(definition);
  if (bound === undefined) return undefined;
  const sealed = await findSecret(database.forTenant(tenant), operation, bound);
  return sealed === undefined ? undefined : openSecret(keys, purposeOf({ tenant, operation, boundTo: bound }), sealed);
}

/** In the transaction of the tenant, the operation being locked; without a secret the one of before is forgotten. */
export async function keepSecret(
  tx: Sql,
  keys: SealingKeys,
  bound: Bound,
  { secret, by, at }: { secret: string | undefined; by: string; at: Date },
): Promise<void> {
  if (secret === undefined) return await deleteSecret(tx, bound.operation, bound.boundTo);
  await saveSecret(tx, { ...bound, sealed: sealSecret(keys, purposeOf(bound), secret), by, at });
}

/** In the transaction of a change: what the latest and the published version are not bound to any more is forgotten. */
export async function forgetUnboundSecrets(tx: Sql, operation: string): Promise<void> {
  const bound = (await requestsThatCount(tx, operation)).map(boundTo).filter((place) => place !== undefined);
  await deleteOtherSecrets(tx, operation, bound);
}

/** While the root key is rotated: what the old one sealed is sealed with the new one. Repeating it changes nothing. */
export async function resealRequestSecrets({ database, keys }: { database: { acrossTenants: Sql }; keys: SealingKeys }): Promise<void> {
  if (keys.before === undefined) return;
  const sql = database.acrossTenants;
  for (
    let found = await listSecretsSealedOtherwise(sql, keys.id);
    found.length > 0;
    found = await listSecretsSealedOtherwise(sql, keys.id)
  ) {
    for (const secret of found) {
      const anew = resealSecret(keys, purposeOf(secret), secret.sealed);
      if (anew !== undefined) await saveSecretResealed(sql, secret, anew);
    }
  }
}

function purposeOf({ tenant, operation, boundTo: bound }: Bound): string {
  return `operation ${tenant} ${operation} ${bound}`;
}
