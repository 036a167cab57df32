import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeskClient } from "../fixtures/deskClient.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let one: Agent;
let two: Agent;
let admin: Agent;
let desks: DeskClient[];
beforeAll(async () => {
  product = await openProduct();
  one = await product.agent("agent1@demo.example");
  two = await product.agent("agent2@demo.example");
  admin = await product.agent("admin@demo.example");
  desks = [await one.desk(), await two.desk()];
});
afterAll(() => product.stop());

/** A visitor in line. */
async function inLine(words = "person") {
  const visit = await product.visit();
  await visit.page.say(words);
  await visit.page.until("state", ({ controller }) => controller === "queue");
  return visit;
}

const inboxOf = async (which: 0 | 1) => {
  const desk = desks[which];
  if (desk === undefined) throw new Error("no desk");
  return await desk.watch("inbox");
};

describe("who waits while nobody is there", () => {
  it("is offered to the first who comes online, accepted, and told so; the wallboard counts it", async () => {
    const { page, conversation } = await inLine();
    const inbox = await inboxOf(0);
    const wallboard = await desks[0]?.watch("wallboard");
    await wallboard?.until(({ items }) => JSON.stringify(items.get("support")).includes('"waiting":1'));
    const beganAt = performance.now();
    await one.run("me.online");
    await inbox.until(({ items }) => JSON.stringify(items.get(conversation)).includes('"kind":"assignment"'));
    expect(performance.now() - beganAt).toBeLessThan(3000);
    await one.run("conversation.accept", { conversation });
    await page.until("state", ({ agent }) => agent?.name === "Agent One");
    await wallboard?.until(({ items }) => JSON.stringify(items.get("support")).includes('"assignedToday":1'));
    expect(wallboard?.items.get("support")).toMatchObject({ name: "Support", agents: { online: 1, offline: 1 }, holding: 1, capacity: 5 });
    await one.run("conversation.close", { conversation });
    await one.run("me.offline");
    await page.close();
  });
});

describe("a team", () => {
  it("is made by an admin, asked for by name, and has a queue of its own", async () => {
    expect(await one.refused("team.create", { key: "billing", name: "Billing" })).toMatchObject({ code: "unknown_command" });
    await admin.run("team.create", { key: "billing", name: "Billing people", offerSeconds: 20 });
    await admin.run("team.add", { team: "billing", email: "agent2@demo.example" });
    const { page, conversation } = await inLine("person billing people");
    const { data } = await one.run("queue.list", { team: "billing" });
    expect(data).toMatchObject({ queues: [{ team: "billing", length: 1, waiting: [{ position: 1, conversation, offeredTo: null }] }] });
    expect(await admin.refused("team.update", { key: "billing", active: false })).toMatchObject({
      code: "conflict",
      path: "args.active",
      message: expect.stringMatching(/1 conversation waits for it/),
    });
    expect((await one.run("conversation.why", { conversation })).messages[0]?.text).toMatch(
      /Waits for billing at position 1; not Agent Two \(offline\)\.$/,
    );
    await page.say("leave");
    await page.until("state", ({ controller }) => controller === "bot");
    expect((await page.answerTo(await page.say("person nobody"))).text).toMatch(
      /no team "nobody" here; "Billing people, Sales, Support" is/,
    );
    await admin.run("team.update", { key: "billing", active: false });
    await page.close();
  });

  it.each<[string, object, string, RegExp]>([
    ["team.create", { key: "Two Words", name: "x" }, "args.key", /small letters/],
    ["team.create", { key: "queue", name: "x" }, "args.key", /means something else/],
    ["team.create", { key: "support", name: "x" }, "args.key", /already/],
    ["team.create", { key: "x", name: "x", offerSeconds: 4 }, "args.offerSeconds", /5 or more/],
    ["team.create", { key: "x", name: " " }, "args.name", /a name/],
    ["team.update", { key: "support", name: " " }, "args.name", /a name/],
    ["team.update", { key: "nowhere", name: "x" }, "args.key", /no team "nowhere"/],
    ["team.add", { team: "nowhere", email: "agent1@demo.example" }, "args.team", /no team/],
    ["team.add", { team: "support", email: "nobody@demo.example" }, "args.email", /no active colleague/],
    ["team.remove", { team: "sales", email: "agent2@demo.example" }, "args.team", /does not belong/],
    ["agent.profile", { email: "agent1@demo.example", capacity: -1 }, "args.capacity", /0 or more/],
    ["agent.profile", { email: "agent1@demo.example", languages: "de, english" }, "args.languages", /"english" is not one/],
    ["agent.profile", { email: "agent1@demo.example", channels: "mail" }, "args.channels", /website:3/],
    ["queue.list", { team: "nowhere" }, "args.team", /no team/],
  ])("%s %j is refused at %s", async (command, args, path, message) => {
    expect(await admin.refused(command, args)).toMatchObject({ code: "invalid_value", path, message: expect.stringMatching(message) });
  });

  it("is not closed while an inbox or a service level needs it", async () => {
    const close = (key: string) => admin.refused("team.update", { key, active: false });
    expect(await close("support")).toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/the inbox Website brings people to it/),
    });
    await admin.run("calendar.create", { key: "office", name: "Office", timeZone: "UTC", spans: "mon-fri 9:00-17:00" });
    await admin.run("service-level.set", { priority: "low", calendar: "office", firstAnswer: "30 min", moveTo: "sales" });
    expect(await close("sales")).toMatchObject({ code: "conflict", message: expect.stringMatching(/a service level escalates to it/) });
    await admin.run("service-level.delete", { priority: "low" });
  });

  it("knows what its members can take", async () => {
    const said = await admin.run("agent.profile", {
      email: "agent2@demo.example",
      capacity: 2,
      languages: "DE, en",
      skills: "returns",
      channels: "mail:1",
    });
    expect(said.messages[0]?.text).toBe("Agent Two: 2 at once (1 in mail); languages de, en; skills returns.");
    expect((await one.run("agent.list")).data).toMatchObject({
      agents: [
        { name: "Admin" },
        { name: "Agent One", capacity: 5 },
        { name: "Agent Two", capacity: 2, channels: { mail: 1 }, skills: ["returns"] },
      ],
    });
    const back = await admin.run("agent.profile", {
      email: "agent2@demo.example",
      capacity: 5,
      languages: "any",
      skills: "none",
      channels: "any",
    });
    expect(back.data).toMatchObject({ capacity: 5, languages: [], skills: [], channels: {} });
  });
});

