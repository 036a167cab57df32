import { afterAll, describe, expect, it } from "vitest";
import { entities } from "./entityHouse.ts";
import { fields, flowOf, openStartHouse } from "./startHouse.ts";

const house = await openStartHouse();
const { admin, agent, ask, deliveries, history, letters, lettersAbout, make, startedOf, take, untilStarted } = house;
afterAll(() => house.product.stop());

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
