import type { Block } from "../../src/protocol/blocks.ts";
import type { Author } from "../../src/protocol/conversation.ts";
import type { MergedConversation, MessageItem, NoteItem } from "../../src/protocol/desk.ts";
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
  /** It can be taken back for some seconds, and waits for their end. */
  held?: boolean;
  /** Nothing was heard for 3 s, or there is no connection: it goes by itself, and says so. */
  late: boolean;
  /** The server's refusal; without it, it is still on its way. */
  error?: ErrorBody;
  /** Whose conversation it goes to, where that was merged into the one on the page. */
  place?: string;
}

/** `sending` for less than 3 s, then `waiting`; `held`: it can be taken back. */
type Mark = "held" | "sending" | "waiting" | "failed" | "sent" | "delivered" | "read";

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
  /** Its number in its conversation, of what the server has. */
  seq?: number;
  /** The conversation that it stands in, where that was merged into this one. */
  from?: string;
  /** What became of it. */
  changed?: Pick<MessageItem, "changedAt" | "deleted" | "reactions">;
  /** Whose conversation it stands in, where that was merged into this one. */
  place?: string;
}

export type TimelineRow =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  | { kind: "event"; key: string; text: string; at: string; visitorReads?: string }
  | { kind: "merge"; key: string; merge: MergedConversation; at: string }
  | SaidRow;

export interface TimelineFacts {
  messages: readonly MessageItem[];
  notes: readonly NoteItem[];
  pending: readonly PendingItem[];
  me: string;
  /** What the visitor is called now, whatever they were called when they wrote. */
  visitor?: string | undefined;
  visitorReadSeq: number;
  /** Up to which a page of theirs took what was said. */
  visitorShownSeq: number;
  /** A line is drawn before what the visitor wrote after this; null for no line. */
  unreadAfter: number | null;
  /** What was merged into it, each with an order of its own. */
  merged?: readonly MergedFacts[];
}

export interface MergedFacts {
  merge: MergedConversation;
  /** Whose conversation it is, in a few words. */
  place: string;
  messages: readonly MessageItem[];
  notes: readonly NoteItem[];
  visitorReadSeq: number;
  visitorShownSeq: number;
}

const togetherMs = 5 * 60_000;

/**
 * The lines of a conversation: messages by `seq`, each note after the message that was newest when it was written, mine at the end. What was merged
 * into it stands between them by its instant, in its own order.
 */
export function timelineRows(facts: TimelineFacts): TimelineRow[] {
  const rows: TimelineRow[] = [];
  let previous: SaidRow | null = null;
  let day = "";
  let unreadDrawn = facts.unreadAfter === null;
  for (const { item, part } of woven(facts)) {
    const itemDay = new Date(item.at).toDateString();
    if (itemDay !== day) {
      rows.push({ kind: "day", key: `day ${itemDay}`, at: item.at });
      previous = null;
      day = itemDay;
    }
    if (item.kind === "merge") {
      rows.push(item);
      previous = null;
      continue;
    }
    if (
      !unreadDrawn &&
      part === undefined &&
      item.kind === "message" &&
      item.author.kind === "visitor" &&
      item.seq > (facts.unreadAfter ?? 0)
    ) {
      rows.push({ kind: "unread", key: "unread" });
      previous = null;
      unreadDrawn = true;
    }
    if (item.kind === "message" && item.author.kind === "system") {
      const { text, at, visitorReads } = item;
      rows.push({ kind: "event", key: keyIn(part, item.id), text, at, ...(visitorReads === undefined ? {} : { visitorReads }) });
      previous = null;
      continue;
    }
    previous = saidRow(item, facts, previous, part);
    rows.push(previous);
  }
  for (const item of facts.pending) {
    previous = pendingRow(item, facts.me, previous);
    rows.push(previous);
  }
  return rows;
}

interface Woven {
  item: MessageItem | NoteItem | Extract<TimelineRow, { kind: "merge" }>;
  part?: MergedFacts;
}

