import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defineAutomation } from "../../automations/contract.ts";
import { hostAutomations } from "../../src/commands/automations/hostAutomations.ts";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import { deliveryFields } from "../entities/entityHouse.ts";
import type { Agent } from "../fixtures/product.ts";
import { pressed } from "../fixtures/slackPress.ts";
import { payloadOf } from "../fixtures/slackSends.ts";
import { directOf } from "../fixtures/slackWorld.ts";
import { bothUnderTest } from "./bothUnderTest.ts";
import { type ChatUnderTest, sees } from "./chatUnderTest.ts";
import { linkThere } from "./linkThere.ts";

/** What users of others complain about, in their words, and what happens here instead: in Slack and in Teams, of one tenant that has both. */
let both: Awaited<ReturnType<typeof bothUnderTest>>;
let admin: Agent;
let one: Agent;
let two: Agent;
/** Rows that were looked at, and what lets the next one go on. */
const looked: string[] = [];
let letGo = () => {};

const [ada, boss] = ["U123ABC456", "U456DEF789"];
const [ann, bob] = ["ann", "bob"];
const adminPeople = { slack: boss, teams: bob } as const;
const agentPeople = { slack: ada, teams: ann } as const;
const services = ["slack", "teams"] as const;

beforeAll(async () => {
  const bus = createInProcessBus();
  const common = { version: "1.0.0", audience: "staff", risk: "read" } as const;
  const id = { type: "object" as const, properties: { id: { type: "string" } }, required: ["id"] };
  const look = defineAutomation({
    ...common,
    name: "look",
    summary: "Looks.",
    args: id,
    answer: async ({ args }) => {
      looked.push(String(args["id"]));
      if (String(args["id"]).startsWith("slow"))
        await new Promise<void>((resolve) => {
          letGo = resolve;
        });
      return { messages: [{ text: `looked at ${args["id"]}` }] };
    },
  });
  const many = Array.from({ length: 500 }, (_, number) =>
    defineAutomation({ ...common, name: `z-${number}`, summary: `Asks ${number}.`, args: id, answer: async () => ({ messages: [] }) }),
  );
  await hostAutomations(bus, [look, ...many]);
  both = await bothUnderTest({ bus });
  [admin, one, two] = [
    await both.product.agent("admin@demo.example"),
    await both.product.agent(),
    await both.product.agent("agent2@demo.example"),
  ];
  const flow = {
    field: "status",
    states: ["PENDING", "IN_PROGRESS", "DELIVERED"],
    transitions: [
      { key: "start", name: "Started", from: ["PENDING"], to: "IN_PROGRESS", set: {}, approval: { by: "role:agent", quorum: 2 } },
    ],
  };
  expect((await ask("/blueprints", { key: "deliveries", name: "Delivery", fields: deliveryFields, flow })).status).toBe(201);
  const steps = [{ command: "look", each: "{{ids}}", args: { id: "{{row}}" } }];
  const parameters = [{ name: "ids", type: "text", list: true, required: true }];
  const walk = { name: "walk", kind: "sequence", summary: "Looks at many.", parameters, sequence: { steps } };
  expect((await ask("/operations", walk)).status).toBe(201);
  await ask("/operations/walk/publish", {});
  await admin.run("operation.share", { name: "walk", roles: "agent" });
}, 60_000);
afterAll(() => both?.close());

const ask = (path: string, body: object) =>
  fetch(`${both.product.url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${admin.token}`, "idempotency-key": randomUUID() },
    body: JSON.stringify(body),
  });

/** The service tells the same event once more, as it does where it believes that nobody heard it: status and milliseconds of each answer. */
async function sayThrice(service: (typeof services)[number], person: string, text: string): Promise<{ status: number; ms: number }[]> {
  const { slack } = both.slack;
  const { teams } = both.teams;
  const event = payloadOf("message", {
    event_id: `Ev${randomUUID()}`,
    event: { user: person, text, channel: directOf(slack.world, person).id, channel_type: "im", ts: slack.world.nextTs() },
  });
  const activity = service === "slack" ? {} : teams.shape("message", person, "personal", { text, entities: [] });
  const answers = [];
  for (let time = 0; time < 3; time++) {
    const begun = Date.now();
    const { status } = service === "slack" ? await slack.send("events", event) : await teams.send(activity);
    answers.push({ status, ms: Date.now() - begun });
  }
  return answers;
}

