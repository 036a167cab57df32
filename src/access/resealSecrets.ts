import type { Sql } from "../platform/database/database.ts";
import type { Log } from "../platform/log/log.ts";
import { listSealedOtherwise, saveResealed } from "./factorStore.ts";
import type { Keys } from "./keys.ts";
import { resealSecret } from "./sealSecret.ts";
import { secretPurpose } from "./useFactor.ts";

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
}
