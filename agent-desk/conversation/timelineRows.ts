import type { Block } from "../../src/protocol/blocks.ts";
import type { Author } from "../../src/protocol/conversation.ts";
import type { MessageItem, NoteItem } from "../../src/protocol/desk.ts";
import type { ErrorBody } from "../../src/protocol/errors.ts";
import type { Mentioned } from "../../src/protocol/mentions.ts";

/** Something of mine that the server has not confirmed. */
export interface PendingItem {
  clientId: string;
  kind: "message" | "note";
  text: string;
  blocks?: Block[];
  /** Its files are not uploaded yet: they are all that it waits for. */
  awaits?: boolean;
  at: string;
  /** Nothing was heard for 3 s, or there is no connection: it goes by itself, and says so. */
  late: boolean;
  /** The server's refusal; without it, it is still on its way. */
  error?: ErrorBody;
}

/** `sending` for less than 3 s, then `waiting`. */
type Mark = "sending" | "waiting" | "failed" | "sent" | "read";

export interface SaidRow {
  kind: "said";
  key: string;
  author: Author;
  mine: boolean;
  note: boolean;
  text: string;
  blocks: Block[];
  /** Whom a note names. */
  mentions: readonly Mentioned[];
  at: string;
  command: string | null;
  /** The same author goes on within five minutes: no second head. */
  continued: boolean;
  mark: Mark | null;
  error: ErrorBody | null;
  clientId: string | null;
  /** Its files are not uploaded yet. */
  awaits?: true;
}

export type TimelineRow =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  | { kind: "event"; key: string; text: string; at: string }
  | SaidRow;

export interface TimelineFacts {
  messages: readonly MessageItem[];
  notes: readonly NoteItem[];
  pending: readonly PendingItem[];
  me: string;
  visitorReadSeq: number;
  /** A line is drawn before what the visitor wrote after this; null for no line. */
  unreadAfter: number | null;
}

const togetherMs = 5 * 60_000;

/** The lines of a conversation: messages by `seq`, each note after the message that was newest when it was written, mine at the end. */
export function timelineRows(facts: TimelineFacts): TimelineRow[] {
  const rows: TimelineRow[] = [];
  let previous: SaidRow | null = null;
  let day = "";
  let unreadDrawn = facts.unreadAfter === null;
  for (const item of inOrder(facts)) {
    const itemDay = new Date(item.at).toDateString();
    if (itemDay !== day) {
      rows.push({ kind: "day", key: `day ${itemDay}`, at: item.at });
      previous = null;
      day = itemDay;
    }
    if (!unreadDrawn && item.kind === "message" && item.author.kind === "visitor" && item.seq > (facts.unreadAfter ?? 0)) {
      rows.push({ kind: "unread", key: "unread" });
      previous = null;
      unreadDrawn = true;
    }
    if (item.kind === "message" && item.author.kind === "system") {
      rows.push({ kind: "event", key: item.id, text: item.text, at: item.at });
      previous = null;
      continue;
    }
    previous = saidRow(item, facts, previous);
    rows.push(previous);
  }
  for (const item of facts.pending) {
    previous = pendingRow(item, facts.me, previous);
    rows.push(previous);
  }
  return rows;
}

function* inOrder({ messages, notes }: TimelineFacts): Iterable<MessageItem | NoteItem> {
  const waiting = [...notes].sort((a, b) => a.afterSeq - b.afterSeq || (a.at < b.at ? -1 : 1));
  let next = 0;
  for (const message of messages) {
    for (let note = waiting[next]; note !== undefined && note.afterSeq < message.seq; note = waiting[++next]) yield note;
    yield message;
  }
  yield* waiting.slice(next);
}

function saidRow(item: MessageItem | NoteItem, { me, visitorReadSeq }: TimelineFacts, previous: SaidRow | null): SaidRow {
  const mine = item.author.kind === "agent" && item.author.name === me;
  const note = item.kind === "note";
  return {
    kind: "said",
    key: item.clientId === undefined ? item.id : keyOfMine(item.clientId),
    author: item.author,
    mine,
    note,
    text: item.text,
    blocks: item.blocks ?? [],
    mentions: item.kind === "note" ? (item.mentions ?? []) : [],
    at: item.at,
    command: item.kind === "message" ? (item.command ?? null) : null,
    continued: goesOn(previous, { author: item.author, note, at: item.at }),
    mark: item.kind === "message" && item.author.kind === "agent" ? (item.seq <= visitorReadSeq ? "read" : "sent") : null,
    error: null,
    clientId: item.clientId ?? null,
  };
}

function pendingRow(
  { clientId, kind, text, blocks = [], awaits, at, late, error }: PendingItem,
  me: string,
  previous: SaidRow | null,
): SaidRow {
  const author: Author = { kind: "agent", name: me };
  const note = kind === "note";
  return {
    kind: "said",
    key: keyOfMine(clientId),
    author,
    mine: true,
    note,
    text,
    blocks,
    mentions: [],
    at,
    command: null,
    continued: goesOn(previous, { author, note, at }),
    mark: error !== undefined ? "failed" : late ? "waiting" : "sending",
    error: error ?? null,
    clientId,
    ...(awaits === true ? { awaits } : {}),
  };
}

/** The key stays the same when the confirmation comes: the line is not drawn anew. */
function keyOfMine(clientId: string): string {
  return `mine ${clientId}`;
}

function goesOn(previous: SaidRow | null, { author, note, at }: { author: Author; note: boolean; at: string }): boolean {
  if (previous === null || previous.note !== note) return false;
  if (previous.author.kind !== author.kind || previous.author.name !== author.name) return false;
  return Date.parse(at) - Date.parse(previous.at) < togetherMs;
}
