import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConversationRef, Outcome, Write } from "../../src/conversations/conversation.ts";
import { Ledger } from "../../src/conversations/ledger/ledger.ts";
import { agentTakes, asks, botAnswer, type LedgerHouse, openLedgerHouse, visitorMessage } from "../fixtures/ledgerHouse.ts";

const [one, two] = [randomUUID(), randomUUID()];
const mia = { id: randomUUID(), name: "Mia" };
const otto = { id: randomUUID(), name: "Otto" };

let house: LedgerHouse;
/** Two processes. */
let ledgers: [Ledger, Ledger];
beforeAll(async () => {
  house = await openLedgerHouse();
  ledgers = [new Ledger(house.database.ledger, one), new Ledger(house.database.ledger, two)];
});
afterAll(() => house.close());

async function commit(write: Write, ledger: Ledger = ledgers[0]): Promise<Outcome> {
  return await ledger.commit(write);
}

async function committed(write: Write, ledger?: Ledger): Promise<Outcome & { kind: "committed" }> {
  const outcome = await commit(write, ledger);
  if (outcome.kind !== "committed") throw new Error(`${outcome.kind}, not committed`);
  return outcome;
}

async function expectGapless(conversation: ConversationRef, count: number): Promise<void> {
  const seqs = (await house.messages(conversation)).map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from({ length: count }, (_, index) => index + 1));
}

describe("seq", () => {
  it("has no gap and no repeat under 50 writers in two processes", async () => {
    const conversation = await house.newConversation();
    const writers = Array.from({ length: 50 }, async (_, writer) => {
      const seqs: number[] = [];
      for (let n = 0; n < 10; n++) seqs.push((await committed(asks(conversation, `${writer}.${n}`), ledgers[writer % 2])).firstSeq);
      return seqs;
    });
    const told = await Promise.all(writers);
    await expectGapless(conversation, 500);
    expect(told.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    for (const seqs of told) expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    const stored = await house.messages(conversation);
    for (const [writer, seqs] of told.entries())
      for (const [n, seq] of seqs.entries()) expect(stored[seq - 1]?.text).toBe(`${writer}.${n}`);
  });

  it("of each of many conversations is its own, in the order in which one process wrote", async () => {
    const conversations = await Promise.all(Array.from({ length: 40 }, () => house.newConversation()));
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, n) => conversations.map((conversation) => committed(asks(conversation, `${n}`)))).flat(),
    );
    expect(outcomes.every((outcome) => outcome.turnDue)).toBe(true);
    for (const conversation of conversations) {
      await expectGapless(conversation, 10);
      expect((await house.messages(conversation)).map(({ text }) => text)).toEqual("0123456789".split(""));
    }
  });

  it("of several messages of one write follows on", async () => {
    const conversation = await house.newConversation();
    const first = await committed({ conversation, messages: [visitorMessage("a"), visitorMessage("b"), visitorMessage("c")] });
    expect(first.firstSeq).toBe(1);
    expect((await committed(asks(conversation, "d"))).firstSeq).toBe(4);
    expect((await house.messages(conversation)).map(({ text }) => text).join("")).toBe("abcd");
  });

  it("is not used up by what is refused or known", async () => {
    const conversation = await house.newConversation();
    await committed(asks(conversation, "first", "k"));
    await commit(asks(conversation, "first", "k"));
    await commit({ ...asks(conversation, "fenced"), fence: { generation: 9 } });
    expect((await committed(asks(conversation, "second"))).firstSeq).toBe(2);
  });
});

describe("the same key again", () => {
  it("finds the first message, with its seq, time and text", async () => {
    const conversation = await house.newConversation();
    const first = await committed(asks(conversation, "once", "k"));
    for (const ledger of ledgers)
      expect(await commit(asks(conversation, "twice", "k"), ledger)).toEqual({ kind: "known", seq: 1, at: first.at, text: "once" });
    await expectGapless(conversation, 1);
    expect((await house.turns()).filter(({ conversation: id }) => id === conversation.id)).toHaveLength(1);
  });

  it("at the same moment in two processes is one message", async () => {
    const conversations = await Promise.all(Array.from({ length: 40 }, () => house.newConversation()));
    await Promise.all(
      conversations.map(async (conversation) => {
        const outcomes = await Promise.all(ledgers.flatMap((ledger) => [0, 1].map(() => commit(asks(conversation, "once", "k"), ledger))));
        expect(
          outcomes.map((outcome) => (outcome.kind === "committed" ? outcome.firstSeq : outcome.kind === "known" ? outcome.seq : 0)),
        ).toEqual([1, 1, 1, 1]);
        expect(outcomes.filter(({ kind }) => kind === "committed")).toHaveLength(1);
        await expectGapless(conversation, 1);
      }),
    );
  });

  it("in another conversation is another message", async () => {
    const conversations = [await house.newConversation(), await house.newConversation()];
    for (const conversation of conversations) expect((await committed(asks(conversation, "hello", "k"))).firstSeq).toBe(1);
  });
});

