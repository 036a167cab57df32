import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let admin: Agent;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct({ demoShop: "on", allowHosts: new URL(inject("databaseUrl")).host });
  [admin, agent] = await Promise.all([product.agent("admin@demo.example"), product.agent()]);
  await vi.waitUntil(async () => (await ask(admin, "GET", "/data-sources")).body.items.length === 1, { timeout: 20_000 });
  const query = (sql: string) => ({ dataSource: "demo-shop", sql });
  await publish("regions", { kind: "query", query: query("select region, 'The ' || region as name from customer group by 1 order by 1") });
  const byRegion = { name: "region", type: "text", required: true };
  await publish("customers-in", {
    kind: "query",
    parameters: [byRegion, { name: "like", type: "text" }],
    query: query(
      "select id, name from customer where region = :region [[and lower(name) like '%' || lower(:like) || '%']] order by id limit 6000",
    ),
  });
  await publish("orders-of", {
    kind: "query",
    parameters: [
      { name: "region", type: "choice", required: true, choicesFrom: { operation: "regions", value: "region", label: "name" } },
      {
        name: "customer",
        type: "choice",
        choicesFrom: { operation: "customers-in", value: "id", label: "name", args: { region: "region" }, search: "like" },
      },
    ],
    query: query(
      "select o.number from orders o join customer c on c.id = o.customer_id where c.region = :region [[and c.id::text = :customer]] order by 1 limit 3",
    ),
  });
  await admin.run("operation.share", { name: "orders-of", roles: "agent" });
});
afterAll(() => product.stop());

