import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withChanges } from "../../src/client/withChanges.ts";
import type { Agent } from "../fixtures/product.ts";
import { describeWithChromium } from "../fixtures/services.ts";
import { type ChatUnderTest, type CommandPlace, type PlaceUnderTest, sees } from "./chatUnderTest.ts";
import { deskUnderTest } from "./deskUnderTest.ts";
import { linkThere } from "./linkThere.ts";
import { mailAsChat } from "./mailAsChat.ts";
import { refusedByMail } from "./refusedByMail.ts";
import { makeDeliveries, runByLine } from "./runByLine.ts";
import { slackUnderTest } from "./slackUnderTest.ts";
import { teamsUnderTest } from "./teamsUnderTest.ts";
import { websiteUnderTest } from "./websiteUnderTest.ts";

const chats: [name: string, open: () => Promise<ChatUnderTest>][] = [
  ["slack", slackUnderTest],
  ["teams", teamsUnderTest],
];

const commanding = "a command is asked for with its form, planned, approved by another where they are, done, told to both, and taken back";
const asking = "a question becomes a conversation, is answered from the desk in the agent's name, and is rated at its end";

/** What every chat service does (C7, C8, C10). "No Teams for agents": one contract suite runs on both. */
describe.each(chats)("in %s", (_, open) => {
  let chat: ChatUnderTest;
  let admin: Agent;
  let agent: Agent;
  let ada: string;
  let boss: string;
  beforeAll(async () => {
    chat = await open();
    [ada, boss] = chat.people;
    [admin, agent] = [await chat.product.agent("admin@demo.example"), await chat.product.agent()];
    await makeDeliveries(chat.product, admin);
  });
  afterAll(() => chat.close());

  it("nobody runs anything before both sides said that they are one person; then they are, with their rights", async () => {
    await chat.write(ada, "/agent list");
    await sees(chat, ada, "not linked");
    await linkThere(chat, ada, agent);
    await linkThere(chat, boss, admin);
    await chat.write(ada, "help");
    expect((await sees(chat, ada, /You may run \d+ commands/)).text).toContain("deliveries.start");
    const listed = await agent.run("me.links");
    expect(listed.data).toMatchObject({ links: [{ name: expect.any(String) }] });
  });

  it(commanding, () => runByLine(chat));

  it(asking, () => ask(chat, "the assistant first"));

  it("what is edited, deleted and reacted to there is so at the desk, and what agents do at the desk is so there", async () => {
    await chat.write(ada, "The door is stuck.");
    await sees(chat, ada, "no answer to that yet");
    await chat.write(ada, "person");
    const { acrossTenants } = chat.product.database;
    const talk = async () =>
      (await acrossTenants.query<{ id: string; open: boolean }>("select id from conversation where controller = 'queue' and open"))[0]?.id;
    await expect.poll(talk, { timeout: 10_000 }).toBeDefined();
    const conversation = (await talk()) ?? "";
    await admin.run("conversation.take", { conversation });
    const desk = await admin.desk();
    const watched = await desk.watch(`conversation:${conversation}`);
    const shown = (text: string) => withChanges(watched.messages()).find((message) => message.text.includes(text));

    await chat.edit(ada, "The door is stuck.", "The window is stuck.");
    await expect.poll(() => shown("The window is stuck.")?.changedAt, { timeout: 10_000 }).toEqual(expect.any(String));
    expect(shown("The door is stuck.")).toBeUndefined();
    const theirs = shown("The window is stuck.")?.seq ?? 0;
    const { seq } = Object(await desk.say(conversation, "Which one?"));
    await sees(chat, ada, "Which one?");
    await chat.react(ada, "Which one?", true);
    await expect.poll(() => shown("Which one?")?.reactions, { timeout: 10_000 }).toMatchObject([{ emoji: "👍" }]);

    await admin.run("conversation.edit-message", { conversation, seq, text: "Which window?" });
    await sees(chat, ada, "Which window?");
    expect(chat.seen(ada).some(({ text }) => text.includes("Which one?"))).toBe(false);
    await admin.run("conversation.react", { conversation, seq: theirs, emoji: "🎉" });
    await expect.poll(() => chat.reactions(ada, "The window is stuck.") ?? ["tada"], { timeout: 10_000 }).toEqual(["tada"]);
    await admin.run("conversation.react", { conversation, seq: theirs, emoji: "🎉", on: false });
    await expect.poll(() => chat.reactions(ada, "The window is stuck.") ?? [], { timeout: 10_000 }).toEqual([]);
    await admin.run("conversation.delete-message", { conversation, seq });
    await expect.poll(() => chat.seen(ada).filter(({ text }) => text.includes("Which window?")), { timeout: 10_000 }).toEqual([]);

    await chat.remove(ada, "The window is stuck.");
    await expect
      .poll(() => withChanges(watched.messages()).find((message) => message.seq === theirs)?.deleted, { timeout: 10_000 })
      .toBeDefined();
    expect(
      JSON.stringify(await acrossTenants.query("select text, blocks from message where conversation_id = $1", [conversation])),
    ).not.toMatch(/stuck|Which/);
    expect(await acrossTenants.query("select what from channel_out where state in ('refused', 'unknown')")).toEqual([]);
    await admin.run("conversation.close", { conversation });
    await desk.close();
  });

  it("what is said has its 200 while everything else waits for the database", async () => {
    await chat.write(boss, "Is it still slow?");
    const { forTenant } = chat.product.database;
    const sleep = () => forTenant(chat.product.tenant).query("select pg_sleep(4), $1::text");
    let areAwake = false;
    // Some of them wait for a connection themselves, and are told that there is none.
    const sleeping = Promise.allSettled(Array.from({ length: 10 }, sleep)).then(() => {
      areAwake = true;
    });
    await chat.write(boss, "It is.");
    expect(areAwake).toBe(false);
    await sleeping;
  });
});

