import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EntityHouse, entities, openEntityHouse } from "./entityHouse.ts";

let house: EntityHouse;
let ask: EntityHouse["ask"];
let admin: EntityHouse["admin"];
let agent: EntityHouse["agent"];
/** Where what is started leaves its traces: one entity for each time. */
let letters: string;
beforeAll(async () => {
  house = await openEntityHouse();
  ({ ask, admin, agent } = house);
  letters = await house.blueprintOf(
    [
      { key: "id", name: "Id", type: "sequence", prefix: "LET-" },
      { key: "to_whom", name: "To", type: "email", required: true },
      { key: "text", name: "Text", type: "text" },
      { key: "parcels", name: "Parcels", type: "integer" },
      { key: "tags", name: "Tags", type: "choices", choices: ["fragile", "cold"] },
      { key: "writer", name: "Writer", type: "account" },
      { key: "about", name: "About", type: "text" },
    ],
    "Letter",
  );
});
afterAll(() => house.product.stop());

const fields = [
  { key: "id", name: "Id", type: "sequence", prefix: "DEL-" },
  { key: "email", name: "E-mail", type: "email" },
  { key: "parcels", name: "Parcels", type: "integer" },
  { key: "tags", name: "Tags", type: "choices", choices: ["cold", "fragile"] },
  { key: "driver", name: "Driver", type: "account" },
  { key: "cost", name: "Cost", type: "money", currency: "EUR" },
  { key: "status", name: "Status", type: "choice", choices: ["PENDING", "SENT", "DELIVERED"], default: "PENDING" },
];
const telling = () => ({
  command: `${letters}.create`,
  args: {
    to_whom: { field: "email" },
    text: "It is there.",
    parcels: { field: "parcels" },
    tags: { field: "tags" },
    writer: { field: "driver" },
    about: { field: "entityId" },
  },
});
const flowOf = (...start: object[]) => ({
  field: "status",
  transitions: [
    { key: "send", name: "Sent", from: ["PENDING"], to: "SENT" },
    { key: "deliver", name: "Delivered", from: ["PENDING", "SENT"], to: "DELIVERED", set: { parcels: { add: 1 } }, start },
  ],
});
async function deliveries(flow: object = flowOf(telling())): Promise<string> {
  const key = await house.blueprintOf(fields);
  const saved = await ask(admin, "PATCH", `/blueprints/${key}`, { flow });
  expect([saved.status, saved.body.error]).toEqual([200, undefined]);
  return key;
}
const values = { email: "ana@example.com", parcels: 2, tags: ["fragile", "cold"], driver: "me" };
const make = async (key: string, more: object = {}) => (await ask(agent, "POST", entities(key), { values: { ...values, ...more } })).body;
const take = (key: string, id: string, step = "deliver", who = agent) => ask(who, "POST", `${entities(key)}/${id}/transitions/${step}`, {});
const history = async (key: string, id: string, who = agent) => (await ask(who, "GET", `${entities(key)}/${id}/history`)).body.items;
const startedOf = async (key: string, id: string, who = agent) => (await history(key, id, who))[0].started;
const untilStarted = async (key: string, id: string, state: string) => {
  await expect.poll(() => startedOf(key, id), { timeout: 10_000 }).toMatchObject([{ state }]);
  return (await startedOf(key, id))[0];
};
const lettersAbout = async (id: string) =>
  (await ask(agent, "GET", `${entities(letters)}?filter=${JSON.stringify({ about: { eq: id } })}`)).body.items;

