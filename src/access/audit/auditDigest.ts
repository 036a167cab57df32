import { createHash } from "node:crypto";

/** A part of an entry that is about a person: with its salt gone nobody can find out by trying what its hash was made of. */
export type AuditPart = readonly (string | null)[];

/** SHA-256 of the salt and the part. */
export function partHash(salt: Uint8Array, part: AuditPart): Buffer {
  return createHash("sha256").update(salt).update(JSON.stringify(part)).digest();
}

/** What stays of an entry for ever. */
export interface AuditFrame {
  action: string;
  actorKind: string;
  actorHash: Uint8Array;
  objectKind: string | null;
  objectHash: Uint8Array;
  requestId: string | null;
}

export function entryDigest({ action, actorKind, actorHash, objectKind, objectHash, requestId }: AuditFrame): Buffer {
  const frame = [action, actorKind, hex(actorHash), objectKind, hex(objectHash), requestId];
  return createHash("sha256").update(JSON.stringify(frame)).digest();
}

/** The same as `appendEntry` computes in SQL: the hash before, `seq` and `at` in milliseconds as 8 bytes each, the digest. */
export function chainHash(previous: Uint8Array, seq: number, atMs: number, digest: Uint8Array): Buffer {
  const numbers = Buffer.alloc(16);
  numbers.writeBigInt64BE(BigInt(seq), 0);
  numbers.writeBigInt64BE(BigInt(atMs), 8);
  return createHash("sha256").update(previous).update(numbers).update(digest).digest();
}

/** One text for one value, whatever the order in which its fields were written or stored: `jsonb` has an order of its own. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