const texts = (chat: ChatUnderTest, person: string) => chat.seen(person).map(({ text }) => text);

it("two are linked in Slack, and two in Teams", async () => {
  await linkThere(both.slack, ada, one);
  await linkThere(both.teams, ann, two);
  await linkThere(both.slack, boss, admin);
  await linkThere(both.teams, bob, admin);
});

describe.each(services)("in %s", (service) => {
  let chat: ChatUnderTest;
  const [person, manager] = [agentPeople[service], adminPeople[service]];
  beforeAll(() => {
    chat = both[service];
  });

  it("Slow work makes the service repeat, and answers are doubled: acknowledged within 1 s, one event thrice gives one answer, and its progress is edited in place", async () => {
    looked.length = 0;
    const rows = [...Array.from({ length: 15 }, (_, number) => `slow-${number}`), "last"];
    const answers = await sayThrice(service, person, `/walk ids:${JSON.stringify(rows)}`);
    expect(answers).toMatchObject([{ status: 200 }, { status: 200 }, { status: 200 }]);
    for (const { ms } of answers) expect(ms).toBeLessThan(1000);
    await sees(chat, person, /walk is running/);
    expect(looked).toEqual(["slow-0"]);
    const before = texts(chat, person).length;
    const goOn = (text: RegExp) => {
      letGo();
      return texts(chat, person).filter((seen) => text.test(seen)).length;
    };
    // A process hears of a workspace that was connected elsewhere within 5 s.
    await expect
      .poll(() => goOn(/walk is running: .*look \(\d+ of 16\)/) && goOn(/\([1-9]\d* of 16\)/), { interval: 700, timeout: 9000 })
      .toBe(1);
    await expect.poll(() => goOn(/looked at last/), { timeout: 10_000 }).toBe(1);
    expect(looked).toEqual(rows);
    expect(texts(chat, person)).toHaveLength(before);
    expect(texts(chat, person).filter((text) => text.includes("walk is running"))).toEqual([]);
  });

  it("Modals fail since work comes before opening: the form is open within 1 s, of 500 commands and more", async () => {
    await chat.write(person, "help");
    expect((await sees(chat, person, /You may run \d+ commands/)).text).toMatch(/You may run 6\d\d commands/);
    await chat.write(person, "/z-499");
    await sees(chat, person, /"z-499":/);
    const begun = Date.now();
    const opening = chat.press(person, "Fill in");
    const isOpen = () => (service === "slack" ? both.slack.slack.modal(person) : both.teams.teams.dialog(person))?.title !== undefined;
    await expect.poll(isOpen, { interval: 10, timeout: 3000 }).toBe(true);
    expect(Date.now() - begun).toBeLessThan(1000);
    await opening;
    await expect.poll(() => (service === "slack" ? both.slack.slack.modal(person) : both.teams.teams.dialog(person))?.title).toBe("z-499");
    expect(await chat.fill(person, { id: "x" })).toEqual({});
  });

  it("Everyone in the channel may run everything; help lists it all: help of two roles differs, and what it doesn't list is refused as what isn't there", async () => {
    const count = async (who: string) => {
      await chat.write(who, "help");
      return Number(/You may run (\d+)/.exec((await sees(chat, who, /You may run \d+ commands/)).text)?.[1]);
    };
    expect(await count(person)).toBeLessThan(await count(manager));
    await chat.write(person, "/channel.list");
    await sees(chat, person, 'There is no command "channel.list" that you may run.');
    await chat.write(manager, "/channel.list");
    await sees(chat, manager, /Example is live/);
  });

  it("The result never comes back, or as a raw dictionary: each run ends where it was asked, as table, card or text", async () => {
    await chat.write(person, "/look id:one");
    await sees(chat, person, "looked at one");
    await chat.write(person, '/deliveries.create deliver_from:Porto deliver_to:"Lyon by night"');
    await sees(chat, person, /DEL-\d+[\s\S]*Lyon by night|Lyon by night[\s\S]*DEL-\d+/);
    await chat.write(person, "/deliveries.list");
    await sees(chat, person, /Porto \| Lyon by night/);
    for (const text of texts(chat, person)) expect(text).not.toMatch(/\[object|\{"/);
  });
});

describe("in both", () => {
  it("Old cards stay clickable: one agrees in Slack and one in Teams, the decided card changes for all, and a late click is told who decided", async () => {
    const [{ slack }, { teams }] = [both.slack, both.teams];
    const made = await admin.run("deliveries.create", { deliver_from: "Oslo", deliver_to: "Bergen" });
    const [id = ""] = /DEL-\d+/.exec(JSON.stringify(made)) ?? [];
    await both.slack.write(boss, `/deliveries.start ${id}`);
    await sees(both.slack, boss, "nothing has happened yet");
    await both.slack.press(boss, "Ask for it");
    await sees(both.slack, ada, /deliveries\.start, asked for by/);
    await sees(both.teams, ann, /deliveries\.start, asked for by/);
    // As they stand on a screen that nobody has looked at since.
    const direct = directOf(slack.world, ada);
    const old = { user: ada, channel: direct.id, label: "Approve", seen: structuredClone(direct.messages) };
    const card = teams.seen(ann, "personal").findLast(({ buttons }) => buttons.some(({ title }) => title === "Approve"));
    const button = card?.buttons.find(({ title }) => title === "Approve");

    await both.slack.press(ada, "Approve");
    await sees(both.teams, ann, /Agent One approved/);
    expect(texts(both.slack, boss).at(-1)).not.toContain("IN_PROGRESS");
    await both.teams.press(ann, "Approve");
    await sees(both.slack, boss, `${id} is IN_PROGRESS`);
    for (const [chat, person] of [
      [both.slack, ada],
      [both.teams, ann],
    ] as const)
      await expect.poll(() => chat.seen(person).filter(({ buttons }) => buttons.includes("Approve")), { timeout: 10_000 }).toEqual([]);

    const late = pressed(slack.world, { ...old, trigger: "late", respond: `${slack.apiUrl}late` });
    expect((await slack.send("interactions", late)).status).toBe(200);
    const told = /waits no more: Agent One approved it, Agent Two approved it/;
    await sees(both.slack, ada, told);
    const action = { type: "Action.Execute", title: "Approve", verb: button?.verb, data: button?.data };
    await teams.invoke(ann, "personal", "adaptiveCard/action", { action, trigger: "manual" }, { replyToId: card?.id });
    await sees(both.teams, ann, told);
  });

  it("C7: the app's home has what waits for one and what one may run, and a command is run from there", async () => {
    const { slack } = both.slack;
    await slack.lookHome(ada);
    await expect.poll(() => slack.home(ada)?.text, { timeout: 10_000 }).toMatch(/You may run 6\d\d commands/);
    await slack.press(ada, "home", "deliveries.create");
    await expect.poll(() => slack.modal(ada)?.title, { timeout: 5000 }).toBe("deliveries.create");
    expect(await slack.fill(ada, { deliver_from: "Home", deliver_to: "Nice" })).toEqual({});
    await sees(both.slack, ada, /Nice/);
  });

  it("C8: the message extension finds the entities and commands that one may see, and nothing for whoever isn't linked", async () => {
    const { teams } = both.teams;
    expect(JSON.stringify((await teams.look(ann, "personal", "walk")).body)).toContain("Looks at many.");
    expect(JSON.stringify((await teams.look(ann, "personal", "DEL-1")).body)).toContain("DEL-1");
    expect(JSON.stringify((await teams.look(ann, "personal", "channel.list")).body)).not.toContain("channel.list");
    expect(JSON.stringify((await teams.look("eve", "personal", "walk")).body)).not.toContain("Looks at many.");
  });
});
