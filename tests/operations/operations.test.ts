import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let admin: Agent;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct();
  [admin, agent] = await Promise.all([product.agent("admin@demo.example"), product.agent()]);
});
afterAll(() => product.stop());

async function ask(who: Agent, method: string, path: string, body?: object, at = product) {
  const response = await fetch(`${at.url}/api/v1${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${who.token}`, "idempotency-key": randomUUID() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

const greeting = {
  kind: "sequence",
  summary: "Turns some words around.",
  parameters: [{ name: "words", type: "text", required: true }],
  sequence: { steps: [{ command: "reverse", args: { text: "{{words}}" } }] },
};

describe("an operation", () => {
  it("sec/tenancy/12 is a command of its own once it is published, as its published version says, until it is taken back", async () => {
    const made = await ask(admin, "POST", "/operations", { name: "turn-around", ...greeting });
    expect([made.status, made.body]).toMatchObject([201, { name: "turn-around", version: 1, published: null, risk: "read" }]);
    expect(await admin.refused("turn-around", { words: "a b" })).toMatchObject({ code: "unknown_command" });

    expect((await ask(admin, "POST", "/operations/turn-around/publish")).body).toMatchObject({ published: 1 });
    expect(await admin.run("turn-around", { words: "hello world" })).toMatchObject({
      state: "succeeded",
      messages: [{ text: "world hello" }],
    });
    const listed = await ask(admin, "GET", '/commands?filter={"source":{"eq":"operation"}}');
    expect(listed.body.items).toMatchObject([{ name: "turn-around", risk: "read", args: { required: ["words"] } }]);

    const draft = { sequence: { steps: [{ command: "mat", args: { text: "{{words}}" } }] } };
    expect((await ask(admin, "PATCH", "/operations/turn-around", draft)).body).toMatchObject({ version: 2, latest: 2, published: 1 });
    expect(await admin.run("turn-around", { words: "hello world" })).toMatchObject({ messages: [{ text: "world hello" }] });
    expect(await admin.refused("turn-around", { words: "a", version: 2 })).toMatchObject({ path: "args.version" });
    await ask(admin, "POST", "/operations/turn-around/publish");
    expect(await admin.run("turn-around", { words: "hello world" })).toMatchObject({ messages: [{ text: "mat mat" }] });
    expect((await ask(admin, "GET", "/operations/turn-around?version=1")).body).toMatchObject({ sequence: greeting.sequence, latest: 2 });

    await admin.run("operation.unpublish", { name: "turn-around" });
    expect(await admin.refused("turn-around", { words: "a b" })).toMatchObject({ code: "unknown_command" });
  });

  it("is run by those with whom it is shared, on every process", async () => {
    const beside = await product.beside();
    await ask(admin, "POST", "/operations", { name: "for-some", ...greeting });
    await ask(admin, "POST", "/operations/for-some/publish");
    const runBeside = () => ask(agent, "POST", "/commands/for-some/runs", { args: { words: "a b" } }, beside);
    expect(await runBeside()).toMatchObject({ status: 404, body: { error: { code: "unknown_command" } } });
    await admin.run("operation.share", { name: "for-some", roles: "agent" });
    // The other process hears of it late, by no bus at all: within two seconds.
    await expect.poll(runBeside).toMatchObject({ status: 200, body: { messages: [{ text: "b a" }] } });
    await admin.run("operation.share", { name: "for-some", roles: "" });
    expect(await agent.refused("for-some", { words: "a b" })).toMatchObject({ code: "unknown_command" });
    expect(await admin.refused("operation.share", { name: "for-some", roles: "pirates" })).toMatchObject({ path: "args.roles.0" });
  });

  it("is a visitor's where it says so and their inbox publishes it, and nobody's otherwise", async () => {
    await ask(admin, "POST", "/operations", { name: "for-staff", ...greeting });
    await ask(admin, "POST", "/operations", { name: "for-visitors", ...greeting, audience: "visitor" });
    for (const name of ["for-staff", "for-visitors"]) await ask(admin, "POST", `/operations/${name}/publish`);
    const { page } = await product.visit();
    expect((await page.answerTo(await page.say("for-visitors hello world"))).text).toBe("world hello");
    expect((await page.answerTo(await page.say("for-staff hello world"))).text).not.toBe("world hello");
    await page.close();
  });

  it("keeps its tenant: another one has neither its name nor its versions", async () => {
    const { email } = await product.addTenant("elsewhere");
    await product.database.acrossTenants.query(
      "update membership set roles = '{admin}' where account_id = (select id from account where email = $1)",
      [email],
    );
    const stranger = await product.agent(email);
    await ask(admin, "POST", "/operations", { name: "ours-alone", ...greeting });
    await ask(admin, "POST", "/operations/ours-alone/publish");
    expect(await stranger.refused("ours-alone", { words: "a" })).toMatchObject({ code: "unknown_command" });
    expect((await ask(stranger, "GET", "/operations/ours-alone")).status).toBe(404);
    expect((await ask(stranger, "GET", "/operations")).body.items).toEqual([]);
    expect((await ask(stranger, "POST", "/operations", { name: "ours-alone", ...greeting })).status).toBe(201);
  });

  it.each([
    ["a name with spaces", { name: "late orders" }, 422, "name"],
    ["a name that is a command's", { name: "conversation.take" }, 409, "name"],
    ["a name that is taken", { name: "turn-around" }, 409, "name"],
    ["an unknown kind", { kind: "spell" }, 422, "kind"],
    ["a body of another kind", { query: {} }, 422, "query"],
    ["no steps", { sequence: { steps: [] } }, 422, "sequence.steps"],
    ["a parameter called me", { parameters: [{ name: "me", type: "text" }] }, 422, "parameters.0.name"],
    [
      "a parameter twice",
      {
        parameters: [
          { name: "words", type: "text" },
          { name: "Words", type: "date" },
        ],
      },
      422,
      "parameters.1.name",
    ],
    ["a choice without choices", { parameters: [{ name: "words", type: "choice" }] }, 422, "parameters.0.choices"],
    ["a default of another type", { parameters: [{ name: "words", type: "date", default: "soon" }] }, 422, "parameters.0.default"],
    ["an unknown type", { parameters: [{ name: "words", type: "number" }] }, 422, "parameters.0.type"],
    [
      "a slot without a value",
      { sequence: { steps: [{ command: "reverse", args: { text: "{{other}}" } }] } },
      422,
      "sequence.steps.0.args.text",
    ],
    ["a command that isn't there", { sequence: { steps: [{ command: "revers", args: {} }] } }, 422, "sequence.steps.0.command"],
    ["itself", { sequence: { steps: [{ command: "broken", args: {} }] } }, 422, "sequence.steps.0.command"],
    ["what can't be taken back", { sequence: { steps: [{ command: "tenant.delete", args: {} }] } }, 422, "sequence.steps.0.command"],
    ["a loop over a text", { sequence: { steps: [{ command: "reverse", each: "all", args: {} }] } }, 422, "sequence.steps.0.each"],
    [
      "an unknown comparison",
      { sequence: { steps: [{ command: "reverse", when: [{ left: 1, is: "like" }] }] } },
      422,
      "sequence.steps.0.when.0.is",
    ],
    ["a field that nobody knows", { colour: "red" }, 422, "colour"],
  ])("is refused with its place: %s", async (_, wrong, status, path) => {
    const answer = await ask(admin, "POST", "/operations", { name: "broken", ...greeting, ...wrong });
    expect([answer.status, answer.body.error.path]).toEqual([status, path]);
  });

  it("ends where two sequences run each other", async () => {
    const running = (command: string) => ({ kind: "sequence", summary: "x", sequence: { steps: [{ command, args: {} }] } });
    await ask(admin, "POST", "/operations", { name: "ping-one", ...running("agent.list") });
    await ask(admin, "POST", "/operations/ping-one/publish");
    await ask(admin, "POST", "/operations", { name: "pong-one", ...running("ping-one") });
    await ask(admin, "POST", "/operations/pong-one/publish");
    await ask(admin, "PATCH", "/operations/ping-one", { sequence: running("pong-one").sequence });
    await ask(admin, "POST", "/operations/ping-one/publish");
    expect(await admin.refused("ping-one")).toMatchObject({ code: "conflict", message: expect.stringContaining("too deep") });
  });

  it("lets the first of two who save at once win, and tells the second", async () => {
    await ask(admin, "POST", "/operations", { name: "contested", ...greeting });
    const both = await Promise.all(
      [1, 2].map((n) => ask(admin, "PATCH", "/operations/contested", { summary: `Version of ${n}`, version: 1 })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)?.body.error).toMatchObject({
      code: "stale",
      path: "version",
      current: { version: 2 },
    });
  });

  it("is deleted by its address, and tells the audit", async () => {
    await ask(admin, "POST", "/operations", { name: "short-lived", ...greeting });
    expect((await ask(admin, "DELETE", "/operations/short-lived")).status).toBe(204);
    expect((await ask(admin, "GET", "/operations/short-lived")).status).toBe(404);
    const told = await product.database.acrossTenants.query("select action from audit_entry where object_id = 'short-lived' order by seq");
    expect(told).toMatchObject([{ action: "operation.create" }, { action: "operation.delete" }]);
  });

  it("is made by nobody who may not", async () => {
    expect((await ask(agent, "POST", "/operations", { name: "mine", ...greeting })).status).toBe(403);
    expect(await agent.refused("operation.list")).toMatchObject({ code: "unknown_command" });
  });
});

describe("the arguments of an operation", () => {
  beforeAll(async () => {
    const parameters = [
      { name: "count", type: "integer" },
      { name: "price", type: "decimal" },
      { name: "on", type: "date" },
      { name: "at", type: "instant" },
      { name: "size", type: "choice", choices: ["S", "M"], default: "M" },
      { name: "gift", type: "boolean" },
      { name: "tags", type: "text", list: true },
    ];
    const said = ["count", "price", "on", "at", "size", "gift"].map((name) => ({ command: "reverse", args: { text: `is {{${name}}}` } }));
    const sequence = { steps: [...said, { command: "reverse", each: "{{tags}}", args: { text: "{{row}}" } }] };
    await ask(admin, "POST", "/operations", { name: "typed", kind: "sequence", summary: "Takes everything.", parameters, sequence });
    await ask(admin, "POST", "/operations/typed/publish");
  });

  // What is between the words stays where it is: `reverse` shows each value, its own words turned around.
  it("are taken by their types, with the defaults", async () => {
    const args = { count: 3, price: "12.50", on: "2026-11-21", at: "2026-11-21T10:00:00+01:00", gift: true, tags: ["a b", "c d"] };
    const { messages } = await admin.run("typed", args);
    expect(messages.map(({ text }) => text)).toEqual([
      "3 is",
      "12.50 is",
      "21 11-2026-is",
      "00Z 00-21T09-11:2026:is",
      "M is",
      "true is",
      "b a",
      "d c",
    ]);
  });

  it.each([
    ["count", 1.5],
    ["count", "1e3"],
    ["price", "12,50"],
    ["price", "NaN"],
    ["on", "2026-02-30"],
    ["on", "tomorrow"],
    ["at", "2026-11-21 10:00"],
    ["size", "L"],
    ["gift", "maybe"],
    ["tags", { a: 1 }],
    ["tags", [["a"]]],
    ["nothing", 1],
  ])("are refused with their place: %s %j", async (name, value) => {
    const { code, path } = await admin.refused("typed", { [name]: value });
    expect([code, path?.split(".").slice(0, 2).join(".")]).toEqual(["invalid_value", `args.${name}`]);
  });
});