describe("fences", () => {
  it("refuse a write that saw an older controller", async () => {
    const conversation = await house.newConversation();
    await committed(asks(conversation));
    await committed(agentTakes(conversation, mia, 1));
    const late: Write = { conversation, messages: [botAnswer(1)], fence: { generation: 1 }, turn: { ends: 1, holder: one } };
    expect(await commit(late)).toEqual({ kind: "refused" });
    expect(await commit({ ...late, fence: { generation: 2 } })).toMatchObject({
      kind: "committed",
      control: { controller: "agent", agent: mia },
    });
  });

  it("let one of many agents win who take it at the same moment, in two processes", async () => {
    const conversations = await Promise.all(Array.from({ length: 50 }, () => house.newConversation()));
    for (const conversation of conversations) {
      const outcomes = await Promise.all(
        ledgers.flatMap((ledger, index) => [0, 1].map((n) => commit(agentTakes(conversation, n === index ? mia : otto, 1), ledger))),
      );
      expect(outcomes.filter(({ kind }) => kind === "committed")).toHaveLength(1);
      // The losers are refused, or find the winner's message under the generation's key.
      expect(outcomes.filter(({ kind }) => kind === "refused" || kind === "known")).toHaveLength(3);
      await expectGapless(conversation, 1);
    }
  });

  it("refuse an agent who doesn't hold it", async () => {
    const conversation = await house.newConversation();
    await committed(agentTakes(conversation, mia, 1));
    expect(await commit({ conversation, messages: [visitorMessage("x")], fence: { agent: otto.id } })).toEqual({ kind: "refused" });
    expect(await commit({ conversation, messages: [visitorMessage("x")], fence: { agent: mia.id } })).toMatchObject({ kind: "committed" });
  });

  it("refuse an answer of who doesn't hold the turn, and one of a turn that has ended", async () => {
    const conversation = await house.newConversation();
    await committed(asks(conversation));
    const answer = (holder: string, step: string): Write => ({
      conversation,
      messages: [botAnswer(1, "done", step)],
      turn: { ends: 1, holder },
    });
    expect(await commit(answer(two, "0"))).toEqual({ kind: "refused" });
    expect(await commit(answer(one, "0"))).toMatchObject({ kind: "committed", firstSeq: 2 });
    expect(await commit(answer(one, "other"))).toEqual({ kind: "refused" });
    expect(await commit(answer(one, "0"))).toMatchObject({ kind: "known", seq: 2 });
  });

  it("refuse what is for no conversation, and for one of another tenant", async () => {
    const conversation = await house.newConversation();
    expect(await commit(asks({ ...conversation, id: randomUUID() }))).toEqual({ kind: "refused" });
    expect(await commit(asks({ ...conversation, tenant: randomUUID() }))).toEqual({ kind: "refused" });
    await expectGapless(conversation, 0);
  });
});

