import type { Database } from "../platform/database/database.ts";
import { addContactsToIndex, addToIndex, type UnindexedMessage, unindexedContacts, unindexedEver, unindexedLately } from "./searchStore.ts";
import { searchVector } from "./words.ts";

export interface Indexing {
  database: Pick<Database, "acrossTenants">;
}

/** Messages of one batch: about 60 ms of the database. */
const batch = 2000;
/** A statement commits at most its deadline of 5 s after the time that it wrote; a minute is far more. */
const lateSeconds = 60;
const firstId = "00000000-0000-0000-0000-000000000000";

/** Indexes what was said lately; how many messages that were. `batch` of them mean that there may be more. */
export async function indexLately({ database }: Indexing): Promise<number> {
  const messages = await unindexedLately(database.acrossTenants, lateSeconds, batch);
  await add({ database }, messages);
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
  await addToIndex(
    database.acrossTenants,
    messages.map(({ tenant, conversation, seq, at, text }) => ({
      tenant_id: tenant,
      conversation_id: conversation,
      seq,
      at,
      words: searchVector(tenant, text),
    })),
  );
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
