import type { Sql } from "../../platform/database/database.ts";
import type { Log } from "../../platform/log/log.ts";
import { listSealedOtherwise, saveResealed } from "../factors/factorStore.ts";
import { secretPurpose } from "../factors/useFactor.ts";
import { listSsoSealedOtherwise, saveSsoResealed } from "../sso/ssoStore.ts";
import { sealOf } from "../sso/tenantSso.ts";
import { superFactorPurpose } from "../super/superAdmin.ts";
import { listSuperSealedOtherwise, saveSuperResealed } from "../super/superAdminStore.ts";
import type { Keys } from "./keys.ts";
import { resealSecret } from "./sealSecret.ts";

/** While the root key is rotated: what the old one sealed is sealed with the new one, some at a time. Repeating it changes nothing. */
export async function resealSecrets({
  database,
  keys,
  log,
}: {
  database: { acrossTenants: Sql };
  keys: Pick<Keys, "id" | "secrets" | "before">;
  log: Pick<Log, "info">;
}): Promise<void> {
  if (keys.before === undefined) return;
  const sql = database.acrossTenants;
  for (let found = await listSealedOtherwise(sql, keys.id); found.length > 0; found = await listSealedOtherwise(sql, keys.id)) {
    for (const { account, ...sealed } of found) {
      for (const column of ["secret", "pending"] as const) {
        const text = sealed[column];
        const anew = text === null ? undefined : resealSecret(keys, secretPurpose(account), text);
        if (text !== null && anew !== undefined) await saveResealed(sql, account, column, text, anew);
      }
    }
    log.info({ accounts: found.length }, "secrets sealed with the new key");
  }
  for (let found = await listSsoSealedOtherwise(sql, keys.id); found.length > 0; found = await listSsoSealedOtherwise(sql, keys.id)) {
    for (const { tenant, issuer, sealed } of found) {
      const anew = resealSecret(keys, sealOf(tenant, issuer), sealed);
      if (anew !== undefined) await saveSsoResealed(sql, tenant, sealed, anew);
    }
    log.info({ tenants: found.length }, "secrets of single sign-on sealed with the new key");
  }
  for (let found = await listSuperSealedOtherwise(sql, keys.id); found.length > 0; found = await listSuperSealedOtherwise(sql, keys.id)) {
    for (const { admin, sealed } of found) {
      const anew = resealSecret(keys, superFactorPurpose(admin), sealed);
      if (anew !== undefined) await saveSuperResealed(sql, admin, sealed, anew);
    }
    log.info({ supers: found.length }, "secrets of super admins sealed with the new key");
  }
}