describe("who controls", () => {
  it("changes with its generation, its record and its message, or not at all", async () => {
    const conversation = await house.newConversation();
    await committed(asks(conversation));
    const queued = await committed({
      conversation,
      messages: [visitorMessage("line")],
      fence: { generation: 1 },
      control: { to: "queue", by: { kind: "visitor" }, reason: "asked" },
    });
    expect(queued.control).toMatchObject({ controller: "queue", generation: 2, agent: null, queuedAt: expect.any(String) });
    const taken = await committed(agentTakes(conversation, mia, 2));
    expect(taken.control).toMatchObject({ controller: "agent", generation: 3, agent: mia, queuedAt: null });
    const closed = await committed({
      conversation,
      messages: [],
      control: { to: "bot", open: false, by: { kind: "account", id: mia.id }, reason: "closed" },
    });
    expect(closed.control).toEqual({ controller: "bot", generation: 4, agent: null, queuedAt: null, open: false, team: "support" });
    const changes = await house.database.acrossTenants.query(
      "select generation, from_controller as from, to_controller as to from control_change where conversation_id = $1 order by generation",
      [conversation.id],
    );
    expect(changes).toEqual([
      { generation: 2, from: "bot", to: "queue" },
      { generation: 3, from: "queue", to: "agent" },
      { generation: 4, from: "agent", to: "bot" },
    ]);
    expect((await committed(asks(conversation, "again"))).control).toMatchObject({ open: true, generation: 4 });
  });

  it("says whether a turn is due: not while a person answers", async () => {
    const conversation = await house.newConversation();
    expect((await committed(asks(conversation))).turnDue).toBe(true);
    await committed(agentTakes(conversation, mia, 1));
    const toPerson = await committed(asks(conversation));
    expect(toPerson.turnDue).toBe(false);
    expect(toPerson.unread).toBe(2);
    expect((await house.turns()).filter(({ conversation: id }) => id === conversation.id).map(({ seq }) => seq)).toEqual([1]);
  });

  it("leaves turns without a holder to the routers where this process has none", async () => {
    const conversation = await house.newConversation();
    await committed(asks(conversation), new Ledger(house.database.ledger, null));
    expect((await house.turns()).find(({ conversation: id }) => id === conversation.id)).toMatchObject({ holder: null, attempts: 0 });
  });
});

describe("a write that the database won't take", () => {
  it("doesn't take down those that were committed with it", async () => {
    const conversations = await Promise.all(Array.from({ length: 20 }, () => house.newConversation()));
    const results = await Promise.allSettled(
      conversations.map((conversation, index) =>
        commit({ conversation, messages: [visitorMessage(index === 7 ? "a NUL: \u0000" : "fine")], turn: "wanted" }),
      ),
    );
    expect(results.map(({ status }) => status === "fulfilled")).toEqual(conversations.map((_, index) => index !== 7));
    for (const [index, conversation] of conversations.entries()) await expectGapless(conversation, index === 7 ? 0 : 1);
  });

  it("leaves its conversation usable", async () => {
    const conversation = await house.newConversation();
    const spoilt = commit({ conversation, messages: [visitorMessage("\u0000")] });
    const next = commit(asks(conversation, "next"));
    await expect(spoilt).rejects.toThrow();
    expect(await next).toMatchObject({ kind: "committed", firstSeq: 1 });
  });
});

describe("the ledger", () => {
  it("commits what arrives together in few statements", async () => {
    let statements = 0;
    const counted = new Ledger(
      {
        query: (text, values, name) => {
          statements++;
          return house.database.ledger.query(text, values, name);
        },
      },
      one,
    );
    const conversations = await Promise.all(Array.from({ length: 100 }, () => house.newConversation()));
    await Promise.all(conversations.map((conversation) => committed(asks(conversation), counted)));
    expect(statements).toBeLessThanOrEqual(3);
  });

  it("is drained when nothing waits and nothing is under way", async () => {
    const ledger = new Ledger(house.database.ledger, one);
    await ledger.drained();
    const conversation = await house.newConversation();
    const ended: number[] = [];
    for (let n = 0; n < 30; n++) void ledger.commit(asks(conversation, `${n}`)).then(() => ended.push(n));
    await ledger.drained();
    expect(ended).toHaveLength(30);
    await expectGapless(conversation, 30);
  });

  it("refuses more than it can hold, and takes on again", async () => {
    const held: (() => void)[] = [];
    const stuck = new Ledger({ query: () => new Promise((resolve) => held.push(() => resolve([]))) }, one);
    const conversation = { tenant: house.tenant, id: randomUUID() };
    const waiting = Array.from({ length: 20_000 }, () => stuck.commit(asks(conversation, "x", "k")));
    await expect(stuck.commit(asks(conversation))).rejects.toMatchObject({ code: "unavailable", retryAfterMs: 1000 });
    await expect.poll(() => held.length).toBe(1);
    held[0]?.();
    await expect(waiting[0]).resolves.toEqual({ kind: "refused" });
    void stuck.commit(asks(conversation)).catch(() => {});
  });
});