/** Of each the next is compared: an order that its own clock contradicts is never changed. */
function* woven({ merged = [], ...facts }: TimelineFacts): Iterable<Woven> {
  const lines: Woven[][] = [[...inOrder(facts)].map((item) => ({ item }))];
  for (const part of merged) {
    const { id, at } = part.merge;
    lines.push(
      [...inOrder(part)].map((item) => ({ item, part })),
      [{ item: { kind: "merge", key: `merge ${id}`, merge: part.merge, at } }],
    );
  }
  const next = lines.map(() => 0);
  for (;;) {
    let first: { line: number; woven: Woven } | undefined;
    for (const [line, items] of lines.entries()) {
      const each = items[next[line] ?? 0];
      if (each !== undefined && (first === undefined || Date.parse(each.item.at) < Date.parse(first.woven.item.at)))
        first = { line, woven: each };
    }
    if (first === undefined) return;
    next[first.line] = (next[first.line] ?? 0) + 1;
    yield first.woven;
  }
}

function* inOrder({ messages, notes }: Pick<TimelineFacts, "messages" | "notes">): Iterable<MessageItem | NoteItem> {
  const waiting = [...notes].sort((a, b) => a.afterSeq - b.afterSeq || (a.at < b.at ? -1 : 1));
  let next = 0;
  for (const message of messages) {
    for (let note = waiting[next]; note !== undefined && note.afterSeq < message.seq; note = waiting[++next]) yield note;
    yield message;
  }
  yield* waiting.slice(next);
}

function saidRow(item: MessageItem | NoteItem, { me, ...facts }: TimelineFacts, previous: SaidRow | null, part?: MergedFacts): SaidRow {
  const mine = item.author.kind === "agent" && item.author.name === me;
  const note = item.kind === "note";
  const visitor = part === undefined ? facts.visitor : part.merge.contact.name;
  const author = item.author.kind === "visitor" && visitor !== undefined ? { ...item.author, name: visitor } : item.author;
  return {
    kind: "said",
    key: item.clientId === undefined ? keyIn(part, item.id) : keyOfMine(item.clientId),
    author,
    mine,
    note,
    text: item.text,
    blocks: item.blocks ?? [],
    mentions: item.kind === "note" ? (item.mentions ?? []) : [],
    at: item.at,
    command: item.kind === "message" ? (item.command ?? null) : null,
    continued: goesOn(previous, { author, note, at: item.at, place: part?.place }),
    mark: item.kind === "message" && item.author.kind === "agent" ? reached(item.seq, part ?? facts) : null,
    error: null,
    clientId: item.clientId ?? null,
    ...(item.kind === "message" ? { changed: item, seq: item.seq } : {}),
    ...(part === undefined ? {} : { place: part.place, from: part.merge.id }),
  };
}

/** Two conversations both have a message 1. */
function keyIn(part: MergedFacts | undefined, id: string): string {
  return part === undefined ? id : `${part.merge.id} ${id}`;
}

function reached(seq: number, { visitorReadSeq, visitorShownSeq }: Pick<TimelineFacts, "visitorReadSeq" | "visitorShownSeq">): Mark {
  if (seq <= visitorReadSeq) return "read";
  return seq <= visitorShownSeq ? "delivered" : "sent";
}

function pendingRow(
  { clientId, kind, text, blocks = [], awaits, at, held, late, error, place }: PendingItem,
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
    continued: goesOn(previous, { author, note, at, place }),
    mark: error !== undefined ? "failed" : held === true ? "held" : late ? "waiting" : "sending",
    error: error ?? null,
    clientId,
    ...(awaits === true ? { awaits } : {}),
    ...(place === undefined ? {} : { place }),
  };
}

/** The key stays the same when the confirmation comes: the line is not drawn anew. */
export function keyOfMine(clientId: string): string {
  return `mine ${clientId}`;
}

interface Next {
  author: Author;
  note: boolean;
  at: string;
  place: string | undefined;
}

function goesOn(previous: SaidRow | null, { author, note, at, place }: Next): boolean {
  if (previous === null || previous.note !== note || previous.place !== place) return false;
  if (previous.author.kind !== author.kind || previous.author.name !== author.name) return false;
  return Date.parse(at) - Date.parse(previous.at) < togetherMs;
}
