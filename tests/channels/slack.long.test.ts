import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { systemClock } from "../../src/platform/clock/clock.ts";
import { createAuthenticator } from "../fixtures/authenticator.ts";
import type { Agent } from "../fixtures/product.ts";
import { directOf } from "../fixtures/slackWorld.ts";
import { sees } from "./chatUnderTest.ts";
import { linkThere } from "./linkThere.ts";
import { slackUnderTest } from "./slackUnderTest.ts";

const [ada, boss, general] = ["U123ABC456", "U456DEF789", "C123ABC456"];
let chat: Awaited<ReturnType<typeof slackUnderTest>>;
let admin: Agent;
let agent: Agent;
beforeAll(async () => {
  chat = await slackUnderTest();
  [admin, agent] = [await chat.product.agent("admin@demo.example"), await chat.product.agent()];
});
afterAll(() => chat.close());

it("two are linked", async () => {
  await linkThere(chat, ada, agent);
  await linkThere(chat, boss, admin);
});

const sql = (text: string, values: unknown[] = []) => chat.product.database.acrossTenants.query<Record<string, unknown>>(text, values);
const inGeneral = (user: string, thread?: string) => chat.slack.seen(user, general, thread);

describe("in a channel of Slack", () => {
  it("a slash command is answered to whoever wrote it alone, a mention in its thread for all", async () => {
    await chat.slack.command(ada, general, "reverse one two three");
    await expect
      .poll(() => inGeneral(ada).map(({ text }) => text), { timeout: 10_000 })
      .toContainEqual(expect.stringContaining("three two one"));
    expect(inGeneral(boss).map(({ text }) => text)).not.toContainEqual(expect.stringContaining("three two one"));
    const { ts } = await chat.slack.say(ada, general, "<@U0BOT> reverse four five six");
    await expect
      .poll(() => inGeneral(boss, ts).map(({ text }) => text), { timeout: 10_000 })
      .toContainEqual(expect.stringContaining("six five four"));
  });

  it("bad/4.3/scope what is for those who manage is refused where others read along", async () => {
    const { ts } = await chat.slack.say(boss, general, "<@U0BOT> /admin list");
    await expect
      .poll(() => inGeneral(boss, ts).map(({ text }) => text), { timeout: 10_000 })
      .toContainEqual(expect.stringContaining("write it to me alone"));
  });

  it("advisory 37 a display name equal to an admin's gives no right, and a guest of another workspace runs nothing", async () => {
    const vera = chat.slack.world.users.get("U0GUEST");
    if (vera !== undefined) vera.displayName = "Admin";
    await chat.slack.say("U0GUEST", general, "<@U0BOT> /agent list");
    await expect
      .poll(() => inGeneral("U0GUEST").map(({ text }) => text), { timeout: 10_000 })
      .toContainEqual(expect.stringContaining("another workspace"));
  });

  it('Agents show as "Bot", visitors as nicknames, or replies vanish: a thread is a conversation, its card names the contact, and what a team answers in its room carries the linked agent', async () => {
    await admin.run("channel.room", { team: "support", room: general });
    const mine = directOf(chat.slack.world, ada).id;
    await chat.write(ada, "The printer burns.");
    await chat.write(ada, "person");
    const card = () => inGeneral(boss).findLast(({ text }) => text.includes("What you write in this thread goes to them."));
    await expect.poll(() => card()?.text, { timeout: 15_000 }).toMatch(/^Steve: Waits for/);
    const thread = card()?.ts ?? "";
    await expect
      .poll(() => inGeneral(boss, thread), { timeout: 10_000 })
      .toContainEqual(expect.objectContaining({ author: "Steve", text: expect.stringContaining("The printer burns.") }));
    await chat.slack.say(boss, general, "Please leave the room.", { thread });
    await expect
      .poll(() => chat.slack.seen(ada, mine).find(({ text }) => text.includes("Please leave the room."))?.author, { timeout: 10_000 })
      .toBe(admin.name);
    // It was said there already.
    expect(inGeneral(boss, thread).filter(({ text }) => text.includes("Please leave the room."))).toHaveLength(1);
    const { ts } = await chat.slack.say(ada, mine, "We are out.");
    await expect
      .poll(() => inGeneral(boss, thread).map(({ text }) => text), { timeout: 10_000 })
      .toContainEqual(expect.stringContaining("We are out."));
    await chat.slack.edit(ada, mine, ts, "We are all out.");
    await expect
      .poll(() => inGeneral(boss, thread).filter(({ text }) => /We are (all )?out\./.test(text)), { timeout: 10_000 })
      .toMatchObject([{ text: expect.stringContaining("We are all out."), edited: true }]);
    await expect.poll(() => card()?.text, { timeout: 10_000 }).toContain("answers");
    // A file that can't be taken is told to whoever sent it, and not to the contact.
    const bytes = Buffer.alloc(20 * 1024 * 1024 + 1);
    await chat.slack.say(boss, general, "Here is the plan.", { thread, file: { name: "plan.bin", bytes } });
    await expect
      .poll(() => inGeneral(boss, thread).map(({ text }) => text), { timeout: 10_000 })
      .toContainEqual(expect.stringMatching(/"plan.bin" could not be taken, and nothing was sent/));
    expect(chat.slack.seen(ada, mine).map(({ text }) => text)).not.toContainEqual(expect.stringContaining("Here is the plan."));
  });
});

