import { randomUUID } from "node:crypto";
import { commitWrites as commit } from "../../../src/conversations/ledger/ledgerStore.ts";

export * from "../../../src/conversations/ledger/ledgerStore.ts";

/** Stands in for the real one: a change of control doesn't look at whether another came first, neither by its fence nor by its message's key. */
export const commitWrites: typeof commit = (sql, writes, holder) =>
  commit(
    sql,
    writes.map(({ fence: _, messages, ...write }) => ({
      ...write,
      messages: messages.map((message) => (message.key.startsWith("c:") ? { ...message, key: `c:${randomUUID()}` } : message)),
    })),
    holder,
  );
