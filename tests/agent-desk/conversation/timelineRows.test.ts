import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type SaidRow, type TimelineFacts, timelineRows } from "../../../agent-desk/conversation/timelineRows.ts";
import type { MessageItem, NoteItem } from "../../../src/protocol/desk.ts";

const at = (minutes: number) => new Date(2026, 10, 21, 10, minutes).toISOString();
const message = (seq: number, kind: MessageItem["author"]["kind"], changes: Partial<MessageItem> = {}): MessageItem => ({
  kind: "message",
  id: `m${seq}`,
  seq,
  author: { kind, name: kind === "agent" ? "Me" : kind },
  text: `${kind} ${seq}`,
  at: at(seq),
  ...changes,
});
const note = (id: string, afterSeq: number, changes: Partial<NoteItem> = {}): NoteItem => ({
  kind: "note",
  id,
  afterSeq,
  author: { kind: "agent", name: "Colleague" },
  text: id,
  at: at(afterSeq),
  ...changes,
});
const facts = (changes: Partial<TimelineFacts>): TimelineFacts => ({
  messages: [],
  notes: [],
  pending: [],
  me: "Me",
  visitorReadSeq: 0,
  visitorShownSeq: 0,
  unreadAfter: null,
  ...changes,
});
const drawn = (changes: Partial<TimelineFacts>) => timelineRows(facts(changes)).filter(({ kind }) => kind !== "day");
const said = (changes: Partial<TimelineFacts>): SaidRow[] => timelineRows(facts(changes)).filter((row) => row.kind === "said");

describe("the lines of a conversation", () => {
  test("a note stands after the message that was the newest when it was written", () => {
    const rows = said({ messages: [message(1, "visitor"), message(2, "bot")], notes: [note("late", 2), note("first", 0), note("mid", 1)] });
    expect(rows.map(({ text }) => text)).toEqual(["first", "visitor 1", "mid", "bot 2", "late"]);
    expect(rows.map((row) => row.note)).toEqual([true, false, true, false, true]);
  });

  test("a note and a reply of one agent are never drawn as one", () => {
    const rows = said({ messages: [message(1, "agent")], notes: [note("n", 1, { author: { kind: "agent", name: "Me" } })] });
    expect(rows.map(({ continued }) => continued)).toEqual([false, false]);
  });

  test("what one author says within five minutes stands under one head", () => {
    const messages = [message(1, "visitor"), message(2, "visitor"), message(9, "visitor"), message(10, "bot")];
    expect(said({ messages }).map(({ continued }) => continued)).toEqual([false, true, false, false]);
  });

  test("a new day and what the system tells are dividers", () => {
    const messages = [
      message(1, "visitor", { at: new Date(2026, 10, 20, 23, 59).toISOString() }),
      message(2, "visitor", { at: new Date(2026, 10, 21, 0, 0).toISOString() }),
      message(3, "system"),
    ];
    const rows = timelineRows(facts({ messages }));
    expect(rows.map(({ kind }) => kind)).toEqual(["day", "said", "day", "said", "event"]);
    expect(rows[3]).toMatchObject({ continued: false });
  });

  test("the line for what is new stands once, before the first unread word of the visitor", () => {
    const messages = [message(1, "visitor"), message(2, "bot"), message(3, "visitor"), message(4, "visitor")];
    expect(drawn({ messages, unreadAfter: 1 }).map(({ kind }) => kind)).toEqual(["said", "said", "unread", "said", "said"]);
    expect(drawn({ messages, unreadAfter: 4 }).every(({ kind }) => kind === "said")).toBe(true);
  });

  test("mine are sent, then read; the visitor's have no mark", () => {
    const messages = [message(1, "visitor"), message(2, "agent"), message(3, "agent")];
    expect(said({ messages, visitorReadSeq: 2 }).map(({ mark }) => mark)).toEqual([null, "read", "sent"]);
    expect(said({ messages, visitorReadSeq: 2, visitorShownSeq: 3 }).map(({ mark }) => mark)).toEqual([null, "read", "delivered"]);
  });

  test("what is unconfirmed stands last, tells how it stands, and keeps its key when it is confirmed", () => {
    const base = { kind: "message" as const, text: "hi", at: at(2) };
    const error = { code: "not_your_conversation" as const, message: "Somebody else answers." };
    const pending = [
      { ...base, clientId: "a", late: false },
      { ...base, clientId: "b", late: true },
      { ...base, clientId: "c", late: false, error },
    ];
    const rows = said({ messages: [message(1, "visitor")], pending });
    expect(rows.map(({ mark }) => mark)).toEqual([null, "sending", "waiting", "failed"]);
    expect(rows[3]?.error).toEqual(error);
    const confirmed = said({ messages: [message(1, "visitor"), message(2, "agent", { clientId: "a" })] });
    expect(confirmed[1]?.key).toBe(rows[1]?.key);
  });

  test("every message and every note is drawn exactly once, messages by seq", () => {
    const notes = fc.array(fc.record({ afterSeq: fc.nat(20), minutes: fc.nat(59) }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.nat(20), notes, (count, drawnNotes) => {
        const messages = Array.from({ length: count }, (_, place) => message(place + 1, place % 2 ? "visitor" : "bot"));
        const rows = said({
          messages,
          notes: drawnNotes.map(({ afterSeq, minutes }, place) => note(`n${place}`, afterSeq, { at: at(minutes) })),
        });
        expect(rows.filter((row) => !row.note).map(({ key }) => key)).toEqual(messages.map(({ id }) => id));
        expect(
          rows
            .filter((row) => row.note)
            .map(({ key }) => key)
            .sort(),
        ).toEqual(drawnNotes.map((_, place) => `n${place}`).sort());
      }),
    );
  });
});

