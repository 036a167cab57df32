import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../../fixtures/product.ts";
import { type StrangeHost, startStrangeHost } from "../../fixtures/strangeHost.ts";

let host: StrangeHost;
let product: TestProduct;
let admin: Agent;
let agent: Agent;
/** Where nobody listens. */
const closed = "127.0.0.1:1";

const order = { id: 7, total: "12.50", customer: { email: "ada@example.com" } };
const answers: Record<string, [status: number, body: unknown]> = {
  "/orders/7": [200, order],
  "/orders": [200, { items: [order, { ...order, id: 8 }] }],
  "/refused": [422, { message: "There is no order 9." }],
  "/broken": [500, "Oh no"],
  "/unknown": [401, { error: "who?" }],
};

beforeAll(async () => {
  host = await startStrangeHost((request, response) => {
    const path = request.url?.split("?")[0] ?? "";
    if (path === "/silent") return void request.socket.destroy();
    if (path === "/echo") return void response.end(JSON.stringify({ authorization: request.headers.authorization ?? "" }));
    const [status, body] = answers[path] ?? [200, { done: true }];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  product = await openProduct({ allowHosts: `${host.host},${closed}` });
  [admin, agent] = await Promise.all([product.agent("admin@demo.example"), product.agent()]);
});
afterAll(async () => {
  await product.stop();
  await host.stop();
});

async function ask(who: Agent, method: string, path: string, body?: object) {
  const response = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${who.token}`, "idempotency-key": randomUUID() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: text === "" ? undefined : JSON.parse(text) };
}

async function publish(name: string, request: object, parameters: object[] = []) {
  const made = await ask(admin, "POST", "/operations", { name, kind: "request", summary: "Asks a host.", parameters, request });
  expect(made.status, made.text).toBe(201);
  await admin.run("operation.publish", { name });
  return made.body;
}

const runOf = async (name: string, args: object = {}, more: object = {}) =>
  (await ask(admin, "POST", `/commands/${name}/runs`, { args, ...more })).body;

describe("an API call", () => {
  it("K7 is a command: its values go to their places, its answer becomes fields, a table or a sentence, and data", async () => {
    await publish(
      "order-show",
      { url: `${host.url}/orders/{{id}}`, answer: { as: "fields", fields: [{ name: "total", path: "total" }] } },
      [{ name: "id", type: "integer", required: true }],
    );
    expect(await runOf("order-show", { id: 7 })).toMatchObject({
      state: "succeeded",
      messages: [{ text: "total: 12.50", blocks: [{ type: "fields", fields: [{ label: "total", value: "12.50" }] }] }],
      data: { status: 200, fields: { total: "12.50" } },
    });
    const columns = [
      { name: "Order", path: "id" },
      { name: "Mail", path: "customer.email" },
    ];
    await publish("order-list", { url: `${host.url}/orders`, answer: { as: "table", rows: "items", columns } });
    expect(await runOf("order-list")).toMatchObject({
      messages: [
        {
          text: "2 rows.",
          blocks: [
            {
              type: "table",
              rows: [
                ["7", "ada@example.com"],
                ["8", "ada@example.com"],
              ],
            },
          ],
        },
      ],
      data: {
        columns: [{ name: "Order", type: "integer" }, { name: "Mail" }],
        rows: [
          [7, "ada@example.com"],
          [8, "ada@example.com"],
        ],
      },
    });
    await publish("order-say", { url: `${host.url}/orders/7`, answer: { as: "sentence", text: "It costs {{total}}." } });
    expect(await runOf("order-say")).toMatchObject({ messages: [{ text: "It costs 12.50." }], data: { body: order } });
  });

  it("reads by GET, writes by the others, and what DELETEs is confirmed by what will be sent", async () => {
    const risks = [];
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
      risks.push((await publish(`by-${method.toLowerCase()}`, { method, url: `${host.url}/orders/7` })).risk);
    expect(risks).toEqual(["read", "read", "write", "write", "write", "destructive"]);
    expect(await runOf("by-delete")).toMatchObject({ error: { code: "confirmation_needed" } });
    const plan = (await ask(admin, "POST", "/commands/by-delete/plans", { args: {} })).body;
    expect(plan.changes[0]).toEqual({ text: `It sends DELETE ${host.url}/orders/7.`, kind: "send", count: 1 });
    const before = host.got.length;
    expect(await runOf("by-delete", {}, { planHash: plan.hash })).toMatchObject({ state: "succeeded" });
    expect(host.got.slice(before)).toMatchObject([{ method: "DELETE", url: "/orders/7" }]);
  });

  it("shows in its plan what it will send, with the secret hidden", async () => {
    const credential = { kind: "key", in: "query", name: "key" };
    const body = { note: "{{note}}" };
    await publish("note-add", { method: "POST", url: `${host.url}/notes`, headers: { "X-Day": "1" }, body, credential }, [
      { name: "note", type: "text", required: true },
    ]);
    await admin.run("operation.secret", { name: "note-add", secret: "a-key-of-ours-1" });
    const plan = await ask(admin, "POST", "/commands/note-add/plans", { args: { note: 'a "b"' } });
    expect(plan.body.changes.map(({ text }: { text: string }) => text)).toEqual([
      `It sends POST ${host.url}/notes?key=••••.`,
      "X-Day: 1",
      "Content-Type: application/json",
      '{"note":"a \\"b\\""}',
    ]);
    expect(plan.text).not.toContain("a-key-of-ours-1");
    await runOf("note-add", { note: "x" });
    expect(host.got.at(-1)).toMatchObject({ url: "/notes?key=a-key-of-ours-1", body: '{"note":"x"}' });
  });

  it.each([
    [
      "the host refuses",
      "/refused",
      "POST",
      "failed",
      "automation_failed",
      'The host answered 422: it refuses what was sent. It says: {"message"',
    ],
    ["the host breaks", "/broken", "GET", "failed", "automation_failed", "it failed by itself"],
    // Not 401 for whoever runs it: their session is as good as before.
    ["the host doesn't know us", "/unknown", "GET", "failed", "automation_failed", "it doesn't know who asks"],
    ["a read gets no answer", "/silent", "GET", "failed", "automation_timeout", "The connection ended before an answer came."],
    ["a change gets no answer", "/silent", "POST", "uncertain", "automation_timeout", "look there before you run it again"],
  ])("4.6 says what happened where %s", async (_, path, method, state, code, message) => {
    const name = `happens-${path.slice(1)}-${method.toLowerCase()}`;
    await publish(name, { method, url: `${host.url}${path}` });
    expect(await runOf(name)).toMatchObject({ state, error: { code, message: expect.stringContaining(message) } });
  });

  it("is never sent again where nobody knows whether it happened, and says where to look", async () => {
    await publish("pay-out", { method: "POST", url: `${host.url}/silent` });
    const before = host.got.length;
    const key = { "idempotency-key": randomUUID() };
    const run = async () =>
      JSON.parse(
        await (
          await fetch(`${product.url}/api/v1/commands/pay-out/runs`, {
            method: "POST",
            headers: { "content-type": "application/json", authorization: `Bearer ${admin.token}`, ...key },
            body: "{}",
          })
        ).text(),
      );
    const first = await run();
    expect(await run()).toMatchObject({ id: first.id, state: "uncertain" });
    expect(host.got.length - before).toBe(1);
    const { body: story } = await ask(admin, "GET", `/runs/${first.id}`);
    expect(story).toMatchObject({
      effects: [{ step: "request", state: "uncertain", check: `Look at ${host.host} whether it was done.` }],
      may: expect.arrayContaining(["settle"]),
    });
  });

  it("is known not to have happened where nothing left", async () => {
    await publish("nobody-there", { method: "POST", url: `http://${closed}/` });
    expect(await runOf("nobody-there")).toMatchObject({ state: "failed", error: { code: "automation_away" } });
  });

  it("says by its key which run it is of", async () => {
    await publish("with-key", { method: "POST", url: `${host.url}/orders`, repeatHeader: "Idempotency-Key" });
    const run = await runOf("with-key");
    expect(host.got.at(-1)?.headers["idempotency-key"]).toBe(`${run.id}:request`);
  });

  it("has happened though nothing can be read from its answer; what only reads has failed", async () => {
    const answer = { as: "sentence", text: "It is {{number}}." };
    await publish("make-one", { method: "POST", url: `${host.url}/make`, answer });
    expect(await runOf("make-one")).toMatchObject({
      state: "succeeded",
      messages: [{ text: 'It was sent, and answered with 200. The answer has nothing at "number".' }],
    });
    await publish("read-one", { url: `${host.url}/make`, answer });
    expect(await runOf("read-one")).toMatchObject({ state: "failed", error: { message: 'The answer has nothing at "number".' } });
  });

  it("as a step of a sequence hands its data on", async () => {
    await publish(
      "order-of",
      { url: `${host.url}/orders/{{id}}`, answer: { as: "fields", fields: [{ name: "mail", path: "customer.email" }] } },
      [{ name: "id", type: "integer", required: true }],
    );
    await publish("greet", { method: "POST", url: `${host.url}/greet`, body: { to: "{{to}}" } }, [
      { name: "to", type: "text", required: true },
    ]);
    const steps = [
      { name: "order", command: "order-of", args: { id: "{{id}}" } },
      { command: "greet", args: { to: "{{order.fields.mail}}" } },
      { command: "greet", each: "{{all.rows}}", args: { to: "{{row.Mail}} {{row.Order}}" } },
    ];
    const sequence = { steps: [steps[0], steps[1], { name: "all", command: "order-list", args: {} }, steps[2]] };
    const parameters = [{ name: "id", type: "integer", required: true }];
    const made = await ask(admin, "POST", "/operations", { name: "greet-of", kind: "sequence", summary: "x", parameters, sequence });
    expect(made.status, made.text).toBe(201);
    await admin.run("operation.publish", { name: "greet-of" });
    expect(await runOf("greet-of", { id: 7 })).toMatchObject({ state: "succeeded" });
    expect(host.got.slice(-4).flatMap(({ url, body }) => (url === "/greet" ? [JSON.parse(body)] : []))).toEqual([
      { to: "ada@example.com" },
      { to: "ada@example.com 7" },
      { to: "ada@example.com 8" },
    ]);
  });

  it.each([
    ["a private address", { url: "https://10.0.0.1/" }, "request.url"],
    ["a method that nobody needs", { method: "TRACE", url: "https://a.example.com/" }, "request.method"],
    ["a body of a GET", { url: "https://a.example.com/", body: "x" }, "request.body"],
    ["a header of ours", { url: "https://a.example.com/", headers: { Host: "b" } }, "request.headers.Host"],
    [
      "a secret among the headers",
      { url: "https://a.example.com/", headers: { Authorization: "Basic x" } },
      "request.headers.Authorization",
    ],
    ["a slot that is no parameter", { url: "https://a.example.com/{{x}}" }, "request.url"],
    ["a slot in the host", { url: "https://{{id}}.example.com/" }, "request.url"],
    ["a wrong path of the answer", { url: "https://a.example.com/", answer: { as: "sentence", text: "{{a b}}" } }, "request.answer.text"],
    ["no address", {}, "request.url"],
  ])("is refused with its place where it is made and changed: %s", async (_, request, path) => {
    const made = await ask(admin, "POST", "/operations", { name: "refused-one", kind: "request", summary: "x", request });
    expect([made.status, made.body.error]).toMatchObject([422, { code: "invalid_value", path }]);
    const changed = await ask(admin, "PATCH", "/operations/order-list", { request });
    expect([changed.status, changed.body.error]).toMatchObject([422, { code: "invalid_value", path }]);
  });

  it("is made by those who make operations, and run by those with whom it is shared", async () => {
    expect(
      (await ask(agent, "POST", "/operations", { name: "mine", kind: "request", summary: "x", request: { url: host.url } })).status,
    ).toBe(403);
    expect(await agent.refused("order-list")).toMatchObject({ code: "unknown_command" });
    await admin.run("operation.share", { name: "order-list", roles: "agent" });
    expect(await agent.run("order-list")).toMatchObject({ state: "succeeded" });
  });
});
