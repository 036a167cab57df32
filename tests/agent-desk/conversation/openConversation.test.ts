import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { OpenConversation } from "../../../agent-desk/conversation/openConversation.ts";
import type { Author } from "../../../src/protocol/conversation.ts";
import type { MessageItem, NoteItem } from "../../../src/protocol/desk.ts";
import { head } from "../conversationItem.ts";

const me: Author = { kind: "agent", name: "Me" };
const visitor: Author = { kind: "visitor", name: "Visitor" };
const at = "2026-11-21T10:00:00.000Z";
const message = (seq: number, author = visitor): MessageItem => ({ kind: "message", id: `m${seq}`, seq, author, text: `${seq}`, at });
const note = (id: string, clientId: string): NoteItem => ({ kind: "note", id, afterSeq: 1, author: me, text: "n", at, clientId });

let conversation: OpenConversation;

beforeEach(() => {
  vi.useFakeTimers();
  conversation = new OpenConversation("c", (tell) => tell());
});
afterEach(() => vi.useRealTimers());

const seqs = () => conversation.facts.value.messages.map(({ seq }) => seq);

describe("an open conversation", () => {
  test("is ordered by seq, whatever the order of arrival, and a snapshot that comes again in pages takes nothing away", () => {
    conversation.snapshot({ items: [head(), message(2), message(1)] });
    conversation.delta({ changed: [message(4), message(3)], removed: [] });
    conversation.snapshot({ items: [head(), message(1)] });
    expect(seqs()).toEqual([1, 2, 3, 4]);
  });

  test("an ack shows the message at once, and the topic's telling doesn't double it or change its line", () => {
    conversation.snapshot({ items: [head(), message(1)] });
    conversation.confirm({ type: "ack", conversation: "c", clientId: "x", seq: 2, at }, { text: "2", author: me });
    conversation.delta({ changed: [message(2, me)], removed: [] });
    expect(seqs()).toEqual([1, 2]);
    expect(conversation.facts.value.messages[1]?.clientId).toBe("x");
  });

  test.each([["ack first"], ["topic first"]])("a note stands once, %s", (order) => {
    const ack = () => conversation.confirm({ type: "ack", conversation: "c", clientId: "x", afterSeq: 1, at }, { text: "n", author: me });
    const told = () => conversation.delta({ changed: [note("id", "x")], removed: [] });
    conversation.snapshot({ items: [head(), message(1)] });
    for (const step of order === "ack first" ? [ack, told] : [told, ack]) step();
    expect(conversation.facts.value.notes.map(({ id }) => id)).toEqual(["id"]);
  });

  test("what the outbox still holds is not shown twice", () => {
    conversation.snapshot({ items: [head(), note("id", "x")] });
    const pending = ["x", "y"].map((clientId) => ({ clientId, kind: "note" as const, text: "n", at, late: false }));
    expect(conversation.unconfirmed(pending).map(({ clientId }) => clientId)).toEqual(["y"]);
  });

  test("the line of what I sent is there all the time, also while its confirmation waits to be drawn", () => {
    const draws: (() => void)[] = [];
    const gathered = new OpenConversation("c", (tell) => draws.push(tell));
    gathered.snapshot({ items: [head()] });
    const pending = [{ clientId: "x", kind: "note" as const, text: "n", at, late: false }];
    const lines = () => gathered.facts.value.notes.length + gathered.unconfirmed(pending).length;
    gathered.delta({ changed: [note("id", "x")], removed: [] });
    expect(lines()).toBe(1);
    draws[0]?.();
    expect(lines()).toBe(1);
    expect(gathered.unconfirmed(pending)).toEqual([]);
  });

  test("typing ends with the word, with the message, or by itself", () => {
    conversation.hearTyping(true, visitor);
    expect(conversation.typing.value).toEqual(visitor);
    conversation.hearTyping(false, visitor);
    expect(conversation.typing.value).toBeNull();
    conversation.hearTyping(true, visitor);
    conversation.delta({ changed: [message(1)], removed: [] });
    expect(conversation.typing.value).toBeNull();
    conversation.hearTyping(true, visitor);
    vi.advanceTimersByTime(6000);
    expect(conversation.typing.value).toBeNull();
  });

  test("a colleague's word doesn't end the visitor's typing", () => {
    conversation.hearTyping(true, visitor);
    conversation.delta({ changed: [message(1, me)], removed: [] });
    expect(conversation.typing.value).toEqual(visitor);
  });

  test("the visitor's read mark only goes forward, and an agent's is none of it", () => {
    conversation.snapshot({ items: [head({ visitorReadSeq: 3 })] });
    conversation.hearRead(5, visitor);
    conversation.hearRead(4, visitor);
    conversation.hearRead(9, me);
    expect(conversation.facts.value.head?.visitorReadSeq).toBe(5);
  });

  test("where it was merged to is known only while it is followed: an Undo meanwhile must not lead elsewhere", () => {
    conversation.snapshot({ items: [head({ mergedInto: "other" }), message(1)] });
    expect(conversation.facts.value.head?.mergedInto).toBe("other");
    expect(conversation.left()).toBe(true);
    expect(conversation.facts.value.head?.mergedInto).toBeUndefined();
    expect(seqs()).toEqual([1]);
    expect(conversation.left()).toBe(false);
  });

  test("a refusal says why, and a snapshot takes it back", () => {
    conversation.refused("There is no such conversation.");
    expect(conversation.missing.value).toBe("There is no such conversation.");
    conversation.snapshot({ items: [head()] });
    expect(conversation.missing.value).toBeNull();
  });
});