describe("a step that starts a command", () => {
  it("is done, and then the command is run once, as whoever took the step, with what stands in the fields since", async () => {
    const key = await deliveries();
    const made = await make(key);
    const run = await agent.run(`${key}.deliver`, { entityId: made.values.id });
    expect(run.messages[0]?.text).toBe(`DEL-1 is DELIVERED. It starts "${letters}.create".`);
    const started = await untilStarted(key, made.id, "succeeded");
    expect(started).toEqual({ command: `${letters}.create`, state: "succeeded", run: expect.any(String) });
    const told = await agent.run(`${key}.history`, { entityId: made.id });
    expect(told.messages[0]?.text).toContain(`It started ${letters}.create (succeeded).`);
    const [letter, ...more] = await lettersAbout(made.id);
    expect(more).toEqual([]);
    expect(letter).toMatchObject({
      createdBy: agent.name,
      values: { to_whom: "ana@example.com", text: "It is there.", parcels: 3, tags: ["fragile", "cold"], writer: agent.id },
    });
    expect((await ask(agent, "GET", `/runs/${started.run}`)).body).toMatchObject({ command: `${letters}.create`, by: { id: agent.id } });
  });

  it("says in its plan and when it is tried what it would start, and starts nothing", async () => {
    const key = await deliveries();
    const made = await make(key);
    const plan = await ask(agent, "POST", `/commands/${key}.deliver/plans`, { args: { entityId: made.id } });
    const [parcels, status, starts, ...more] = plan.body.changes.map(({ text }: { text: string }) => text);
    expect([parcels, status, more]).toEqual(["Parcels", "Status", []]);
    expect(starts).toMatch(new RegExp(`^Starts ${letters}.create `));
    for (const said of [
      "to_whom:ana@example.com",
      "text:It is there.",
      "parcels:3",
      "tags:cold, fragile",
      `writer:${agent.name}`,
      `about:${made.id}`,
    ])
      expect(starts).toContain(said);
    const tried = await ask(admin, "POST", `/blueprints/${key}/simulations`, { entityId: made.id, steps: [{ transition: "deliver" }] });
    expect(tried.body.steps[0].starts).toEqual([starts.replace(/^Starts /, "").replace(agent.name, agent.id)]);
    const next = await ask(admin, "POST", `/blueprints/${key}/simulations`, { entityId: made.id });
    expect(next.body.next.map(({ starts }: { starts?: string[] }) => starts)).toEqual([undefined, [`${letters}.create`]]);
    expect(await lettersAbout(made.id)).toEqual([]);
  });

  it("runs what was made of a message, and what an automation does", async () => {
    const message = { by: "mail", to: ["{{to}}"], subject: "Delivery {{number}}", text: "{{count}} parcels have arrived." };
    const parameters = [
      { name: "to", type: "text", list: true, required: true },
      { name: "number", type: "text", required: true },
      { name: "count", type: "integer", required: true },
    ];
    await admin.run("operation.create", { name: "tell-customer", kind: "message", summary: "Tells the customer.", parameters, message });
    await admin.run("operation.publish", { name: "tell-customer" });
    const key = await deliveries(
      flowOf(
        { command: "tell-customer", args: { to: { field: "email" }, number: { field: "id" }, count: { field: "parcels" } } },
        { command: "reverse", args: { text: { field: "email" } } },
      ),
    );
    const made = await make(key);
    await take(key, made.id, "deliver", admin);
    await expect.poll(() => startedOf(key, made.id), { timeout: 10_000 }).toMatchObject([{ state: "succeeded" }, { state: "succeeded" }]);
    const mails = await house.product.database.acrossTenants.query(
      "select recipient, mail->>'subject' as subject, mail->>'text' as text from mail_out where recipient = 'ana@example.com'",
    );
    expect(mails).toMatchObject([{ subject: "Delivery DEL-1", text: expect.stringContaining("3 parcels have arrived.") }]);
    const [, reversed] = await startedOf(key, made.id);
    expect((await ask(admin, "GET", `/runs/${reversed.run}`)).body.messages[0].text).toBe("example.com@ana");
  });

  it("is taken back without what it started, and says so", async () => {
    const key = await deliveries();
    const made = await make(key);
    const run = await agent.run(`${key}.deliver`, { entityId: made.id });
    await untilStarted(key, made.id, "succeeded");
    const plan = await ask(agent, "POST", "/commands/run.undo/plans", { args: { run: run.id } });
    expect(JSON.stringify(plan.body)).toContain(`What it started stays: ${letters}.create is not taken back`);
    const undone = await agent.run("run.undo", { run: run.id });
    expect(undone.messages[0]?.text).toContain(`What was started by it stays: ${letters}.create.`);
    expect((await ask(agent, "GET", `${entities(key)}/${made.id}`)).body.values).toMatchObject({ status: "PENDING", parcels: 2 });
    expect(await lettersAbout(made.id)).toHaveLength(1);
  });

  it("is done also where the command can't be started, and its history says why", async () => {
    const key = await deliveries();
    const made = await make(key, { email: null });
    expect((await take(key, made.id)).status).toBe(200);
    expect(await untilStarted(key, made.id, "failed")).toEqual({
      command: `${letters}.create`,
      state: "failed",
      reason: expect.stringContaining('"to_whom" is missing'),
    });
  });

  it("starts nothing for whoever may not run the command any more", async () => {
    const key = await deliveries({ ...flowOf({ command: "blueprint.list", args: {} }, { command: "role.list", args: {} }) });
    const made = await make(key);
    expect((await take(key, made.id)).status).toBe(200);
    await expect
      .poll(() => startedOf(key, made.id), { timeout: 10_000 })
      .toMatchObject([
        { command: "blueprint.list", state: "succeeded" },
        { command: "role.list", state: "failed", reason: expect.stringContaining("that you may run") },
      ]);
  });

  it("starts it for each of many that take it in one run, with the statement that writes them", async () => {
    const key = await deliveries();
    const made = [await make(key), await make(key), await make(key, { status: "DELIVERED" })];
    const plan = await ask(agent, "POST", `/commands/${key}.step-all/plans`, { args: { step: "deliver", where: "all" } });
    expect(plan.body.changes[0].text).toBe(`2 of 3 go to DELIVERED and start ${letters}.create`);
    const run = await agent.run(`${key}.step-all`, { step: "deliver", where: "all" });
    for (const { id } of made.slice(0, 2)) {
      await untilStarted(key, id, "succeeded");
      expect(await lettersAbout(id)).toHaveLength(1);
    }
    expect(await lettersAbout(made[2].id)).toEqual([]);
    const undone = await agent.run("run.undo", { run: run.id });
    expect(undone.messages[0]?.text).toContain("2 are as they were. What their steps started stays, and is not taken back.");
  });

  it("lets its run wait for who must agree, as any other run", async () => {
    const asking = await deliveries({
      field: "status",
      transitions: [{ key: "release", name: "Released", from: ["PENDING"], to: "SENT", approval: { by: "role:admin", quorum: 1 } }],
    });
    const other = await make(asking);
    const key = await deliveries(flowOf({ command: `${asking}.release`, args: { entityId: other.id } }));
    const made = await make(key);
    await take(key, made.id);
    const { run } = await untilStarted(key, made.id, "waiting");
    expect((await ask(agent, "GET", `${entities(asking)}/${other.id}`)).body.values.status).toBe("PENDING");
    await admin.run("run.approve", { run });
    await untilStarted(key, made.id, "succeeded");
    expect((await ask(agent, "GET", `${entities(asking)}/${other.id}`)).body.values.status).toBe("SENT");
  });

  it("that starts a step that starts a step ends, with a clear word", async () => {
    const key = await house.blueprintOf(fields);
    const turns = (start: object[]) => ({
      field: "status",
      transitions: [
        { key: "there", name: "There", from: ["PENDING"], to: "SENT", start: start.slice(0, 1) },
        { key: "back", name: "Back", from: ["SENT"], to: "PENDING", start: start.slice(1) },
      ],
    });
    const step = (name: string) => ({ command: `${key}.${name}`, args: { entityId: { field: "entityId" } } });
    await ask(admin, "PATCH", `/blueprints/${key}`, { flow: turns([]) });
    expect((await ask(admin, "PATCH", `/blueprints/${key}`, { flow: turns([step("back"), step("there")]) })).status).toBe(200);
    const made = await make(key);
    await take(key, made.id, "there");
    await expect.poll(async () => (await history(key, made.id)).length, { timeout: 10_000 }).toBe(3);
    const { run } = await untilStarted(key, made.id, "refused");
    const { error } = (await ask(agent, "GET", `/runs/${run}`)).body;
    expect(error).toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/^"Back" was started by a step that was started by a step: 3 after each other are the most/),
    });
    expect(await history(key, made.id)).toHaveLength(3);
  });
});