async function ask(who: Agent, method: string, path: string, body?: object) {
  const response = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${who.token}`, "idempotency-key": randomUUID() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

async function publish(name: string, definition: object): Promise<void> {
  const made = await ask(admin, "POST", "/operations", { name, summary: "For choosing.", ...definition });
  expect([made.status, made.body.error]).toEqual([201, undefined]);
  await ask(admin, "POST", `/operations/${name}/publish`);
}

const choices = (who: Agent, argument: string, args: object = {}, q = "") =>
  ask(who, "GET", `/commands/orders-of/choices/${argument}?q=${encodeURIComponent(q)}&args=${encodeURIComponent(JSON.stringify(args))}`);

describe("choices from another operation", () => {
  it("are its rows, each value once, found as they are typed", async () => {
    const { items } = (await ask(admin, "GET", '/commands?filter={"name":{"eq":"orders-of"}}')).body;
    expect(items[0].args.properties).toMatchObject({
      region: { choicesFrom: { after: [] } },
      customer: { choicesFrom: { after: ["region"] } },
    });
    expect((await choices(admin, "region")).body.items.map(({ value }: { value: string }) => value)).toEqual([
      "east",
      "north",
      "south",
      "west",
    ]);
    expect((await choices(admin, "region", {}, "the no")).body).toEqual({
      items: [{ value: "north", label: "The north" }],
      truncated: false,
    });
    expect((await choices(admin, "region", {}, "nowhere")).body.items).toEqual([]);
  });

  it("Parameters can't depend on each other: they depend on an earlier argument, and ask for it first", async () => {
    expect(await choices(admin, "customer")).toMatchObject({ status: 422, body: { error: { path: "args.region" } } });
    const [north, south] = [await choices(admin, "customer", { region: "north" }), await choices(admin, "customer", { region: "south" })];
    expect(north.body.items).toHaveLength(50);
    expect(north.body.truncated).toBe(true);
    const { value, label } = north.body.items[0];
    expect(south.body.items).not.toContainEqual({ value, label });
    // Also one that stands far behind those that are shown: the operation itself looks for it.
    expect((await choices(admin, "customer", { region: "north" }, label)).body.items).toContainEqual({ value, label });
  });

  it("are checked again when the command runs", async () => {
    const { value } = (await choices(admin, "customer", { region: "north" })).body.items[0];
    expect(await admin.run("orders-of", { region: "north", customer: value })).toMatchObject({ state: "succeeded" });
    expect(await admin.run("orders-of", { region: "north" })).toMatchObject({ state: "succeeded" });
    expect(await admin.refused("orders-of", { region: "moon" })).toMatchObject({ code: "invalid_value", path: "args.region" });
    expect(await admin.refused("orders-of", { region: "south", customer: value })).toMatchObject({
      code: "invalid_value",
      path: "args.customer",
      message: expect.stringContaining("with region south"),
    });
  });

  it("are found through whoever asks: what one may not run offers nothing", async () => {
    expect(await choices(agent, "region")).toMatchObject({ status: 404, body: { error: { code: "unknown_command" } } });
    expect(await agent.refused("orders-of", { region: "north" })).toMatchObject({ code: "forbidden", path: "args.region" });
    await admin.run("operation.share", { name: "regions", roles: "everyone" });
    expect((await choices(agent, "region")).body.items).toHaveLength(4);
    expect(await agent.run("orders-of", { region: "north" })).toMatchObject({ state: "succeeded" });
    // What was offered a moment ago is not remembered past the permission.
    await admin.run("operation.share", { name: "regions", roles: "" });
    expect((await choices(agent, "region")).status).toBe(404);
  });

  it("tell a visitor nothing of where they come from, and may be left out whatever their names are", async () => {
    const query = { dataSource: "demo-shop", sql: "select region from customer group by 1 order by 1" };
    await publish("inner-list", { kind: "query", query, audience: "visitor" });
    await publish("for-visitors", {
      kind: "query",
      audience: "visitor",
      parameters: [
        { name: "constructor", type: "choice", choicesFrom: { operation: "inner-list", value: "region" } },
        { name: "toString", type: "integer" },
      ],
      query: { ...query, sql: "select 7 as seven from customer where true [[and region = :constructor]] [[and id = :toString]] limit 1" },
    });
    const { page } = await product.visit();
    expect((await page.answerTo(await page.say("for-visitors"))).text).toBe("1 row.");
    const { text } = await page.answerTo(await page.say("for-visitors moon"));
    expect(text).toContain('"constructor" must be one of what can be chosen');
    await admin.run("operation.unpublish", { name: "inner-list" });
    const after = await page.answerTo(await page.say("for-visitors moon"));
    expect(`${text} ${after.text}`).not.toContain("inner-list");
    await page.close();
  });

  it("end where they depend on each other in a circle", async () => {
    const query = { dataSource: "demo-shop", sql: "select region from customer where region = :of limit 1" };
    const of = (more: object) => [{ name: "of", type: "choice", required: true, ...more }];
    await publish("round-one", { kind: "query", parameters: of({ choices: ["north"] }), query });
    const from = (operation: string) => ({ operation, value: "region", args: { of: "first" } });
    const first = { name: "first", type: "text", required: true, default: "north" };
    const both = "select region from customer where region = :of and :first::text is not null limit 1";
    await publish("round-two", {
      kind: "query",
      parameters: [first, ...of({ choicesFrom: from("round-one") })],
      query: { ...query, sql: both },
    });
    const parameters = [
      first,
      { name: "of", type: "choice", required: true, choicesFrom: { ...from("round-two"), args: { of: "first" } } },
    ];
    await ask(admin, "PATCH", "/operations/round-one", { parameters, query: { ...query, sql: both } });
    await ask(admin, "POST", "/operations/round-one/publish");
    expect((await admin.refused("round-one", { of: "north" })).message).toContain("in a circle");
  });

  it.each([
    ["an argument that has none", "/commands/orders-of/choices/nothing", 404],
    ["a command that has none", "/commands/agent.list/choices/email", 404],
    ["a command that isn't there", "/commands/nothing/choices/email", 404],
    ["arguments that are no JSON", "/commands/orders-of/choices/customer?args=%7Bx", 422],
    ["arguments of another shape", "/commands/orders-of/choices/customer?args=[1]", 422],
    ["an argument that is a list", "/commands/orders-of/choices/customer?args=%7B%22region%22:[1]%7D", 422],
    ["a text that is too long", `/commands/orders-of/choices/region?q=${"x".repeat(201)}`, 422],
  ])("are refused: %s", async (_, path, status) => {
    expect((await ask(admin, "GET", path)).status).toBe(status);
  });

  const region = { name: "region", type: "choice", required: true };
  const good = { operation: "regions", value: "region" };
  it.each([
    ["a source that isn't there", [{ ...region, choicesFrom: { ...good, operation: "region" } }], "parameters.0.choicesFrom.operation"],
    ["a built-in command", [{ ...region, choicesFrom: { ...good, operation: "agent.list" } }], "parameters.0.choicesFrom.operation"],
    ["itself", [{ ...region, choicesFrom: { ...good, operation: "wrong" } }], "parameters.0.choicesFrom.operation"],
    ["a list beside it", [{ ...region, choices: ["north"], choicesFrom: good }], "parameters.0.choices"],
    ["another type", [{ ...region, type: "text", choicesFrom: good }], "parameters.0.choices"],
    ["a parameter that isn't there", [{ ...region, choicesFrom: { ...good, args: { x: "region" } } }], "parameters.0.choicesFrom.args.x"],
    [
      "one of the source that isn't there",
      [
        { name: "a", type: "text", required: false },
        { ...region, choicesFrom: { ...good, args: { x: "a" } } },
      ],
      "parameters.1.choicesFrom.args.x",
    ],
    ["what the source needs", [{ ...region, choicesFrom: { operation: "customers-in", value: "id" } }], "parameters.0.choicesFrom.args"],
    ["a field that nobody knows", [{ ...region, choicesFrom: { ...good, colour: 1 } }], "parameters.0.choicesFrom.colour"],
  ])("are refused with their place when they are saved: %s", async (_, parameters, path) => {
    const query = { dataSource: "demo-shop", sql: "select 1 as one where :region::text is not null [[and :a::text is null]]" };
    const used = parameters.length > 1 ? query : { ...query, sql: "select 1 as one where :region::text is not null" };
    const { status, body } = await ask(admin, "POST", "/operations", {
      name: "wrong",
      kind: "query",
      summary: "x",
      parameters,
      query: used,
    });
    expect([status, body.error?.path]).toEqual([422, path]);
  });
});
