import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ChatEvent } from "../../../src/channels/chatEvent.ts";
import { payloadOf, type SlackChange } from "../../fixtures/slackSends.ts";
import { openSlackHouse, type SlackHouse } from "./slackHouse.ts";

let house: SlackHouse;
let before = 0;
let original: SlackHouse["house"];
beforeAll(async () => {
  house = await openSlackHouse();
  original = { ...house.house };
});
afterAll(() => house.close());
afterEach(() => {
  before = house.heard.length;
  Object.assign(house.house, original);
  Object.assign(house.known, { app: true, workspace: true });
});

/** What this test had the house hear. */
const heard = (): ChatEvent[] => house.heard.slice(before);
const event = (name = "message", change: object = {}, sent?: SlackChange) =>
  house.slack.send("events", payloadOf(name, { event_id: `Ev${Math.random()}`, ...change }), sent);
const passedOver = () => house.logged.flatMap(({ fields }) => ("what" in fields ? [fields.what] : []));
const refusal = (status: number, code: string) => ({ status, body: { error: { code, message: expect.any(String) } } });

describe("4.2 what is heard", () => {
  it("a message, with its thread, files and mentions as words", async () => {
    const { ts } = await house.slack.say(
      "U123ABC456",
      "C123ABC456",
      "Is <@U456DEF789|admin> in <#C1|general>? &lt;b&gt; <https://a.example|a>",
    );
    await house.slack.say("U123ABC456", "C123ABC456", "a file", { thread: ts, file: { name: "a.txt", bytes: Buffer.from("hello") } });
    const [first, second] = heard();
    expect(first).toMatchObject({
      kind: "said",
      by: "message",
      text: "Is @admin in #general? <b> a (https://a.example)",
      place: { room: "C123ABC456", scope: "channel" },
      message: ts,
      at: new Date(Math.floor(Number(ts) * 1000)).toISOString(),
    });
    expect(second).toMatchObject({ place: { thread: ts }, files: [{ name: "a.txt", size: 5 }] });
    const [file] = second?.kind === "said" ? second.files : [];
    expect(String(await house.chat.fetchFile(house.installation, file?.url ?? "", 100))).toBe("hello");
  });

  it("a direct message", async () => {
    await house.slack.say("U123ABC456", "D123ABC456", "hello");
    expect(heard()).toMatchObject([{ by: "message", place: { room: "D123ABC456", scope: "personal" } }]);
  });

  it("a mention once, though Slack tells of it twice", async () => {
    const { answers } = await house.slack.say("U123ABC456", "C123ABC456", "<@U0BOT> late-orders region:north");
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(heard()).toMatchObject([{ kind: "said", by: "mention", text: "late-orders region:north" }]);
  });

  it("a command", async () => {
    expect(await house.slack.command("U123ABC456", "C123ABC456", "late-orders region:north")).toEqual({ status: 200, body: "" });
    expect(heard()).toMatchObject([
      { kind: "said", by: "command", text: "late-orders region:north", place: { room: "C123ABC456" }, opener: expect.any(String) },
    ]);
  });

  it("edits, deletes and reactions", async () => {
    const { ts } = await house.slack.say("U123ABC456", "C123ABC456", "helo");
    await house.slack.edit("U123ABC456", "C123ABC456", ts, "hello");
    await house.slack.react("U123ABC456", "C123ABC456", ts, "eyes");
    await house.slack.react("U123ABC456", "C123ABC456", ts, "eyes", false);
    await house.slack.remove("U123ABC456", "C123ABC456", ts);
    expect(heard().slice(1)).toMatchObject([
      { kind: "edited", message: ts, text: "hello", place: { room: "C123ABC456" } },
      { kind: "reacted", message: ts, emoji: "👀", on: true },
      { kind: "reacted", message: ts, emoji: "👀", on: false },
      { kind: "deleted", message: ts },
    ]);
  });

  it("an unfolded link is no edit, and what is left of a deleted message with answers is a deletion", async () => {
    await event("message.message_changed", { event: { message: { text: "Hello" } } });
    await event("message.message_changed", {
      event: { message: { subtype: "tombstone", user: "USLACK", text: "This message was deleted." } },
    });
    expect(heard()).toMatchObject([{ kind: "deleted", message: "1763800000.000100" }]);
  });

  it("a mention, of a bot whose id nobody told: Slack says it beside the event", async () => {
    house.house.installation = async () => ({ ...house.installation, botUser: "" });
    await event("app_mention");
    expect(heard()).toMatchObject([{ by: "mention", text: "help" }]);
  });

  it("who looks at the app's home, comes into a channel, or removes the app", async () => {
    await house.slack.lookHome("U123ABC456");
    await event("member_joined_channel");
    await event("member_joined_channel", { event: { user: "U0BOT" } });
    await event("app_uninstalled");
    await event("tokens_revoked");
    await event("tokens_revoked", { event: { tokens: { bot: [], oauth: ["U1"] } } });
    expect(heard().map(({ kind }) => kind)).toEqual(["lookedHome", "met", "removed", "removed"]);
  });

  it.each(["message.own_bot", "message.bot_message"])("%s is passed over: nobody answers themselves", async (name) => {
    expect((await event(name)).status).toBe(200);
    expect((await event("message", { event: { user: "U0BOT" } })).status).toBe(200);
    expect((await event("app_mention", { event: { user: "U0BOT", text: "<@U0BOT> help" } })).status).toBe(200);
    expect((await event("reaction_added", { event: { user: "U0BOT" } })).status).toBe(200);
    expect((await event("message.message_changed", { event: { message: { user: "U0BOT", bot_id: "B0BOT" } } })).status).toBe(200);
    expect((await event("message.message_deleted", { event: { previous_message: { bot_id: "B0OTHER" } } })).status).toBe(200);
    expect(heard()).toEqual([]);
  });

  it("an unknown event type has 200, is ignored and counted", async () => {
    const already = passedOver().filter((what) => what === "star_added").length;
    expect((await event("message", { event: { type: "star_added" } })).status).toBe(200);
    expect((await event("message", { event: { subtype: "channel_topic" } })).status).toBe(200);
    expect((await event("message", { event: { ts: 17, text: { no: "text" } } })).status).toBe(200);
    expect(heard()).toEqual([]);
    expect(passedOver().filter((what) => what === "star_added")).toHaveLength(already + 1);
    expect(passedOver()).toEqual(expect.arrayContaining(["message.channel_topic", "message of another shape"]));
  });

  it("40,000 characters and 100 blocks", async () => {
    const blocks = Array.from({ length: 100 }, () => ({ type: "divider" }));
    expect((await event("message", { event: { text: "word ".repeat(8000), blocks } })).status).toBe(200);
    expect(heard()).toMatchObject([{ text: "word ".repeat(8000).trim() }]);
  });

  it("user of another workspace: a Slack Connect guest is one of their own workspace", async () => {
    await event("message.connect");
    await event("message.connect", { event: { user_team: undefined, source_team: undefined, team: undefined } });
    await event("reaction_added", { is_ext_shared_channel: true });
    expect(heard()).toMatchObject([{ person: { workspace: "T0OTHER", user: "U0GUEST" } }]);
    expect(passedOver()).toContain("somebody of an unknown workspace");
  });

  it("a guest, a stranger and a deactivated user are no members", async () => {
    const member = async (user: string) => (await house.chat.person(house.installation, user)).member;
    expect(await Promise.all(["U123ABC456", "U0GUEST", "U0RESTRICTED", "U0GONE"].map(member))).toEqual([true, false, false, false]);
    expect(await house.chat.person(house.installation, "U123ABC456")).toEqual({ name: "Steve", email: "steve@example.org", member: true });
  });

  it("a workspace that is not connected, or no more, leads to nothing, and who writes a command is told", async () => {
    house.known.workspace = false;
    expect((await event()).status).toBe(200);
    expect((await event("app_uninstalled")).status).toBe(200);
    const { status, body } = await house.slack.command("U123ABC456", "C123ABC456", "help");
    expect([status, JSON.stringify(body)]).toEqual([200, expect.stringContaining("not connected")]);
    expect(heard()).toEqual([]);
  });
});