describe("what a step starts is checked when it is saved", () => {
  it.each([
    [{ command: "nothing.there", args: {} }, "command", 'There is no command "nothing.there" that you may run.'],
    [
      { command: "LETTERS.purge", args: { entityId: "x" } },
      "command",
      /can't be taken back, so it is confirmed by a person each time, not by a step/,
    ],
    [{ command: "key.create", args: {} }, "command", /asks who runs it to say again who they are, which a step can't/],
    [{ command: "LETTERS.create", args: { to_whom: { field: "email" }, gone: "x" } }, "args.gone", /takes no "gone"/],
    [{ command: "LETTERS.create", args: { text: "x" } }, "args", /needs "to_whom"/],
    [{ command: "LETTERS.create", args: { to_whom: { field: "gone" } } }, "args.to_whom", 'There is no field "gone".'],
    [
      { command: "LETTERS.create", args: { to_whom: { field: "email" }, parcels: { field: "email" } } },
      "args.parcels",
      '"parcels" takes a whole number; "E-mail" is a email.',
    ],
    [
      { command: "LETTERS.create", args: { to_whom: { field: "email" }, parcels: "many" } },
      "args.parcels",
      '"parcels" must be a whole number.',
    ],
  ])("%j", async (start, path, message) => {
    const key = await house.blueprintOf(fields);
    const named = { ...start, command: start.command.replace("LETTERS", letters) };
    const { status, body } = await ask(admin, "PATCH", `/blueprints/${key}`, { flow: flowOf(named) });
    expect([status, body.error.path, body.error.message]).toEqual([
      422,
      `flow.transitions.1.start.0.${path}`,
      typeof message === "string" ? message : expect.stringMatching(message),
    ]);
  });

  it("against the rights of who saves it; what stood there before may stay", async () => {
    const key = await deliveries(flowOf(telling(), { command: "role.list", args: {} }));
    const maker = await house.product.agent("agent2@demo.example");
    const permissions = "conversations.read, commands.run, entities.read, entities.change, blueprints.manage";
    await admin.run("role.create", { key: "maker", name: "Maker", permissions });
    await admin.run("role.grant", { email: maker.email, role: "maker" });
    const other = { ...flowOf(telling(), { command: "role.list", args: {} }), states: ["PENDING", "SENT", "DELIVERED"] };
    expect((await ask(maker, "PATCH", `/blueprints/${key}`, { name: "Parcel", flow: other })).status).toBe(200);
    await maker.run("blueprint.change-field", { blueprint: key, key: "email", newKey: "mail" });
    const { flow } = (await ask(maker, "GET", `/blueprints/${key}`)).body;
    // What it writes first may be what it hands on, with the rights of who takes it.
    const written = flow.transitions.map((step: { start?: object }) =>
      step.start === undefined ? step : { ...step, set: { mail: "me@example.com" } },
    );
    const changed = await ask(maker, "PATCH", `/blueprints/${key}`, { flow: { ...flow, transitions: written } });
    expect([changed.status, changed.body.error.path]).toEqual([422, "flow.transitions.1.start.1.command"]);
    await admin.run("blueprint.change-field", { blueprint: key, key: "mail", newKey: "email" });
    const more = await ask(maker, "PATCH", `/blueprints/${key}`, {
      flow: flowOf(telling(), { command: "role.show", args: { role: "maker" } }),
    });
    expect([more.status, more.body.error.path]).toEqual([422, "flow.transitions.1.start.1.command"]);
  });

  it("follows fields that are called otherwise, and is said in lines", async () => {
    const key = await deliveries();
    await admin.run("blueprint.change-field", { blueprint: key, key: "email", newKey: "mail" });
    const { flow } = (await ask(admin, "GET", `/blueprints/${key}`)).body;
    expect(flow.transitions[1].start[0].args.to_whom).toEqual({ field: "mail" });
    await admin.run("blueprint.add-transition", {
      ...{ blueprint: key, key: "again", from: "DELIVERED", to: "DELIVERED", where: "parcels>=1" },
      start: [{ command: `${letters}.create`, args: { to_whom: { field: "mail" }, about: { field: "entityId" } } }],
    });
    const shown = await admin.run("blueprint.show", { blueprint: key });
    const guards = (await ask(admin, "GET", `/blueprints/${key}`)).body.flow.transitions.map(({ guard }: { guard?: object }) => guard);
    expect(guards).toEqual([undefined, undefined, { parcels: { gte: 1 } }]);
    expect(JSON.stringify(shown.messages)).toContain(`Again: DELIVERED to DELIVERED, starts ${letters}.create`);
    const made = (await ask(agent, "POST", entities(key), { values: { mail: "rui@example.com", status: "DELIVERED", parcels: 1 } })).body;
    // A step that changes nothing else starts it all the same, each time.
    for (const version of [2, 3]) {
      expect((await take(key, made.id, "again")).body.version).toBe(version);
      await untilStarted(key, made.id, "succeeded");
    }
    expect(await lettersAbout(made.id)).toHaveLength(2);
  });
});

describe("somebody who sees some fields only", () => {
  it("takes no step that hands on what they don't see, and isn't told of it, whoever took it and whoever takes it back", async () => {
    const cost = { command: `${letters}.create`, args: { to_whom: { field: "email" }, text: { field: "cost" } } };
    const notes = await house.blueprintOf([{ key: "about", name: "About", type: "text" }], "Line");
    const key = await deliveries(flowOf(cost, { command: `${notes}.create`, args: { about: { field: "entityId" } } }));
    const made = await make(key, { cost: "12.50" });
    const limited = await house.product.agent("agent2@demo.example");
    const before = await make(key, { cost: "1.50" });
    const theirs = await limited.run(`${key}.deliver`, { entityId: before.id });
    const permissions = "conversations.read, commands.run, entities.read, entities.change";
    const seen = ["id", "email", "status", "parcels"];
    const limits = { [key]: { read: seen, write: ["email"] } };
    await admin.run("role.create", { key: "without-cost", name: "Without cost", permissions, blueprints: key, limits });
    await admin.run("role.grant", { email: limited.email, role: "without-cost" });
    for (const role of ["agent", "maker"]) await admin.run("role.revoke", { email: limited.email, role }).catch(() => undefined);
    expect((await ask(limited, "GET", `/blueprints/${key}`)).body.flow.transitions[1].start).toMatchObject([
      { command: `${notes}.create` },
    ]);
    const refused = await take(key, made.id, "deliver", limited);
    expect([refused.status, refused.body.error.message]).toEqual([403, '"Delivered" starts a command with what you don\'t see.']);
    expect((await take(key, made.id)).status).toBe(200);
    const both = [{ state: "succeeded" }, { state: "succeeded" }];
    await expect.poll(() => startedOf(key, made.id), { timeout: 10_000 }).toMatchObject(both);
    const [{ run }] = await startedOf(key, made.id);
    const [line] = await history(key, made.id, limited);
    expect([line.after.status, line.started]).toMatchObject(["DELIVERED", [{ command: `${notes}.create` }]]);
    expect(line.started).toHaveLength(1);
    expect((await ask(limited, "GET", `/runs/${run}`)).status).toBe(404);
    const planned = (await ask(limited, "POST", "/commands/run.undo/plans", { args: { run: theirs.id } })).body.changes;
    expect(planned.filter(({ text }: { text: string }) => text.includes("started"))).toEqual([
      { text: `What it started stays: ${notes}.create is not taken back` },
    ]);
    const undone = await limited.run("run.undo", { run: theirs.id });
    expect(undone.messages[0]?.text).toMatch(new RegExp(`What was started by it stays: ${notes}.create\\.$`));
  });
});