describe("what was merged into a conversation", () => {
  const part = (id: string, messages: MessageItem[], notes: NoteItem[] = []) => ({
    merge: { id, contact: { id, name: id }, inbox: { id, name: "Website" }, channel: "website", at: at(4), by: "Me" },
    place: `${id}, Website`,
    messages,
    notes,
    visitorReadSeq: 1,
    visitorShownSeq: 1,
  });

  test("stands between its lines by its instant, with keys of its own, and tells where it was read", () => {
    const merged = [
      part("other", [message(1, "visitor", { at: at(1) }), message(2, "agent", { at: at(3) })], [note("n", 1, { at: at(1) })]),
    ];
    const rows = drawn({ messages: [message(1, "visitor", { at: at(2) }), message(2, "agent", { at: at(5) })], visitorReadSeq: 2, merged });
    expect(rows.map(({ key }) => key)).toEqual(["other m1", "other n", "m1", "other m2", "merge other", "m2"]);
    expect(rows.map((row) => (row.kind === "said" ? row.mark : null))).toEqual([null, null, null, "sent", null, "read"]);
  });

  test("never goes on under another's head", () => {
    const merged = [part("other", [message(1, "agent", { at: at(2) })])];
    const rows = said({ messages: [message(1, "agent", { at: at(1) }), message(2, "agent", { at: at(3) })], merged });
    expect(rows.map(({ continued, place }) => [continued, place])).toEqual([
      [false, undefined],
      [false, "other, Website"],
      [false, undefined],
    ]);
  });

  test("keeps the order of each, whatever their clocks say", () => {
    const instants = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 8 });
    const spoken = (minutes: number[]) => minutes.map((minute, index) => message(index + 1, "visitor", { at: at(minute) }));
    fc.assert(
      fc.property(instants, instants, (own, other) => {
        const rows = said({ messages: spoken(own), merged: [part("other", spoken(other))] });
        const seqs = (place: string | undefined) => rows.filter((row) => row.place === place).map(({ text }) => text);
        expect(seqs(undefined)).toEqual(spoken(own).map(({ text }) => text));
        expect(seqs("other, Website")).toEqual(spoken(other).map(({ text }) => text));
      }),
    );
  });
});
