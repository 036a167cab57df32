import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { slackChannel } from "../../../bots/slack/slackChannel.ts";
import type { Address } from "../../../src/channels/chatService.ts";
import { systemClock } from "../../../src/platform/clock/clock.ts";
import { silentLog } from "../../fixtures/silentLog.ts";
import type { SlackFault } from "../../fixtures/slackServer.ts";
import { startSlackService } from "../../fixtures/slackService.ts";
import { openSlackHouse, type SlackHouse } from "./slackHouse.ts";

const steve = "U123ABC456";
const admin = "U456DEF789";
const general = "C123ABC456";

let house: SlackHouse;
beforeAll(async () => {
  house = await openSlackHouse();
});
afterAll(() => house.close());
afterEach(() => {
  house.slack.world.revoked.clear();
  for (const channel of house.slack.world.channels.values()) channel.messages.length = 0;
});

const to = (change: Partial<Address> = {}): Address => ({
  installation: house.installation,
  place: { room: general, scope: "channel" },
  ...change,
});
const inThread = (thread: string): Partial<Address> => ({ place: { room: general, scope: "channel", thread } });

describe("what is said in Slack", () => {
  it("is a message with its mark, by which it is found again", async () => {
    const ts = await house.chat.post(to(), { text: "Hello" }, "mark-1");
    const answer = await house.chat.post(to(inThread(ts)), { text: "In the thread" }, "mark-2");
    expect(house.slack.seen(steve, general).map(({ text, author }) => [text, author])).toEqual([["Hello", "Switchboard"]]);
    expect(house.slack.seen(steve, general, ts).map(({ text }) => text)).toEqual(["Hello", "In the thread"]);
    expect(await house.chat.find?.(to(), "mark-1")).toBe(ts);
    expect(await house.chat.find?.(to(inThread(ts)), "mark-2")).toBe(answer);
    expect(await house.chat.find?.(to(), "mark-2")).toBeNull();
    expect(await house.chat.find?.(to(inThread("1.000001")), "mark-2")).toBeNull();
  });

  it("is said by the agent, or the contact, by their name", async () => {
    await house.chat.post(to(), { text: "On its way", author: { name: "Agent One" } }, "m");
    expect(house.slack.seen(steve, general)[0]?.author).toBe("Agent One");
  });

  it("is drawn anew, removed, and reacted to", async () => {
    const ts = await house.chat.post(to(), { text: "running" }, "m");
    await house.chat.change(to(), ts, { text: "done" });
    await house.chat.react?.(to(), ts, "white_check_mark", true);
    await house.chat.react?.(to(), ts, "✅", true);
    expect(house.slack.seen(steve, general)).toMatchObject([{ text: "done", edited: true, reactions: ["white_check_mark"] }]);
    await house.chat.react?.(to(), ts, "white_check_mark", false);
    await house.chat.react?.(to(), ts, "white_check_mark", false);
    await house.chat.remove(to(), ts);
    await house.chat.remove(to(), ts);
    expect(house.slack.seen(steve, general)).toEqual([]);
  });

  it("is seen by one person alone where it must, and drawn anew in another message", async () => {
    const id = await house.chat.post(to({ only: steve }), { text: "Your salary" }, "m");
    await house.chat.change(to(), id, { text: "It was raised" });
    expect(house.slack.seen(steve, general).map(({ text }) => text)).toEqual(["Your salary", "It was raised"]);
    expect(house.slack.seen(admin, general)).toEqual([]);
    const place = await house.chat.placeOf(house.installation, steve, undefined);
    await house.chat.post({ installation: house.installation, place, only: steve }, { text: "Alone anyway" }, "m");
    expect(house.slack.seen(steve, place.room)).toMatchObject([{ text: "Alone anyway", only: undefined }]);
  });

  it("answers a command where the app is no member, by the command's own address", async () => {
    const { channels } = house.slack.world;
    channels.set("G0SECRET", { id: "G0SECRET", name: "secret", kind: "channel", members: new Set([steve]), messages: [] });
    await house.slack.command(steve, "G0SECRET", "help");
    const said = house.heard.at(-1);
    if (said?.kind !== "said") throw new Error("a command was heard");
    await house.chat.post(to({ place: said.place, only: steve }), { text: "For you" }, "m");
    expect(house.slack.seen(steve, "G0SECRET")).toMatchObject([{ text: "For you", only: steve }]);
    const foreign = { ...said.place, service: { responseUrl: "http://169.254.169.254/latest" } };
    await expect(house.chat.post(to({ place: foreign, only: steve }), { text: "x" }, "m")).rejects.toMatchObject({ kind: "refused" });
    await expect(house.chat.post(to({ place: { room: "G0SECRET", scope: "channel" } }), { text: "x" }, "m")).rejects.toMatchObject({
      kind: "refused",
    });
  });

  it("may be a file, in three steps", async () => {
    const ts = await house.chat.post(to(), { text: "The export" }, "m");
    const file = { id: "f", name: "orders.csv", mediaType: "text/csv", size: 8, bytes: async () => Buffer.from("a,b\n1,2\n") };
    const brought = (await house.chat.upload?.bring(to(), file)) ?? "";
    expect(await house.chat.upload?.isSent(to(), brought)).toBe(false);
    await house.chat.sendFile(to(inThread(ts)), file, brought);
    expect(await house.chat.upload?.isSent(to(), brought)).toBe(true);
    expect(house.slack.seen(steve, general, ts)[1]?.files).toEqual(["orders.csv"]);
  });

  it("keeps its order in a channel", async () => {
    for (let number = 0; number < 20; number++) await house.chat.post(to(), { text: String(number) }, `m${number}`);
    expect(house.slack.seen(steve, general).map(({ text }) => Number(text))).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });
});

