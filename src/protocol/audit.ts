/** One entry of the audit, as lists and exports have it. What was erased is null. */
export interface AuditItem {
  /** From 1, without a gap: its place in the tenant's chain. */
  seq: number;
  /** ISO 8601, UTC. */
  at: string;
  action: string;
  actor: { kind: string; id: string | null; name: string | null; address: string | null };
  object: { kind: string; id: string | null; name: string | null } | null;
  detail: unknown;
  requestId: string | null;
  /** SHA-256, hexadecimal. */
  hash: string;
}

export interface AuditPage {
  items: AuditItem[];
  nextCursor: string | null;
}