/** On the website it is the desk where who they are is known, in the pages that they use. */
describeWithChromium("at the desk", () => {
  let desk: CommandPlace;
  beforeAll(async () => {
    desk = await deskUnderTest();
    await makeDeliveries(desk.product, await desk.product.agent("admin@demo.example"));
  }, 60_000);
  afterAll(() => desk?.close());

  it(commanding, () => runByLine(desk));
});

/** A From is anybody's to write (decision 127). */
describe("by mail from who has an account", () => {
  let mail: PlaceUnderTest;
  beforeAll(async () => {
    mail = await mailAsChat(["agent1@demo.example", "admin@demo.example"]);
    await makeDeliveries(mail.product, await mail.product.agent("admin@demo.example"));
  });
  afterAll(() => mail?.close());

  it("a command isn't run, and what waits for an approval is told with the way to the desk", () => refusedByMail(mail));
});

/** Where who asks has no account anywhere. */
const others: [name: string, open: () => Promise<PlaceUnderTest>][] = [
  ["on the website", websiteUnderTest],
  ["by mail", mailAsChat],
];

describe.each(others)("%s", (surface, open) => {
  let chat: PlaceUnderTest;
  beforeAll(async () => {
    chat = await open();
  });
  afterAll(() => chat?.close());

  it(asking, () => ask(chat, surface === "by mail" ? "people alone" : "the assistant first"));
});

/** Question, person, answer and rating: the same wherever somebody asks. By mail nobody but people answers (decision 127). */
async function ask(chat: PlaceUnderTest, answers: "the assistant first" | "people alone"): Promise<void> {
  const [ada] = chat.people;
  const admin = await chat.product.agent("admin@demo.example");
  await chat.write(ada, "My screen stays dark, who can help?");
  if (answers === "the assistant first") {
    await sees(chat, ada, "no answer to that yet");
    await chat.write(ada, "person");
    await sees(chat, ada, /in line for a person/);
  }
  const sql = chat.product.database.acrossTenants;
  const [found] = await sql.query<{ id: string; controller: string }>(
    "select id, controller from conversation where last_seq > 0 order by created_at desc limit 1",
  );
  expect(found?.controller).toBe("queue");
  const conversation = found?.id ?? "";
  await admin.run("conversation.take", { conversation });
  const desk = await admin.desk();
  await desk.say(conversation, "Is the cable in?");
  const answer = await sees(chat, ada, "Is the cable in?");
  expect(`${answer.author}: ${answer.text}`).toContain(admin.name);
  await chat.write(ada, "Now it is, thank you!");
  const watched = await desk.watch(`conversation:${conversation}`);
  await expect.poll(() => watched.messages().map(({ text }) => text), { timeout: 10_000 }).toContain("Now it is, thank you!");
  await admin.run("conversation.close", { conversation });
  expect((await sees(chat, ada, /How was /)).buttons).toEqual(["1", "2", "3", "4", "5"]);
  await chat.press(ada, "5");
  await expect.poll(() => sql.query("select score from rating where conversation_id = $1", [conversation])).toEqual([{ score: 5 }]);
  if (answers === "the assistant first") await sees(chat, ada, "Thank you: 5 of 5.");
  await desk.close();
}