describe("what only whoever asked may press", () => {
  it("in a channel, where others read along, is theirs: the choice and the rating", { timeout: 30_000 }, async () => {
    const { ts } = await chat.slack.say(ada, general, "<@U0BOT> My chair is broken");
    const conversationOf = async () =>
      (await sql("select conversation_id as id from message where text = 'My chair is broken'"))[0]?.["id"];
    await expect.poll(conversationOf, { timeout: 10_000 }).toBeDefined();
    const conversation = String(await conversationOf());
    await admin.run("conversation.take", { conversation });
    await admin.run("conversation.close", { conversation });
    const seen = (user: string) => inGeneral(user, ts);
    await expect.poll(() => seen(boss).flatMap(({ buttons }) => buttons.map(({ label }) => label)), { timeout: 10_000 }).toContain("5");
    await chat.slack.press(boss, general, "5");
    await expect
      .poll(() => seen(boss).map(({ text }) => text), { timeout: 10_000 })
      .toContainEqual(expect.stringContaining("Only whoever asked here"));
    await chat.slack.press(ada, general, "4");
    const rated = () => sql("select score from rating where conversation_id = $1", [conversation]);
    await expect.poll(rated, { timeout: 10_000 }).toEqual([{ score: 4 }]);
  });
});

describe("of Slack", () => {
  it("C7: what is run from the app's home by somebody whose place isn't known is answered where they are alone", async () => {
    await chat.slack.lookHome(ada);
    await expect.poll(() => chat.slack.home(ada)?.text, { timeout: 10_000 }).toMatch(/You may run \d+ commands/);
    await sql("update channel_person set place = null where user_id = $1", [ada]);
    await chat.slack.press(ada, "home", "reverse");
    await expect.poll(() => chat.slack.modal(ada)?.title, { timeout: 5000 }).toBe("reverse");
    expect(await chat.slack.fill(ada, { text: "no way home" })).toEqual({});
    await sees(chat, ada, "home way no");
  });

  it("what breaks inside while a file is kept is told to nobody there, and tried again with what was said", async () => {
    const owner = new pg.Client(chat.product.databaseUrl);
    await owner.connect();
    await owner.query("alter table file add constraint no_map check (name <> 'map.txt') not valid");
    await chat.slack.say(ada, directOf(chat.slack.world, ada).id, "Here is the map.", {
      file: { name: "map.txt", bytes: Buffer.from("x") },
    });
    const job = "kind = 'channel.event' and data->'event'->>'text' = 'Here is the map.'";
    await expect
      .poll(() => sql(`select state from job where ${job} and attempts > 0 and state = 'later'`), { timeout: 10_000 })
      .toHaveLength(1);
    await owner.query("alter table file drop constraint no_map");
    await owner.end();
    await sql(`update job set due_at = now() where ${job}`);
    const said = () => sql("select text, jsonb_array_length(blocks) as files from message where text like 'Here is the map.%'");
    await expect.poll(said, { timeout: 10_000 }).toEqual([{ text: "Here is the map.\n[map.txt]", files: 1 }]);
  });

  it("what was said and can't be done in eight tries is told as that to whoever said it", async () => {
    const owner = new pg.Client(chat.product.databaseUrl);
    await owner.connect();
    await owner.query("alter table message add constraint no_poison check (text <> 'Poison') not valid");
    await chat.write(ada, "Poison");
    const job = "kind = 'channel.event' and data->'event'->>'text' = 'Poison'";
    await expect
      .poll(() => sql(`select state from job where ${job} and attempts > 0 and state = 'later'`), { timeout: 10_000 })
      .toHaveLength(1);
    await sql(`update job set attempts = 7, due_at = now() where ${job}`);
    await sees(chat, ada, "Something went wrong on our side");
    await owner.query("alter table message drop constraint no_poison");
    await owner.end();
  });

  it("what goes wrong each time by a fault of ours holds up what stands behind it for three tries, and not for ever", async () => {
    chat.slack.fail("chat.postMessage", { status: 429, retryAfter: 3 });
    await chat.write(ada, "/reverse one fault");
    const waiting = () => sql("select id from channel_out where state = 'waiting' and what->'drawing'->>'text' = 'fault one'");
    await expect.poll(waiting, { timeout: 10_000 }).toHaveLength(1);
    await chat.write(ada, "/reverse behind it");
    // As a process of another version might have left it.
    await sql(
      `update channel_out set attempts = 2, what = jsonb_set(what, '{drawing}', 'null') where what->'drawing'->>'text' = 'fault one'`,
    );
    await sees(chat, ada, "it behind");
    expect(await sql("select state from channel_out where what->'drawing' = 'null'")).toEqual([{ state: "unknown" }]);
  });

  it("faults 39 the same event four times, and late, is said once", async () => {
    const [before] = await sql("select count(*)::int as count from message");
    const event = {
      type: "event_callback",
      team_id: chat.slack.world.team.id,
      api_app_id: chat.slack.world.app.appId,
      event_id: `Ev${randomUUID()}`,
      event_time: Math.floor(Date.now() / 1000) - 3600,
      event: {
        type: "message",
        user: ada,
        text: "Is anybody there?",
        channel: directOf(chat.slack.world, ada).id,
        channel_type: "im",
        ts: chat.slack.world.nextTs(),
        team: chat.slack.world.team.id,
      },
    };
    const answers = [];
    for (let time = 0; time < 4; time++) answers.push(await chat.slack.send("events", event));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const count = async () => (await sql("select count(*)::int as count from message where text = 'Is anybody there?'"))[0];
    await expect.poll(count, { timeout: 10_000 }).toEqual({ count: 1 });
    expect(Number(before?.["count"])).toBeGreaterThan(0);
  });

  it("faults 41 what it asks to wait for waits, and what may have been written is looked for before it is written again", {
    timeout: 45_000,
  }, async () => {
    const mine = directOf(chat.slack.world, ada).id;
    chat.slack.fail("chat.postMessage", { status: 429, retryAfter: 1 });
    await chat.write(ada, "/reverse seven eight");
    await sees(chat, ada, "eight seven");
    chat.slack.fail("chat.postMessage", { connection: "silent", done: true });
    await chat.write(ada, "/reverse nine eleven");
    await expect
      .poll(() => sql("select state from channel_out where what->'drawing'->>'text' = 'eleven nine'"), { timeout: 30_000 })
      .toEqual([{ state: "sent" }]);
    for (const said of ["eight seven", "eleven nine"])
      expect(chat.slack.seen(ada, mine).filter(({ text }) => text.includes(said))).toHaveLength(1);
  });

  it("what can't be taken back asks for the second factor, there, again, and nobody keeps the code", { timeout: 30_000 }, async () => {
    const post = (path: string, body?: object) =>
      fetch(`${chat.product.url}/api/v1/account/second-factor${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${admin.token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    await admin.run("tag.create", { name: "burnt" });
    await chat.write(boss, "/tag delete burnt");
    await sees(chat, boss, "nothing has happened yet");
    await chat.press(boss, "Run it");
    await sees(chat, boss, "Say again who you are");
    await chat.press(boss, "Say who I am");
    await expect.poll(() => chat.slack.modal(boss)?.inputs.map(({ name }) => name), { timeout: 5000 }).toEqual(["code"]);
    expect(await chat.fill(boss, { code: "123456" })).toEqual({ code: expect.stringContaining("needs a second factor") });
    const { secret } = z.object({ secret: z.string() }).parse(await (await post("")).json());
    const authenticator = createAuthenticator(secret, systemClock);
    expect((await post("/confirm", { code: authenticator.code() })).status).toBe(200);
    // As if a step had passed.
    await sql("update second_factor set last_step = last_step - 1");
    const code = authenticator.code();
    expect(await chat.fill(boss, { code: code === "123456" ? "654321" : "123456" })).toEqual({
      code: expect.stringContaining("not right"),
    });
    expect(await chat.fill(boss, { code })).toEqual({});
    await expect.poll(() => sql("select name from tag where name = 'burnt'"), { timeout: 10_000 }).toEqual([]);
    expect(await sql("select id from job where data::text like '%' || $1 || '%'", [code])).toEqual([]);
  });

  it("bad/4.2/uninstalled a token that was withdrawn marks the workspace, and its admin is told", async () => {
    chat.slack.world.revoked.set(chat.slack.world.bot.token, "token_revoked");
    await chat.write(ada, "/reverse nine ten");
    const state = async () => Object(Object((await admin.run("channel.list")).data).workspaces?.[0]);
    await expect.poll(async () => (await state()).state, { timeout: 10_000 }).toBe("broken");
    await expect
      .poll(() => sql("select recipient from mail_out where mail->>'subject' like '%not connected any more%'"), { timeout: 10_000 })
      .not.toHaveLength(0);
    chat.slack.world.revoked.clear();
    expect((await admin.run("channel.test")).data).toMatchObject({ works: true });
    // What waited is said.
    await sees(chat, ada, "ten nine");
  });
});
