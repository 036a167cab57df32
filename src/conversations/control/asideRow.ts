import type { ConversationItem } from "../../protocol/desk.ts";
import type { Muted } from "../conversation.ts";

/** What else a list knows of a conversation, besides who controls it: mostly nothing. */
export interface AsideRow {
  snoozed_until: Date | null;
  participants: Record<string, string>;
  muted: Muted | null;
  closed_at: Date | null;
  changes: number;
}

export const asideColumns = "c.snoozed_until, c.participants, c.muted, c.closed_at, c.changes";

type Aside = Pick<ConversationItem, "snoozedUntil" | "participants" | "muted" | "closedAt" | "changes">;

/** Only what there is, for most conversations have nothing of it and lists are long. */
export function toAside(row: AsideRow): Aside {
  const participants = Object.entries(row.participants).map(([id, name]) => ({ id, name }));
  return {
    ...(row.snoozed_until === null ? {} : { snoozedUntil: row.snoozed_until.toISOString() }),
    ...(participants.length === 0 ? {} : { participants }),
    ...(row.muted === null ? {} : { muted: row.muted }),
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at.toISOString() }),
    ...(row.changes === 0 ? {} : { changes: row.changes }),
  };
}
