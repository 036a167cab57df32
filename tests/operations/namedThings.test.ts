import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { type StrangeHost, startStrangeHost } from "../fixtures/strangeHost.ts";
import { upload } from "../fixtures/uploads.ts";

let host: StrangeHost;
let product: TestProduct;
let admin: Agent;
let agent: Agent;
/** Somebody who may run commands and nothing else. */
let runner: Agent;
const asked: { args: { delivery: string; photo?: { url: string } } }[] = [];
const ids: Record<string, string> = {};

const parcelArgs = {
  type: "object",
  properties: {
    delivery: { type: "string", format: "entity", blueprint: "deliveries" },
    photo: { type: "string", format: "file" },
  },
  required: ["delivery"],
};

beforeAll(async () => {
  host = await startStrangeHost((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  const bus = createInProcessBus();
  await bus.serve({
    name: "parcel",
    version: "1.0.0",
    description: "",
    metadata: { summary: "Looks at a parcel.", risk: "read", audience: "visitor", args: JSON.stringify(parcelArgs) },
    subject: "automation.parcel",
    queueGroup: "automations",
    handle: async (request) => {
      asked.push(JSON.parse(JSON.stringify(request)));
      return { messages: [{ text: "Seen." }] };
    },
  });
  product = await openProduct({ bus, allowHosts: host.host });
  admin = await product.agent("admin@demo.example");
  await admin.run("role.create", { key: "runner", name: "Runner", permissions: "commands.run" });
  await admin.run("role.grant", { email: "agent2@demo.example", role: "runner" });
  await admin.run("role.revoke", { email: "agent2@demo.example", role: "agent" });
  [agent, runner] = await Promise.all([product.agent(), product.agent("agent2@demo.example")]);
  await ask(admin, "POST", "/blueprints", {
    key: "deliveries",
    name: "Delivery",
    fields: [
      { key: "number", name: "Number", type: "sequence", prefix: "DEL-" },
      { key: "to", name: "To", type: "text", required: true },
    ],
  });
  for (const to of ["Porto", "Lyon", "Bern"]) {
    const made = await ask(agent, "POST", "/blueprints/deliveries/entities", { values: { to } });
    ids[made.body.values.number] = made.body.id;
  }
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
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

async function publish(name: string, definition: object): Promise<void> {
  const made = await ask(admin, "POST", "/operations", { name, summary: "For trying.", ...definition });
  expect([made.status, made.body.error]).toEqual([201, undefined]);
  await ask(admin, "POST", `/operations/${name}/publish`);
  await admin.run("operation.share", { name, roles: "everyone" });
}
const run = (who: Agent, name: string, args: object) => ask(who, "POST", `/commands/${name}/runs`, { args });
const choices = async (who: Agent, name: string, argument: string, q: string) =>
  (await ask(who, "GET", `/commands/${name}/choices/${argument}?q=${encodeURIComponent(q)}`)).body;
const delivery = { name: "delivery", type: "entity", blueprint: "deliveries", required: true };
const photo = { name: "photo", type: "file", required: true };

describe("an entity as an argument", () => {
  it("K1 is found by its number, by its id and as one types, and handed on as its id", async () => {
    await publish("call-about", {
      kind: "request",
      parameters: [delivery],
      request: { url: `${host.url}/about/{{delivery}}` },
    });
    const { items } = (await ask(agent, "GET", '/commands?filter={"name":{"eq":"call-about"}}')).body;
    expect(items[0].args.properties.delivery).toMatchObject({ format: "entity", blueprint: "deliveries", choicesFrom: { after: [] } });
    expect(await choices(agent, "call-about", "delivery", "ly")).toEqual({ items: [{ value: "DEL-2", label: "Lyon" }], truncated: false });
    expect((await choices(agent, "call-about", "delivery", "")).items.map(({ value }: { value: string }) => value)).toEqual([
      ...["DEL-3", "DEL-2", "DEL-1"],
    ]);
    for (const called of ["DEL-2", "del-2", ids["DEL-2"]]) {
      expect(await run(agent, "call-about", { delivery: called })).toMatchObject({ status: 200, body: { state: "succeeded" } });
      expect(host.got.at(-1)).toMatchObject({ url: `/about/${ids["DEL-2"]}` });
    }
    // So are those of the blueprint's own commands.
    expect(await choices(agent, "deliveries.show", "entityId", "por")).toEqual({
      items: [{ value: "DEL-1", label: "Porto" }],
      truncated: false,
    });
  });

  it("is refused alike where it isn't there, is in the trash, or is none that one may see", async () => {
    const gone = (await ask(agent, "POST", "/blueprints/deliveries/entities", { values: { to: "Nowhere" } })).body;
    await ask(agent, "DELETE", `/blueprints/deliveries/entities/${gone.id}`);
    const before = host.got.length;
    for (const [who, called] of [
      [agent, "DEL-99"],
      [agent, gone.id],
      [agent, randomUUID()],
      [runner, "DEL-2"],
    ] as const) {
      const { status, body } = await run(who, "call-about", { delivery: called });
      expect([status, body.error]).toMatchObject([
        422,
        {
          code: "invalid_value",
          path: "args.delivery",
          message: `"${called}" is none of deliveries that you may see: give its number, another unique value, or its id.`,
        },
      ]);
    }
    expect(host.got).toHaveLength(before);
    expect(await choices(runner, "call-about", "delivery", "")).toEqual({ items: [], truncated: false });
  });

  it("goes to a step of a sequence, and several of them too", async () => {
    await publish("move", {
      kind: "sequence",
      parameters: [delivery, { name: "others", type: "entity", blueprint: "deliveries", list: true, required: false }],
      sequence: {
        steps: [
          { command: "deliveries.update", args: { entityId: "{{delivery}}", to: "Graz" } },
          { command: "deliveries.update", each: "{{others}}", args: { entityId: "{{row}}", to: "Linz" } },
        ],
      },
    });
    expect(await run(agent, "move", { delivery: "DEL-3", others: ["DEL-1", "DEL-2"] })).toMatchObject({ body: { state: "succeeded" } });
    const { items } = (await ask(agent, "GET", "/blueprints/deliveries/entities?sort=createdAt")).body;
    expect(items.map(({ values }: { values: { to: string } }) => values.to)).toEqual(["Linz", "Linz", "Graz"]);
    expect((await run(agent, "move", { delivery: "DEL-3", others: ["DEL-1", "DEL-77"] })).body.error).toMatchObject({
      path: "args.others.1",
    });
  });

  it("is another plan where another one is called so by then", async () => {
    await admin.run("blueprint.create", {
      key: "doors",
      name: "Door",
      fields: [
        { key: "code", name: "Code", type: "text", unique: true },
        { key: "wall", name: "Wall", type: "text" },
      ],
    });
    const [first, second] = await Promise.all(
      ["north", "south"].map(async (wall) => (await ask(admin, "POST", "/blueprints/doors/entities", { values: { wall } })).body),
    );
    await ask(admin, "PATCH", `/blueprints/doors/entities/${first.id}`, { values: { code: "A" } });
    await publish("open", {
      kind: "sequence",
      parameters: [{ name: "door", type: "entity", blueprint: "doors", required: true }],
      sequence: { steps: [{ command: "doors.update", args: { entityId: "{{door}}", wall: "open" } }] },
    });
    const { hash } = (await ask(admin, "POST", "/commands/open/plans", { args: { door: "A" } })).body;
    await ask(admin, "PATCH", `/blueprints/doors/entities/${first.id}`, { values: { code: "B" } });
    await ask(admin, "PATCH", `/blueprints/doors/entities/${second.id}`, { values: { code: "A" } });
    const stale = await ask(admin, "POST", "/commands/open/runs", { args: { door: "A" }, planHash: hash });
    expect([stale.status, stale.body.error?.code]).toEqual([409, "stale"]);
  });

  it("can be declared only of a blueprint that its maker may see, for the staff", async () => {
    const refused = async (parameter: object, more: object = {}) => {
      const request = { url: `${host.url}/about/{{delivery}}` };
      const body = { name: "never", summary: "Never.", kind: "request", parameters: [parameter], request, ...more };
      const made = await ask(admin, "POST", "/operations", body);
      return [made.status, made.body.error?.path];
    };
    expect(await refused({ ...delivery, blueprint: undefined })).toEqual([422, "parameters.0.blueprint"]);
    expect(await refused({ ...delivery, blueprint: "nothing-there" })).toEqual([422, "parameters.0.blueprint"]);
    expect(await refused({ ...delivery, type: "text" })).toEqual([422, "parameters.0.blueprint"]);
    expect(await refused(delivery, { audience: "visitor" })).toEqual([422, "parameters.0.type"]);
  });
});

describe("a file as an argument", () => {
  it("K1 is uploaded by whoever runs it, and handed on as what it is and where it can be fetched", async () => {
    await publish("send-photo", {
      kind: "request",
      parameters: [photo, { ...photo, name: "second", required: false }],
      request: {
        method: "POST",
        url: `${host.url}/photos`,
        body: { name: "{{photo.name}}", at: "{{photo.url}}", bytes: "{{photo.size}}", is: "{{photo.type}}", more: "{{second.url}}" },
      },
    });
    const file = await upload(product.url, `Bearer ${runner.token}`, "how it looks", { name: "porch.txt" });
    expect(file.status).toBe(201);
    expect((await run(runner, "send-photo", { photo: file.id })).body).toMatchObject({ state: "succeeded", args: { photo: file.id } });
    const given = JSON.parse(host.got.at(-1)?.body ?? "");
    expect(given).toEqual({ name: "porch.txt", at: expect.stringContaining("/files/"), bytes: 12, is: "text/plain" });
    expect(await (await fetch(given.at)).text()).toBe("how it looks");
  });

  it("is refused where it isn't there or is another's", async () => {
    const theirs = await upload(product.url, `Bearer ${agent.token}`, "mine", { name: "mine.txt" });
    const before = host.got.length;
    for (const id of [theirs.id, randomUUID(), "porch.txt"]) {
      const { status, body } = await run(runner, "send-photo", { photo: id });
      expect([status, body.error]).toMatchObject([422, { code: "invalid_value", path: "args.photo" }]);
    }
    expect(host.got).toHaveLength(before);
  });

  it("is named by its parts, in a message too, and goes to a step whole", async () => {
    await publish("note-photo", {
      kind: "message",
      parameters: [photo],
      message: { by: "notice", to: ["{{me.email}}"], text: "See {{photo.name}} at {{photo.url}}" },
    });
    await publish("twice", {
      kind: "sequence",
      parameters: [photo],
      sequence: {
        steps: [
          { command: "send-photo", args: { photo: "{{photo}}" } },
          { command: "note-photo", args: { photo: "{{photo.id}}" } },
        ],
      },
    });
    const file = await upload(product.url, `Bearer ${agent.token}`, "x", { name: "x.txt" });
    const before = host.got.length;
    expect((await run(agent, "twice", { photo: file.id })).body).toMatchObject({ state: "succeeded" });
    expect(host.got).toHaveLength(before + 1);
  });

  it("has no place in a query, no default, and no name of its own in a text", async () => {
    const refused = async (kind: string, parameter: object, body: object) => {
      const made = await ask(admin, "POST", "/operations", { name: "never", summary: "Never.", kind, parameters: [parameter], ...body });
      return [made.status, made.body.error?.path, made.body.error?.message];
    };
    const request = { method: "POST", url: `${host.url}/photos`, body: { at: "{{photo}}" } };
    expect(await refused("request", photo, { request })).toEqual([422, "request.body.at", expect.stringContaining("{{photo.url}}")]);
    expect((await refused("request", { ...photo, default: "x" }, { request }))[1]).toBe("parameters.0.default");
    expect((await refused("request", { ...photo, list: true }, { request }))[1]).toBe("parameters.0.list");
    const message = { by: "notice", to: ["{{me.email}}"], text: "See {{photo}}" };
    expect((await refused("message", photo, { message }))[1]).toBe("message.text");
  });
});

describe("an automation that asks for an entity and a file", () => {
  it("gets the entity's id, and the file with an address to fetch it from", async () => {
    await vi.waitUntil(async () => (await ask(agent, "GET", '/commands?filter={"name":{"eq":"parcel"}}')).body.items.length === 1);
    expect(await choices(agent, "parcel", "delivery", "DEL-1")).toMatchObject({ items: [{ value: "DEL-1" }] });
    const file = await upload(product.url, `Bearer ${agent.token}`, "its label", { name: "label.txt" });
    expect(await run(agent, "parcel", { delivery: "DEL-1", photo: file.id })).toMatchObject({ body: { messages: [{ text: "Seen." }] } });
    const { args } = asked.at(-1) ?? {};
    expect(args).toMatchObject({ delivery: ids["DEL-1"], photo: { id: file.id, name: "label.txt", type: "text/plain", size: 9 } });
    expect(await (await fetch(args?.photo?.url ?? "")).text()).toBe("its label");
    const before = asked.length;
    expect((await run(agent, "parcel", { delivery: "DEL-99" })).body.error).toMatchObject({ path: "args.delivery" });
    expect((await run(agent, "parcel", { delivery: "DEL-1", photo: randomUUID() })).body.error).toMatchObject({ path: "args.photo" });
    expect(asked).toHaveLength(before);
  });

  it("tells a visitor of no entity that there is", async () => {
    const { page } = await product.visit();
    const [one, none] = [await page.answerTo(await page.say("parcel DEL-1")), await page.answerTo(await page.say("parcel DEL-99"))];
    expect(one.text.replace("DEL-1", "")).toBe(none.text.replace("DEL-99", ""));
    expect(one.text).not.toContain("Seen");
  });
});
