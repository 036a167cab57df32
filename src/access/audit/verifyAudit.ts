import type { Database, Sql } from "../../platform/database/database.ts";
import { canonicalJson, chainHash, entryDigest, partHash } from "./auditDigest.ts";
import { type AuditChain, eraseParts, installationChain, listChains, readEntries, type StoredAuditEntry } from "./auditStore.ts";

/** What is wrong with a chain: which entry, and how. */
export interface AuditFlaw {
  /** Undefined for the installation's own. */
  tenant: string | undefined;
  seq: number;
  what: "altered" | "missing" | "inserted";
}

export interface AuditVerdict {
  /** Each with its end: whoever wrote that down earlier sees whether a chain was cut off or made anew. */
  chains: { tenant: string | undefined; entries: number; seq: number; hash: string }[];
  /** The first hundred. */
  flaws: AuditFlaw[];
}

const page = 1000;
const flawsAtMost = 100;

/**
 * Computes every chain anew, or that of one tenant, and names each entry that was altered, is missing or was put in. Entries that are written
 * meanwhile are not looked at. A part that was erased can't be compared any more; that it was there, and everything else, still is.
 */
export async function verifyAudit({ database }: { database: Pick<Database, "acrossTenants"> }, tenant?: string): Promise<AuditVerdict> {
  const verdict: AuditVerdict = { chains: [], flaws: [] };
  for (const chain of await listChains(database.acrossTenants, tenant ?? null)) {
    const { entries, flaws } = await verifyChain(database.acrossTenants, chain);
    const whose = chain.tenant === installationChain ? undefined : chain.tenant;
    verdict.chains.push({ tenant: whose, entries, seq: chain.seq, hash: chain.hash.toString("hex") });
    verdict.flaws.push(...flaws.map((flaw) => ({ tenant: whose, ...flaw })));
  }
  return { ...verdict, flaws: verdict.flaws.slice(0, flawsAtMost) };
}

type Flaw = Pick<AuditFlaw, "seq" | "what">;

async function verifyChain(sql: Sql, chain: AuditChain): Promise<{ entries: number; flaws: Flaw[] }> {
  const flaws: Flaw[] = [];
  let entries = 0;
  let seq = chain.forgottenSeq;
  // What the next may go on from: the hash that stands there, and the one that should. Of two neighbours only the altered one is named.
  let before = [chain.forgottenHash];
  for (;;) {
    const read = await readEntries(sql, chain.tenant, seq, page);
    for (const entry of read) {
      if (entry.seq > chain.seq) {
        // Written since the end was read, unless there is no such end.
        if (await isBeyondEnd(sql, chain.tenant, entry.seq)) flaws.push({ seq: entry.seq, what: "inserted" });
        continue;
      }
      entries += 1;
      flaws.push(...missing(seq + 1, entry.seq - 1));
      const follows = entry.seq === seq + 1 ? before : [];
      const own = follows.map((previous) => chainHash(previous, entry.seq, entry.at.getTime(), entryDigest(entry)));
      const links = own.some((hash) => hash.equals(entry.hash));
      // Behind a gap nothing can be compared but the parts.
      if ((follows.length > 0 && !links) || !partsFit(entry)) flaws.push({ seq: entry.seq, what: "altered" });
      before = links ? [entry.hash] : [entry.hash, ...own];
      seq = entry.seq;
    }
    if (read.length < page) break;
  }
  flaws.push(...missing(seq + 1, chain.seq));
  const endsWell = before.some((hash) => hash.equals(chain.hash));
  if (flaws.length === 0 && !endsWell) flaws.push({ seq: chain.seq, what: "altered" });
  return { entries, flaws: flaws.slice(0, flawsAtMost) };
}

function missing(from: number, to: number): Flaw[] {
  const count = Math.max(0, Math.min(to - from + 1, flawsAtMost));
  return Array.from({ length: count }, (_, index) => ({ seq: from + index, what: "missing" }));
}

async function isBeyondEnd(sql: Sql, chain: string, seq: number): Promise<boolean> {
  const [now] = await listChains(sql, chain);
  return now === undefined || seq > now.seq;
}

function partsFit(entry: StoredAuditEntry): boolean {
  const { actorId, actorName, address, actorSalt, actorHash, objectId, objectName, detail, objectSalt, objectHash } = entry;
  const detailText = detail === null ? null : canonicalJson(detail);
  return (
    partFits(actorSalt, actorHash, [actorId, actorName, address]) && partFits(objectSalt, objectHash, [objectId, objectName, detailText])
  );
}

/** Without its salt a part was erased: then nothing of it may be left. */
function partFits(salt: Buffer | null, hash: Buffer, part: (string | null)[]): boolean {
  return salt === null ? part.every((value) => value === null) : partHash(salt, part).equals(hash);
}

/** For whoever deletes an account or a contact for good: by any of these ids, what entries say of the person goes, in all tenants. */
export async function eraseFromAudit(tx: Sql, ids: readonly string[]): Promise<void> {
  await eraseParts(tx, ids);
}
