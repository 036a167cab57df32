import type { Database, Sql } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import type { AccountPrincipal } from "../principal.ts";
import { actorOf, audit, system } from "./audit.ts";
import { listOverdueChains, saveRetention } from "./auditRetentionStore.ts";
import { forgetEntries, forgottenAtOnce, installationChain } from "./auditStore.ts";
import { type AuditFlaw, verifyAudit } from "./verifyAudit.ts";

/** How long a chain is kept where nothing else was said; a tenant says otherwise by `audit.keep`. */
const usualDays = 730;
const dayMs = 86_400_000;

/**
 * Retention, as a job: each chain loses what is older than it is to be kept, about once a day. A chain with a flaw loses nothing: what was
 * tampered with must still be seen. Two processes at once do no harm.
 */
export async function forgetOldAudit({
  database,
  clock,
  log,
}: Pick<Platform, "clock" | "log"> & { database: Pick<Database, "acrossTenants"> }): Promise<void> {
  const now = clock.now();
  for (const { chain, days } of await listOverdueChains(database.acrossTenants, new Date(now), usualDays)) {
    const tenant = chain === installationChain ? undefined : chain;
    const { forgotten, flaws } = await forgetAudit({ database }, tenant, new Date(now - days * dayMs));
    if (flaws.length > 0) log.error({ tenant, flaws: flaws.slice(0, 5) }, "the audit has flaws, so nothing of it is forgotten");
    else log.info({ tenant, forgotten }, "old entries of the audit are forgotten");
  }
}

/**
 * Takes away the oldest entries of a chain, those before `before`, once the chain is proven whole; the hash of the last one stays, and the rest
 * goes on from it. That it was done is an entry itself. Answers how many went, or what is wrong with the chain: then nothing goes.
 */
export async function forgetAudit(
  { database }: { database: Pick<Database, "acrossTenants"> },
  tenant: string | undefined,
  before: Date,
): Promise<{ forgotten: number; flaws: AuditFlaw[] }> {
  const chain = tenant ?? installationChain;
  const { flaws } = await verifyAudit({ database }, chain);
  if (flaws.length > 0) return { forgotten: 0, flaws };
  const some = async (tx: Sql) => {
    const entries = await forgetEntries(tx, chain, before);
    if (entries > 0) await audit(tx, { tenant, actor: system, action: "audit.forget", detail: { entries, before: before.toISOString() } });
    return entries;
  };
  let forgotten = 0;
  for (let gone = forgottenAtOnce; gone === forgottenAtOnce; forgotten += gone) gone = await database.acrossTenants.transaction(some);
  return { forgotten, flaws };
}

/** For how many days a tenant keeps its audit. */
export async function keepAudit(
  { database }: { database: Pick<Database, "acrossTenants"> },
  by: AccountPrincipal,
  days: number,
): Promise<void> {
  await database.acrossTenants.transaction(async (tx) => {
    const before = await saveRetention(tx, by.tenant, days);
    await audit(tx, {
      tenant: by.tenant,
      actor: actorOf(by),
      action: "audit.keep",
      object: { kind: "tenant", id: by.tenant },
      detail: { days, before },
    });
  });
}