describe("faults", () => {
  it("39: delivered 4 times, out of order, an hour late: each once, by its own id and time", async () => {
    const late = payloadOf("message", { event_id: "EvLate", event: { ts: "1763796400.000100" } });
    const later = payloadOf("message.message_changed", { event_id: "EvLater" });
    const retry = (number: number) => ({ headers: { "x-slack-retry-num": String(number), "x-slack-retry-reason": "http_timeout" } });
    await house.slack.send("events", later, retry(1));
    for (const number of [1, 2, 3, 4]) expect((await house.slack.send("events", late, retry(number))).status).toBe(200);
    expect(heard()).toMatchObject([
      { kind: "edited", key: "EvLater" },
      { kind: "said", key: "EvLate", at: "2025-11-22T07:26:40.000Z" },
    ]);
  });

  it("40: nothing is acknowledged before it is written down, and 503 where it can't be", async () => {
    const order: string[] = [];
    let release = () => {};
    house.house.heard = () =>
      new Promise((resolve) => {
        order.push("heard");
        release = () => {
          order.push("written");
          resolve();
        };
      });
    const answered = event().then(({ status }) => order.push(String(status)));
    await expect.poll(() => order).toEqual(["heard"]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    release();
    await answered;
    expect(order).toEqual(["heard", "written", "200"]);

    house.house.heard = async () => {
      throw new Error("the database is down");
    };
    expect(await event()).toMatchObject(refusal(503, "unavailable"));
    expect((await house.slack.command("U123ABC456", "C123ABC456", "help")).status).toBe(503);
    house.house.installation = async () => {
      throw new Error("the database is down");
    };
    expect((await event()).status).toBe(503);
  });
});
