import { afterAll, describe, expect, it } from "vitest";
import { entities } from "./entityHouse.ts";
import { fields, flowOf, openStartHouse } from "./startHouse.ts";

const house = await openStartHouse();
const { admin, agent, ask, deliveries, history, letters, lettersAbout, make, startedOf, take, telling, untilStarted } = house;
afterAll(() => house.product.stop());

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
      '"parcels" takes the type integer; "E-mail" is of the type email.',
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
