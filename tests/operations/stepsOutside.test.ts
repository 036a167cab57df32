import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { RunStory } from "../../src/protocol/commands.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

/** What the steps of a sequence do outside: an automation pays somebody. */
let product: TestProduct;
let admin: Agent;
let paid: string[] = [];
let answer: (to: string) => Promise<object> = async () => ({});
beforeAll(async () => {
  product = await openProduct();
  admin = await product.agent("admin@demo.example");
  await product.bus.serve({
    name: "pay",
    version: "1.0.0",
    description: "pay",
    metadata: {
      summary: "Pays somebody.",
      risk: "write",
      audience: "staff",
      args: JSON.stringify({ type: "object", properties: { to: { type: "string" } }, required: ["to"] }),
    },
    subject: "automation.pay",
    queueGroup: "automations",
    handle: async (request) => {
      const { args }: { args: { to: string } } = JSON.parse(JSON.stringify(request));
      paid.push(args.to);
      return { messages: [{ text: `paid ${args.to}` }], ...(await answer(args.to)) };
    },
  });
  await vi.waitUntil(async () => (await ask("GET", '/commands?filter={"name":{"eq":"pay"}}')).items.length === 1, { timeout: 8000 });
  const parameters = [{ name: "people", type: "text", list: true }];
  const steps = [
    { command: "pay", args: { to: "first" } },
    { command: "pay", each: "{{people}}", args: { to: "{{row}}" } },
  ];
  await ask("POST", "/operations", { name: "pay-all", kind: "sequence", summary: "Pays.", parameters, sequence: { steps } });
  await ask("POST", "/operations/pay-all/publish");
});
afterAll(() => product.stop());
beforeEach(() => {
  paid = [];
  answer = async () => ({});
});

async function ask(method: string, path: string, body?: object) {
  const response = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${admin.token}`, "idempotency-key": randomUUID() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return JSON.parse(await response.text());
}
const pay = (...people: string[]) => ask("POST", "/commands/pay-all/runs", { args: { people } });
/** The step itself, and what it does outside. */
const steps = (...names: string[]) => names.flatMap((name) => [name, `${name}: pay`]);
const story = (id: string): Promise<RunStory> => ask("GET", `/runs/${id}`);

it("I4: each is written down with the run, every turn of a loop by itself", async () => {
  const { id } = await pay("a", "b");
  const { effects, state } = await story(id);
  expect([state, effects.map(({ step }) => step)]).toEqual(["succeeded", steps("1 pay", "2, row 1 pay", "2, row 2 pay")]);
  expect(effects.every(({ state, check }) => state === "done" && check.includes("pay"))).toBe(true);
  expect(paid).toEqual(["first", "a", "b"]);
});

it("I4: where one is refused, the run says which were done, and the rest isn't begun", async () => {
  answer = async (to) => (to === "a" ? { error: { message: "No money." } } : {});
  const { id, error } = await pay("a", "b");
  expect(error.message).toMatch(/^Done: paid first Then it stopped: step 2 of 2 \(pay\) was refused: No money/);
  expect((await story(id)).effects.map(({ step, state }) => [step, state])).toEqual([
    ...steps("1 pay").map((step) => [step, "done"]),
    ...steps("2, row 1 pay").map((step) => [step, "failed"]),
  ]);
  expect(paid).toEqual(["first", "a"]);
});

it("W2: Cancel doesn't cancel; runs hang for days: a cancelled sequence begins no further step", async () => {
  let letGo = () => {};
  const reached = new Promise<void>((resolve) => {
    answer = async (to) => {
      if (to !== "a") return {};
      resolve();
      await new Promise<void>((go) => {
        letGo = go;
      });
      return {};
    };
  });
  const asked = pay("a", "b");
  await reached;
  const [run] = await product.database.acrossTenants.query<{ id: string }>("select id from run where state = 'running'");
  await ask("POST", `/runs/${run?.id}/cancel`);
  letGo();
  expect((await asked).state).toBe("cancelled");
  expect(paid).toEqual(["first", "a"]);
});
