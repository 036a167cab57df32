import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Json } from "../../src/platform/bus/bus.ts";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import { openProduct, type TestProduct } from "../fixtures/product.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";

let product: TestProduct;
let page: VisitorClient;
let conversation: string;
/** The runs that were asked for, in order. */
let runs: string[];
/** What the automations `slow` and `held` are about to say. */
let say: (answer: Json) => void;

const told = (text: string) => ({ messages: [{ text }] });
const automations: Record<string, { risk: string; answer: () => Json | Promise<Json> }> = {
  quick: { risk: "read", answer: () => told("at once") },
  soon: { risk: "read", answer: () => new Promise((resolve) => setTimeout(() => resolve(told("soon")), 10)) },
  two: { risk: "read", answer: () => ({ messages: [{ text: "one" }, { text: "two" }] }) },
  slow: { risk: "read", answer: () => new Promise((resolve) => (say = resolve)) },
  held: { risk: "read", answer: () => new Promise((resolve) => (say = resolve)) },
  refuse: { risk: "read", answer: () => ({ error: { message: "Not today." } }) },
  charge: { risk: "write", answer: () => told("charged") },
};

beforeAll(async () => {
  const bus = createInProcessBus();
  for (const [name, { risk, answer }] of Object.entries(automations)) {
    await bus.serve({
      name,
      version: "1.0.0",
      description: name,
      metadata: { summary: "It answers.", risk, audience: "visitor", args: '{"type":"object","properties":{}}' },
      subject: `automation.${name}`,
      queueGroup: "automations",
      handle: async (request) => {
        if (typeof request === "object" && request !== null && "run" in request) runs.push(String(request.run));
        return await answer();
      },
    });
  }
  product = await openProduct({ bus });
});
afterAll(() => product.stop());
beforeEach(async () => {
  runs = [];
  ({ page, conversation } = await product.visit());
});

/** Which messages were committed together, by `seq`. */
async function together(): Promise<number[][]> {
  const rows = await product.database.acrossTenants.query<{ seqs: number[] }>(
    "select array_agg(seq::int order by seq) as seqs from message where conversation_id = $1 group by at order by min(seq)",
    [conversation],
  );
  return rows.map(({ seqs }) => seqs);
}

describe("a command that reads", () => {
  it("is asked while its message waits to be written: one write takes both, and the ack comes first", async () => {
    page.send({ type: "message", clientId: "a", text: "quick" });
    await page.until("message", ({ text }) => text === "at once");
    expect(page.frames.flatMap((frame) => (frame.type === "ack" || frame.type === "message" ? [[frame.type, frame.seq]] : []))).toEqual([
      ["ack", 1],
      ["message", 2],
    ]);
    expect(await together()).toEqual([[1, 2]]);
    // A clientId of the page's own making never stands for the run of a turn.
    expect(runs).toEqual([`${conversation}:v:a`]);
  });

  it("that answers within a moment is waited for: its message is written with the answer", async () => {
    page.send({ type: "message", clientId: "a", text: "soon" });
    await page.until("message", ({ text }) => text === "soon");
    expect(await together()).toEqual([[1, 2]]);
  });

  it("that takes longer is not asked again: its turn goes on waiting for the same answer, and the next message isn't held up", async () => {
    const ack = await page.say("slow");
    await expect.poll(() => runs.length).toBe(1);
    say(told("at last"));
    expect((await page.answerTo(ack)).text).toBe("at last");
    expect(await together()).toEqual([[1], [2]]);
    expect(runs).toHaveLength(1);
    page.send({ type: "message", clientId: "again", text: "slow" });
    await expect.poll(() => runs.length).toBe(2);
    await page.until("ack", ({ clientId }) => clientId === "again");
    say(told("in time, and not waited for"));
    await page.until("message", ({ text }) => text === "in time, and not waited for");
    expect(await together()).toEqual([[1], [2], [3], [4]]);
  });

  it.each([
    ["refuse", "Not today.", [[1], [2]]],
    ["two", "one", [[1], [2, 3]]],
  ])("%s: what isn't one plain message is said by the turn, without asking again", async (name, text, writes) => {
    expect((await page.answerTo(await page.say(name))).text).toBe(text);
    expect(await together()).toEqual(writes);
    expect(runs).toHaveLength(1);
  });

  it("of the second of two lines that come together is the turn's, so that answers have the order of the questions", async () => {
    await page.answerTo(await page.say("two", "first"));
    page.send({ type: "message", clientId: "a", text: "held" });
    page.send({ type: "message", clientId: "b", text: "quick" });
    await page.settled();
    say(told("after a moment"));
    await page.until("message", ({ text }) => text === "at once");
    expect(runs).toEqual([`${conversation}:v:first`, `${conversation}:v:a`, `${conversation}:6`]);
    expect(page.shown().map(({ text }) => text)).toEqual(["one", "two", "after a moment", "at once"]);
  });

  it("is not asked at all where a person answers", async () => {
    const agent = await product.agent();
    await agent.run("conversation.take", { conversation });
    await page.until("state", ({ controller }) => controller === "agent");
    await page.say("quick");
    expect(runs).toEqual([]);
  });
});

describe("a command that writes", () => {
  it("is asked only when its message is saved", async () => {
    expect((await page.answerTo(await page.say("charge"))).text).toBe("charged");
    expect(await together()).toEqual([[1], [2]]);
    expect(runs).toEqual([`${conversation}:1`]);
  });
});
