import type { Database } from "../platform/database/database.ts";
import {
  addContactsToIndex,
  addNotesToIndex,
  addToIndex,
  type UnindexedMessage,
  unindexedContacts,
  unindexedEver,
  unindexedLately,
  unindexedNotes,
} from "./indexStore.ts";
import { searchVector } from "./words.ts";

export interface Indexing {
  database: Pick<Database, "acrossTenants">;
}

/** Messages of one batch: some milliseconds of the database and of this process. Ten times as many held up whoever chatted: 47 ms (p99). */
const batch = 200;
/** Taken apart before others have their turn: a millisecond or so. */
const textsAtOnce = 10;
/** A statement commits at most its deadline of 5 s after the time that it wrote; a minute is far more. */
const lateSeconds = 60;
const firstId = "00000000-0000-0000-0000-000000000000";

/** Indexes what was said lately; how many messages that were. `batch` of them mean that there may be more. */
export async function indexLately({ database }: Indexing): Promise<number> {
  const messages = await unindexedLately(database.acrossTenants, lateSeconds, batch);
  await add({ database }, messages);
  await indexNotes({ database });
  await indexContacts({ database });
  return messages.length;
}

/** Indexes everything that is not indexed, however old: after an upgrade, or when nobody indexed for more than a minute. */
export async function indexEverything({ database }: Indexing, rest: () => Promise<void> = async () => {}): Promise<void> {
  let after = { tenant: firstId, conversation: firstId };
  for (;;) {
    const { messages, last } = await unindexedEver(database.acrossTenants, after, batch);
    if (last === undefined) return;
    await add({ database }, messages);
    // A full batch left something of these conversations behind.
    if (messages.length < batch) after = last;
    await rest();
  }
}

async function add({ database }: Indexing, messages: readonly UnindexedMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const entries: Parameters<typeof addToIndex>[1][number][] = [];
  for (const [number, { tenant, conversation, seq, at, text, upTo }] of messages.entries()) {
    if (number % textsAtOnce === 0) await new Promise(setImmediate);
    entries.push({ tenant_id: tenant, conversation_id: conversation, seq, at, words: searchVector(tenant, text), up_to: upTo });
  }
  await addToIndex(database.acrossTenants, entries);
}

/** Old and new alike: a note is written once, and marked as it is indexed. */
async function indexNotes({ database }: Indexing): Promise<void> {
  const notes = await unindexedNotes(database.acrossTenants, batch);
  if (notes.length === 0) return;
  const entries: Parameters<typeof addNotesToIndex>[1][number][] = [];
  for (const [number, { text, ...note }] of notes.entries()) {
    if (number % textsAtOnce === 0) await new Promise(setImmediate);
    entries.push({ ...note, words: searchVector(note.tenant_id, text) });
  }
  await addNotesToIndex(database.acrossTenants, entries);
}

async function indexContacts({ database }: Indexing): Promise<void> {
  const contacts = await unindexedContacts(database.acrossTenants, batch);
  if (contacts.length === 0) return;
  await addContactsToIndex(
    database.acrossTenants,
    contacts.map(({ tenant, id, text }) => ({ tenant_id: tenant, contact_id: id, text, words: searchVector(tenant, text) })),
  );
}

export const fullBatch = batch;
