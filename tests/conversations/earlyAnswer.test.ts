import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConversationRef, Outcome, Write } from "../../src/conversations/conversation.ts";
import { Ledger } from "../../src/conversations/ledger/ledger.ts";
import { agentTakes, asks, type LedgerHouse, openLedgerHouse, visitorMessage } from "../fixtures/ledgerHouse.ts";

const mia = { id: randomUUID(), name: "Mia" };

let house: LedgerHouse;
/** Two processes. */
let ledgers: [Ledger, Ledger];
beforeAll(async () => {
  house = await openLedgerHouse();
  ledgers = [new Ledger(house.database.ledger, randomUUID()), new Ledger(house.database.ledger, randomUUID())];
});
afterAll(() => house.close());

async function committed(write: Write): Promise<Outcome & { kind: "committed" }> {
  const outcome = await ledgers[0].commit(write);
  if (outcome.kind !== "committed") throw new Error(`${outcome.kind}, not committed`);
  return outcome;
}

async function seqs(conversation: ConversationRef): Promise<number[]> {
  return (await house.messages(conversation)).map(({ seq }) => seq);
}

describe("an answer that is there before its message is written", () => {
  function answered(conversation: ConversationRef, generation: number, clientId: string = randomUUID()): Write {
    const message = { author: { kind: "bot", name: "Assistant" }, text: "world hello", command: "reverse" } as const;
    return { ...asks(conversation, "reverse hello world", clientId), answer: { generation, message, ready: Promise.resolve() } };
  }

  async function stored(conversation: ConversationRef) {
    return (await house.messages(conversation)).map(({ key, author, text }) => [key.slice(0, 2) === "v:" ? "v" : key, author, text]);
  }

  async function turnsOf(conversation: ConversationRef) {
    return (await house.turns()).filter((turn) => turn.conversation === conversation.id).map(({ seq }) => seq);
  }

  it("is written with it, as the turn's answer would be, and no turn begins", async () => {
    const conversation = await house.newConversation();
    await committed({ conversation, messages: [visitorMessage("before")] });
    expect(await committed(answered(conversation, 1))).toMatchObject({ firstSeq: 2, unread: 2, answered: true, turnDue: false });
    expect(await stored(conversation)).toEqual([
      ["v", "visitor", "before"],
      ["v", "visitor", "reverse hello world"],
      ["t:2:0", "bot", "world hello"],
    ]);
    expect(await turnsOf(conversation)).toEqual([]);
    const [row] = await house.database.acrossTenants.query("select last_text, last_author, last_seq from conversation where id = $1", [
      conversation.id,
    ]);
    expect(row).toEqual({ last_text: "world hello", last_author: "bot", last_seq: 3 });
    expect((await committed(asks(conversation))).firstSeq).toBe(4);
  });

  it("is left out where control changed since: the message is there, and its turn begins unless a person answers", async () => {
    const [queued, taken] = [await house.newConversation(), await house.newConversation()];
    await committed({ conversation: queued, messages: [], control: { to: "queue", by: { kind: "visitor" }, reason: "asked" } });
    expect(await committed(answered(queued, 1))).toMatchObject({ answered: false, turnDue: true, firstSeq: 1 });
    expect(await stored(queued)).toEqual([["v", "visitor", "reverse hello world"]]);
    expect(await turnsOf(queued)).toEqual([1]);
    await committed(agentTakes(taken, mia, 1));
    expect(await committed(answered(taken, 1))).toMatchObject({ answered: false, turnDue: false, firstSeq: 2 });
    expect(await turnsOf(taken)).toEqual([]);
  });

  it("is left out where the conversation was shut as spam", async () => {
    const conversation = await house.newConversation();
    await house.database.acrossTenants.query("update conversation set muted = 'spam' where id = $1", [conversation.id]);
    expect(await committed(answered(conversation, 1))).toMatchObject({ answered: false, turnDue: false, firstSeq: 1 });
    expect(await seqs(conversation)).toEqual([1]);
  });

  it("that the database won't take is left out: the message is there, and its turn begins", async () => {
    const conversation = await house.newConversation();
    const message = { author: { kind: "bot", name: "Assistant" }, text: "a NUL: \u0000" } as const;
    const write = { ...asks(conversation), answer: { generation: 1, message, ready: Promise.resolve() } };
    expect(await committed(write)).toMatchObject({ answered: false, turnDue: true, firstSeq: 1 });
    expect([await seqs(conversation), await turnsOf(conversation)]).toEqual([[1], [1]]);
  });

  it("is not written again with a message that is sent again, whether that was answered or not", async () => {
    const conversation = await house.newConversation();
    await committed(answered(conversation, 1, "k"));
    await committed(asks(conversation, "reverse hello world", "l"));
    for (const [clientId, seq] of [["k", 1] as const, ["l", 3] as const])
      expect(await ledgers[1].commit(answered(conversation, 1, clientId))).toMatchObject({ kind: "known", seq });
    expect(await seqs(conversation)).toEqual([1, 2, 3]);
  });
});
