import { z } from "zod";
import { csvLine } from "../../platform/csv/csvLine.ts";
import type { Database } from "../../platform/database/database.ts";
import type { AuditItem, AuditPage } from "../../protocol/audit.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { type AuditFilter, findAuditEntries } from "./auditListStore.ts";

const newest = Number.MAX_SAFE_INTEGER;
const moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** Refusal `invalid_value` with the field's path, as `pathOf` writes it. */
export function checkAuditFilter(filter: AuditFilter, pathOf: (field: string) => string): AuditFilter {
  for (const field of ["from", "to"] as const) {
    if (filter[field] === undefined || moment.safeParse(filter[field]).success) continue;
    throw new Refusal("invalid_value", `"${field}" must be a day like 2026-11-21, or an instant like 2026-11-21T09:30:00Z.`, {
      path: pathOf(field),
    });
  }
  return filter;
}

/** A page of a tenant's audit, the newest first. Refusal `invalid_value`. */
export async function listAudit(
  { database }: { database: Pick<Database, "forTenant"> },
  tenant: string,
  filter: AuditFilter,
  { cursor, limit, path }: { cursor: string | undefined; limit: number; path: string },
): Promise<AuditPage> {
  if (cursor !== undefined && !/^[1-9]\d{0,14}$/.test(cursor))
    throw new Refusal("invalid_value", "This cursor is not from the page before.", { path });
  const before = cursor === undefined ? newest : Number(cursor);
  const found = await findAuditEntries(database.forTenant(tenant), filter, { before, limit: limit + 1 });
  const items = found.slice(0, limit);
  return { items, nextCursor: found.length > limit ? String(items.at(-1)?.seq) : null };
}

const exportedAtOnce = 1000;

/** All of it as text, piece by piece: never more than a thousand entries are in memory. */
export async function* exportAudit(
  { database }: { database: Pick<Database, "forTenant"> },
  tenant: string,
  filter: AuditFilter,
  format: "csv" | "json",
): AsyncGenerator<string> {
  if (format === "csv") yield `${columns.join(",")}\r\n`;
  for (let before = newest; ; ) {
    const items = await findAuditEntries(database.forTenant(tenant), filter, { before, limit: exportedAtOnce });
    yield items.map(format === "csv" ? lineOf : (item) => `${JSON.stringify(item)}\n`).join("");
    const last = items.at(-1);
    if (last === undefined || items.length < exportedAtOnce) return;
    before = last.seq;
  }
}

const columns = [
  "seq",
  "at",
  "action",
  "actorKind",
  "actorId",
  "actorName",
  "address",
  "objectKind",
  "objectId",
  "objectName",
  "detail",
  "requestId",
  "hash",
];

function lineOf({ seq, at, action, actor, object, detail, requestId, hash }: AuditItem): string {
  const cells = [seq, at, action, actor.kind, actor.id, actor.name, actor.address, object?.kind, object?.id, object?.name];
  const all = [...cells, detail === null ? null : JSON.stringify(detail), requestId, hash];
  return csvLine(all.map((value) => value ?? null));
}
