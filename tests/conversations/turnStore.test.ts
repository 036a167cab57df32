import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Write } from "../../src/conversations/conversation.ts";
import { Ledger } from "../../src/conversations/ledger/ledger.ts";
import { buryTurn, renewTurns, takeDueTurns } from "../../src/conversations/turns/turnStore.ts";
import { agentTakes, asks, botAnswer, type LedgerHouse, openLedgerHouse } from "../fixtures/ledgerHouse.ts";

const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()];
const mia = { id: randomUUID(), name: "Mia" };
const leaseSeconds = 5;

let house: LedgerHouse;
beforeAll(async () => {
  house = await openLedgerHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.database.acrossTenants.query("delete from turn");
});

function take(holder: string, limit = 500) {
  return takeDueTurns(house.database.acrossTenants, holder, limit);
}

async function ask(count: number, holder: string | null = null) {
  const ledger = new Ledger(house.database.ledger, holder);
  const conversation = await house.newConversation();
  for (let n = 0; n < count; n++) await ledger.commit(asks(conversation, `${n}`));
  return conversation;
}

describe("turns that are due", () => {
  it("are those that nobody took, with what is needed to answer them", async () => {
    const conversation = await ask(1);
    await house.pass(1);
    const [turn, ...others] = await take(one);
    expect(others).toEqual([]);
    expect(turn).toEqual({
      conversation,
      seq: 1,
      text: "0",
      blocks: undefined,
      inbox: house.inbox,
      contact: expect.any(String),
      locale: null,
      control: { controller: "bot", generation: 1, agent: null, queuedAt: null, open: true, team: "support" },
      attempts: 0,
    });
    expect(await take(two)).toEqual([]);
  });

  it("are not those whose holder lives, and are those whose lease has ended", async () => {
    await ask(1, one);
    expect(await take(two)).toEqual([]);
    await house.pass(leaseSeconds - 1);
    expect(await take(two)).toEqual([]);
    await house.pass(1);
    expect(await take(two)).toMatchObject([{ seq: 1, attempts: 1 }]);
  });

  it("are never given to two who ask at the same moment, and none is left out", async () => {
    await Promise.all(Array.from({ length: 30 }, () => ask(4)));
    await house.pass(1);
    const holders = [one, two, three];
    const rounds = await Promise.all(
      holders.flatMap((holder) => Array.from({ length: 5 }, async () => (await take(holder, 15)).map((turn) => ({ holder, turn })))),
    );
    const taken = rounds.flat();
    for (let rest = await take(one); rest.length > 0; rest = await take(one)) taken.push(...rest.map((turn) => ({ holder: one, turn })));
    const ids = taken.map(({ turn }) => `${turn.conversation.id}.${turn.seq}`);
    expect(new Set(ids).size).toBe(120);
    expect(ids).toHaveLength(120);
    const stored = new Map((await house.turns()).map((turn) => [`${turn.conversation}.${turn.seq}`, turn.holder]));
    for (const { holder, turn } of taken) expect(stored.get(`${turn.conversation.id}.${turn.seq}`)).toBe(holder);
  });

  it("come in the order of the conversation", async () => {
    await ask(6);
    await house.pass(1);
    expect((await take(one)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("carry who controls the conversation now, not when the message came", async () => {
    const conversation = await ask(1);
    await new Ledger(house.database.ledger, null).commit(agentTakes(conversation, mia, 1));
    await house.pass(1);
    expect(await take(one)).toMatchObject([{ control: { controller: "agent", generation: 2, agent: mia } }]);
  });

  it("count how often they were taken from another process, which may have died of them", async () => {
    await ask(1);
    const attempts: number[] = [];
    for (const holder of [one, two, one, one]) {
      await house.pass(leaseSeconds + 1);
      attempts.push(...(await take(holder)).map((turn) => turn.attempts));
    }
    expect(attempts).toEqual([0, 1, 2, 2]);
  });
});

describe("a lease", () => {
  it("is kept by whoever works, and only by them", async () => {
    const conversation = await ask(2, one);
    const mine = [1, 2].map((seq) => ({ conversation, seq }));
    await house.pass(leaseSeconds - 1);
    expect(await renewTurns(house.database.acrossTenants, one, mine)).toEqual(new Set([`${conversation.id}.1`, `${conversation.id}.2`]));
    await house.pass(leaseSeconds - 1);
    expect(await take(two)).toEqual([]);
    expect(await renewTurns(house.database.acrossTenants, two, mine)).toEqual(new Set());
    await house.pass(1);
    expect(await take(two)).toHaveLength(2);
    expect(await renewTurns(house.database.acrossTenants, one, mine)).toEqual(new Set());
  });

  it("that went to another fences the one who had it", async () => {
    const conversation = await ask(1, one);
    await house.pass(leaseSeconds + 1);
    await take(two);
    const answer = (holder: string): Write => ({ conversation, messages: [botAnswer(1, holder)], turn: { ends: 1, holder } });
    const ledger = new Ledger(house.database.ledger, one);
    expect(await ledger.commit(answer(one))).toEqual({ kind: "refused" });
    expect(await ledger.commit(answer(two))).toMatchObject({ kind: "committed" });
    expect(await house.turns()).toEqual([]);
  });
});

describe("a turn that is put aside", () => {
  it("is not taken again, and keeps its reason", async () => {
    const conversation = await ask(1, one);
    await buryTurn(house.database.acrossTenants, one, { conversation, seq: 1 }, "failed 5 times");
    await house.pass(60);
    expect(await take(two)).toEqual([]);
    expect(await house.turns()).toMatchObject([{ holder: null, deadReason: "failed 5 times" }]);
  });

  it("is only put aside by who holds it", async () => {
    const conversation = await ask(1, one);
    await buryTurn(house.database.acrossTenants, two, { conversation, seq: 1 }, "not mine");
    expect(await house.turns()).toMatchObject([{ holder: one, deadReason: null }]);
  });
});