describe("a conversation", () => {
  it("is given away only to who may have it, to a team in front, and taken over by who supervises", async () => {
    const { page, conversation } = await product.visit();
    await one.run("conversation.take", { conversation });
    const transfer = (to: string) => one.refused("conversation.transfer", { conversation, to });
    const foreign = await product.addTenant("foreign");
    for (const [to, message] of [
      ["agent1@demo.example", /to yourself/],
      ["agent2@demo.example", /Agent Two is offline/],
      [foreign.email, /no active colleague/],
      ["billing", /no active team/],
      ["nowhere", /no active team/],
    ] as const)
      expect(await transfer(to)).toMatchObject({ code: "invalid_value", path: "args.to", message: expect.stringMatching(message) });
    await one.run("conversation.transfer", { conversation, to: "Sales" });
    const sales = await one.run("queue.list", { team: "sales" });
    expect(sales.data).toMatchObject({ queues: [{ waiting: [{ conversation }] }] });
    await page.until("state", ({ position }) => position === 1);
    await two.run("conversation.take", { conversation });
    expect(await one.refused("conversation.take-over", { conversation })).toMatchObject({ code: "unknown_command" });
    await admin.run("conversation.take-over", { conversation });
    await page.until("state", ({ agent }) => agent?.name === "Admin");
    await page.close();
  });

  it("is watched by who supervises, who whispers to the agent what no visitor reads", async () => {
    const { page, conversation } = await product.visit();
    await page.say("my parcel is late");
    await one.run("conversation.take", { conversation });
    const [supervisor, agent] = await Promise.all([admin.desk(), one.desk()]);
    const [watched, answered] = await Promise.all([supervisor, agent].map((desk) => desk.watch(`conversation:${conversation}`)));
    await supervisor.note(conversation, "offer a refund");
    await answered?.until((topic) => topic.notes().some(({ text }) => text === "offer a refund"));
    await agent.say(conversation, "You get your money back");
    await watched?.until((topic) => topic.messages().some(({ text }) => text === "You get your money back"));
    await page.until("message", ({ text }) => text === "You get your money back");
    expect(JSON.stringify(page.shown())).not.toContain("offer a refund");
    await Promise.all([supervisor, agent, page].map((socket) => socket.close()));
  });

  it("goes by its priority, and asks for what it needs", async () => {
    const [first, second] = [await inLine(), await inLine()];
    await one.run("conversation.priority", { conversation: second.conversation, priority: "urgent" });
    await first.page.until("state", ({ position }) => position === 2);
    expect(await one.refused("conversation.priority", { conversation: second.conversation, priority: "now" })).toMatchObject({
      path: "args.priority",
    });
    await one.run("conversation.needs", { conversation: first.conversation, language: "fr", skills: "returns" });
    await two.run("me.online");
    const inbox = await inboxOf(1);
    await inbox.until(({ items }) => JSON.stringify(items.get(second.conversation)).includes('"kind":"assignment"'));
    const { data } = await one.run("conversation.why", { conversation: first.conversation });
    expect(data).toMatchObject({
      waiting: { position: 2, eligible: [], excluded: [{ rule: "offline" }, { rule: "skill", agents: ["Agent Two"] }] },
    });
    await two.run("me.offline");
    await inbox.until(({ items }) => JSON.stringify(items.get(second.conversation)).includes('"offer":null'));
    await Promise.all([first.page.close(), second.page.close()]);
  });

  it("of another tenant is as unknown as one that isn't there", async () => {
    const { conversation } = await product.visit();
    const stranger = await product.agent((await product.addTenant("strangers")).email);
    for (const [command, args] of [
      ["priority", { priority: "low" }],
      ["needs", { skills: "x" }],
      ["decline", {}],
      ["accept", {}],
      ["take", {}],
      ["why", {}],
      ["transfer", { to: "agent2@demo.example" }],
      ["transfer", { to: "queue" }],
    ] as const) {
      const { requestId: _, ...theirs } = await stranger.refused(`conversation.${command}`, { conversation, ...args });
      const { requestId: __, ...nobodys } = await stranger.refused(`conversation.${command}`, { conversation: randomUUID(), ...args });
      expect([command, { ...theirs, id: "" }]).toEqual([command, { ...nobodys, id: "" }]);
    }
  });
});