describe("a file of somebody's", () => {
  const fileOf = async (bytes: Buffer) => {
    await house.slack.say(steve, general, "look", { file: { name: "a.bin", bytes } });
    const said = house.heard.at(-1);
    return said?.kind === "said" ? (said.files[0]?.url ?? "") : "";
  };

  it("is fetched up to its limit, and only where Slack keeps files", async () => {
    const url = await fileOf(Buffer.alloc(1000, 1));
    const fetched = (address: string, most: number) => house.chat.fetchFile(house.installation, address, most);
    expect(await fetched(url, 1000)).toHaveLength(1000);
    await expect(fetched(url, 999)).rejects.toMatchObject({ kind: "refused" });
    for (const address of [
      "",
      "file:///etc/passwd",
      "http://169.254.169.254/",
      "https://files.slack.com.evil.example/a",
      "https://me@files.slack.com/",
    ])
      await expect(fetched(address, 10)).rejects.toMatchObject({ kind: "refused", message: "The address isn't one of Slack's." });
    await expect(house.chat.fetchFile({ ...house.installation, token: "xoxb-another" }, url, 1000)).rejects.toMatchObject({
      kind: "refused",
    });
  });
});

describe("41: when Slack doesn't do it", () => {
  const post = () => house.chat.post(to(), { text: "once" }, "mark-41");
  const change = async () => house.chat.change(to(), "1.000001", { text: "again" });
  const faults: [string, SlackFault, "post" | "change", object][] = [
    ["429 with Retry-After 30", { status: 429, retryAfter: 30 }, "post", { kind: "held", retryAfterMs: 30_000 }],
    ["429 without Retry-After", { status: 429 }, "post", { kind: "held" }],
    ["500", { status: 500 }, "post", { kind: "unknown" }],
    ["500 to a change", { status: 500 }, "change", { kind: "unavailable" }],
    ["a reset after it was done", { connection: "reset", done: true }, "post", { kind: "unknown" }],
    ["a reset of a change", { connection: "reset", done: false }, "change", { kind: "unavailable" }],
    ["fatal_error", { error: "fatal_error" }, "post", { kind: "unknown" }],
    ["a channel that is gone", { error: "is_archived" }, "post", { kind: "refused", message: "The channel is archived." }],
    ["a word we don't know", { error: "restricted_action" }, "post", { kind: "refused", message: "Slack refused it: restricted_action." }],
  ];
  it.each(faults)("%s is told as what it is, and tried once", async (_, fault, what, failure) => {
    const method = what === "post" ? "chat.postMessage" : "chat.update";
    const from = house.slack.asked.length;
    house.slack.fail(method, fault);
    await expect(what === "post" ? post() : change()).rejects.toMatchObject({ name: "ChatFailure", ...failure });
    expect(house.slack.asked.slice(from).map((one) => one.method)).toEqual([method]);
  });

  it("what was done though nobody heard of it is found by its mark", async () => {
    house.slack.fail("chat.postMessage", { connection: "reset", done: true });
    await expect(post()).rejects.toMatchObject({ kind: "unknown" });
    expect(await house.chat.find?.(to(), "mark-41")).toBe(house.slack.seen(steve, general)[0]?.ts);
  });

  it("a server that isn't there was not asked", async () => {
    const { apiUrl, stop } = await startSlackService();
    await stop();
    const away = slackChannel({
      house: house.house,
      log: silentLog,
      clock: systemClock,
      publicUrl: "https://a.example",
      slackApiUrl: apiUrl,
    });
    await expect(away.chat?.post(to(), { text: "x" }, "m")).rejects.toMatchObject({ kind: "unavailable" });
  });

  it.each(["token_revoked", "invalid_auth", "account_inactive"])(
    "4.2: %s: the installation is broken, in words for its admin",
    async (error) => {
      house.slack.world.revoked.set(house.installation.token, error);
      await expect(post()).rejects.toMatchObject({ kind: "broken", message: expect.stringContaining("connect the workspace again") });
      await expect(house.chat.check(house.installation)).rejects.toMatchObject({ kind: "broken" });
    },
  );

  it("a check says the workspace, and that a token is another's", async () => {
    expect(await house.chat.check(house.installation)).toEqual({ name: "Example" });
    await expect(house.chat.check({ ...house.installation, workspace: "T0OTHER" })).rejects.toMatchObject({ kind: "broken" });
  });
});
