import { eraseFromAudit } from "../../access/audit/verifyAudit.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { publishConversationEvent } from "../events.ts";
import { releaseMerges } from "../merge/mergeStore.ts";
import {
  contactTables,
  conversationsOfContact,
  countRows,
  deleteContact,
  deleteRows,
  findContact,
  personOf,
  readRows,
} from "./contactTablesStore.ts";

/** How many rows of each table are one person's. */
export type ContactCounts = Record<string, number>;

/** Everything that is kept about a person, by table. Rows that they never saw say so: `internal: true`. */
export interface ContactExport {
  contact: Record<string, unknown>;
  /** What in it was kept among colleagues: tables, and columns of the others. */
  internal: string[];
  [table: string]: Record<string, unknown> | Record<string, unknown>[] | string[];
}

/** What a person has seen, or sent. Of a table that isn't here its rows are internal, so that a new one is until somebody says otherwise. */
const shownTables = new Set([
  "channel_message",
  "contact_identity",
  "conversation",
  "file",
  "mail_out",
  "message",
  "rating",
  "visitor_token",
]);
const internalColumns = [
  "contact.notes",
  "contact.tags",
  "contact.fields",
  "conversation.tags",
  "conversation.fields",
  "conversation.skills",
];

/** What is one person's, without changing anything. Refusal `not_found`. */
export async function countContact({ database }: Pick<Platform, "database">, tenant: string, contact: string): Promise<ContactCounts> {
  const sql = database.forTenant(tenant);
  if ((await findContact(sql, contact)) === undefined) throw noContact();
  const person = await personOf(sql, contact, "claimed");
  const counts: ContactCounts = {};
  for (const table of await contactTables(sql)) counts[table.name] = await countRows(sql, table, person);
  return counts;
}

/**
 * Everything of a person as one document, from one moment: with what colleagues wrote about them, for whoever asks what is kept about them
 * asks for that too; marked, for whoever hands it out looks through it before. Refusal `not_found`.
 */
export async function exportContact({ database }: Pick<Platform, "database">, tenant: string, contact: string): Promise<ContactExport> {
  return await database.forTenant(tenant).transaction(async (tx) => {
    const row = await findContact(tx, contact);
    if (row === undefined) throw noContact();
    const person = await personOf(tx, contact, "proven");
    const document: ContactExport = { contact: row, internal: [...internalColumns] };
    for (const table of await contactTables(tx)) {
      const rows = await readRows(tx, table, person);
      if (rows.length === 0) continue;
      const isShown = shownTables.has(table.name);
      if (!isShown) document.internal.push(table.name);
      document[table.name] = isShown ? rows : rows.map((each) => ({ ...each, internal: true }));
    }
    return document;
  });
}

export interface Erasing extends Pick<Platform, "database" | "bus"> {
  /** Deletes what tables only point to: a person's files. Called before their rows go, and again harmless. */
  eraseFiles: (tenant: string, conversations: readonly string[]) => Promise<void>;
}

/** Deletes everything of a person, for good; whoever has their chat open is let go. The answer counts it. Refusal `not_found`. */
export async function eraseContact(deps: Erasing, tenant: string, contact: string): Promise<ContactCounts> {
  const counts = await countContact(deps, tenant, contact);
  const sql = deps.database.forTenant(tenant);
  await deps.eraseFiles(tenant, await conversationsOfContact(sql, contact));
  let targets: string[] = [];
  const conversations = await sql.transaction(async (tx) => {
    const person = await personOf(tx, contact, "claimed");
    const all = person.conversations;
    targets = await releaseMerges(tx, all);
    for (const table of await contactTables(tx)) await deleteRows(tx, table, person);
    await deleteContact(tx, contact);
    await eraseFromAudit(tx, [contact, ...all]);
    return all;
  });
  for (const conversation of conversations) publishConversationEvent(deps, tenant, { kind: "erased", conversation });
  for (const conversation of targets) publishConversationEvent(deps, tenant, { kind: "setAside", conversation });
  return counts;
}

function noContact(): Refusal {
  return new Refusal("not_found", "There is no such contact.", { path: "args.contact" });
}
