import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ConversationRef, Outcome, Write } from "../../../src/conversations/conversation.ts";
import { commitWrites } from "../../../src/conversations/ledger/ledgerStore.ts";
import { acquitTurn, buryTurn, failTurn, renewTurns, takeDueTurns } from "../../../src/conversations/turns/turnStore.ts";
import type { Sql } from "../../../src/platform/database/database.ts";
import { type LedgerHouse, openLedgerHouse } from "../../fixtures/ledgerHouse.ts";
import { answerStatement, asRows } from "./modelSql.ts";
import { ModelStore } from "./modelStore.ts";

let house: LedgerHouse;
beforeAll(async () => {
  house = await openLedgerHouse();
});
afterAll(() => house.close());

const agents = [
  { id: randomUUID(), name: "Mia" },
  { id: randomUUID(), name: "Otto" },
];
const holders = [randomUUID(), randomUUID()];

const which = fc.constantFrom(0, 1);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("write"),
      conversation: which,
      messages: fc.array(fc.record({ key: fc.nat(30), author: fc.constantFrom("visitor", "bot", "agent", "system") }), { maxLength: 2 }),
      generation: maybe(fc.integer({ min: -1, max: 0 })),
      agent: maybe(which),
      turn: fc.constantFrom("none", "wanted", "ends"),
      turnBack: fc.nat(2),
      holder: maybe(which),
      to: maybe(fc.constantFrom("bot", "queue", "agent")),
      toAgent: which,
      open: maybe(fc.boolean()),
      answer: maybe(fc.integer({ min: -1, max: 0 })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("take"), holder: which, limit: fc.integer({ min: 1, max: 5 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("renew"), holder: which, conversation: which, seq: fc.integer({ min: 1, max: 5 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom("fail", "acquit"),
      holder: which,
      conversation: which,
      seq: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("bury"), holder: which, conversation: which, seq: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pass"), seconds: fc.constantFrom(1, 4, 6) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

it(
  "the model of the store answers every statement as PostgreSQL does, and holds the same afterwards",
  () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const { model, real, sameSql } = await openBoth();
        for (const one of steps) {
          const answers = [];
          for (const side of [model, real]) answers.push(await side(one));
          expect(answers[0]).toEqual(answers[1]);
        }
        await sameSql();
      }),
      { numRuns: 60 },
    ),
  60_000,
);

async function openBoth() {
  const refs = [await house.newConversation(), await house.newConversation()].sort((a, b) => (a.id < b.id ? -1 : 1));
  await house.database.acrossTenants.query("delete from turn");
  let now = 0;
  const store = new ModelStore(() => now);
  for (const { id } of refs) store.add(id);
  const modelSql: Sql = { query: async (_text, values, name) => asRows(answerStatement(store, name, values ?? [])) };
  const seqs = refs.map(() => 0);
  const generations = refs.map(() => 1);

  const model = async (one: Step) => {
    now++;
    if (one.do === "pass") now += one.seconds * 1000;
    return await act(modelSql, one, refs, seqs, generations);
  };
  const real = async (one: Step) => {
    if (one.do === "pass") await house.pass(one.seconds);
    const answer = await act(house.database.ledger, one, refs, seqs, generations);
    if (one.do === "write" && typeof answer === "object" && "control" in answer) {
      seqs[one.conversation] = Math.max(0, Number(answer.last));
      generations[one.conversation] = answer.control.generation;
    }
    return answer;
  };
  const sameSql = async () => {
    for (const ref of refs) {
      const stored = (await house.messages(ref)).map(({ seq, key, author, text }) => ({ seq, key, author, text }));
      const modelled = store.conversations.get(ref.id);
      expect(modelled?.messages.map(({ seq, key, author, text }) => ({ seq, key, author, text })).sort((a, b) => a.seq - b.seq)).toEqual(
        stored,
      );
      const [row] = await house.database.acrossTenants.query(
        "select controller, generation, agent_id, open, last_seq, unread, queued_at is null as unqueued from conversation where id = $1",
        [ref.id],
      );
      const { controller, generation, agent_id, open, last_seq, unread, queued_at } = modelled ?? {};
      expect({ controller, generation, agent_id, open, last_seq, unread, unqueued: queued_at === null }).toEqual(row);
    }
    const turns = store.turns.map(({ conversation, seq, holder, attempts, deadReason }) => ({
      conversation,
      seq,
      holder,
      attempts,
      deadReason,
    }));
    expect(turns.sort((a, b) => (a.conversation === b.conversation ? a.seq - b.seq : a.conversation < b.conversation ? -1 : 1))).toEqual(
      await house.turns(),
    );
  };
  return { model, real, sameSql };
}

async function act(sql: Sql, one: Step, refs: readonly ConversationRef[], seqs: readonly number[], generations: readonly number[]) {
  const ref = refs["conversation" in one ? one.conversation : 0];
  if (ref === undefined) throw new Error("no conversation");
  switch (one.do) {
    case "write": {
      const write = toWrite(one, ref, seqs[one.conversation] ?? 0, generations[one.conversation] ?? 1);
      const [outcome] = await commitWrites(sql, [write], one.holder === undefined ? null : (holders[one.holder] ?? null));
      return comparable(outcome, write);
    }
    case "take":
      return (await takeDueTurns(sql, holders[one.holder] ?? "", one.limit)).map(({ conversation, seq, attempts, text, control }) => ({
        conversation: conversation.id,
        seq,
        attempts,
        text,
        generation: control.generation,
        controller: control.controller,
      }));
    case "renew":
      return [...(await renewTurns(sql, holders[one.holder] ?? "", [{ conversation: ref, seq: one.seq }]))];
    case "fail":
      return await failTurn(sql, holders[one.holder] ?? "", { conversation: ref, seq: one.seq });
    case "acquit":
      return await acquitTurn(sql, holders[one.holder] ?? "", { conversation: ref, seq: one.seq });
    case "bury":
      return await buryTurn(sql, holders[one.holder] ?? "", { conversation: ref, seq: one.seq }, "failed");
    case "pass":
      return "passed";
  }
}

function toWrite(
  one: Extract<Step, { do: string; messages: unknown }>,
  conversation: ConversationRef,
  last: number,
  generation: number,
): Write {
  // Only the first key of a write may be there already: the others are derived from it.
  const messages = one.messages.map(({ key, author }, index) => ({
    key: index === 0 ? `k:${key}` : `k:${key}:${last}:${generation}:${index}`,
    author: { kind: author, name: "x" } as const,
    text: `text ${key}`,
  }));
  const agent = one.agent === undefined ? undefined : agents[one.agent]?.id;
  const toAgent = agents[one.toAgent];
  const fence = {
    ...(one.generation === undefined ? {} : { generation: generation + one.generation }),
    ...(agent === undefined ? {} : { agent }),
  };
  const early = one.answer !== undefined && one.turn === "wanted" && messages.length === 1 && one.to === undefined;
  return {
    conversation,
    messages,
    fence,
    ...(early
      ? {
          answer: {
            generation: generation + (one.answer ?? 0),
            message: { author: { kind: "bot", name: "x" }, text: "early" },
            ready: Promise.resolve(),
          },
        }
      : {}),
    ...(one.turn === "wanted" && messages.length > 0 ? { turn: "wanted" } : {}),
    ...(one.turn === "ends" ? { turn: { ends: Math.max(1, last - one.turnBack), holder: holders[one.holder ?? 0] ?? "" } } : {}),
    ...(one.to === undefined
      ? {}
      : {
          control: {
            to: one.to,
            by: { kind: "system" },
            reason: "because",
            ...(one.to === "agent" && toAgent !== undefined ? { agent: toAgent } : {}),
            ...(one.open === undefined ? {} : { open: one.open }),
          },
        }),
  };
}

/** Without the times, which each side takes from its own clock. */
function comparable(outcome: Outcome | undefined, write: Write) {
  if (outcome?.kind === "known") return { kind: "known", seq: outcome.seq, text: outcome.text };
  if (outcome?.kind !== "committed") return { kind: "refused" };
  const { control, firstSeq, unread, turnDue, answered } = outcome;
  return {
    kind: "committed",
    firstSeq,
    unread,
    turnDue,
    answered,
    last: firstSeq + write.messages.length - 1 + (answered ? 1 : 0),
    control: { ...control, queuedAt: control.queuedAt === null ? null : "then" },
  };
}
