import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openSocket } from "../../../bots/slack/bolt.ts";
import { systemClock } from "../../../src/platform/clock/clock.ts";
import { silentLog } from "../../fixtures/silentLog.ts";
import { openSlackHouse, type SlackHouse } from "./slackHouse.ts";

let house: SlackHouse;
let stop: (() => Promise<void>) | undefined;
let original: SlackHouse["house"];
beforeAll(async () => {
  house = await openSlackHouse();
  original = { ...house.house };
  house.slack.callAt(undefined);
  stop = house.channel.start?.();
});
afterAll(async () => {
  await stop?.();
  await house.close();
});
afterEach(() => void Object.assign(house.house, original));

describe("Socket Mode", () => {
  it("hears what the doors hear, and acknowledges it", async () => {
    await expect.poll(() => house.slack.connected()).toBe(1);
    const { answers } = await house.slack.say("U123ABC456", "C123ABC456", "over the socket");
    expect(answers).toEqual([{ status: 200, body: {} }]);
    expect((await house.slack.command("U123ABC456", "C123ABC456", "help")).status).toBe(200);
    expect(house.heard).toMatchObject([
      { kind: "said", by: "message", text: "over the socket" },
      { kind: "said", by: "command", text: "help" },
    ]);
  });

  it("takes forms, and says what doesn't fit", async () => {
    const form = { card: "card-1", title: "T", submit: "Go", inputs: [{ name: "a", label: "A", required: true, type: "text" as const }] };
    await house.slack.command("U123ABC456", "C123ABC456", "form");
    const said = house.heard.at(-1);
    await house.chat.openForm?.(house.installation, said?.kind === "said" ? (said.opener ?? "") : "", form);
    house.house.check = async () => ({ a: "Not so." });
    expect(await house.slack.fill("U123ABC456", { a: "x" })).toEqual({ a: "Not so." });
    house.house.check = async () => ({});
    expect(await house.slack.fill("U123ABC456", { a: "x" })).toEqual({});
    expect(house.heard.at(-1)).toMatchObject({ kind: "filled", values: { a: "x" } });
  });

  it("acknowledges nothing that could not be written down", async () => {
    house.house.heard = async () => Promise.reject(new Error("the database is down"));
    expect((await house.slack.say("U123ABC456", "C123ABC456", "lost?")).answers).toEqual([{ status: 0, body: "not acknowledged" }]);
  });

  it("opens another socket when Slack closes one, and when it can't at first", async () => {
    house.slack.fail("apps.connections.open", { error: "internal_error" }, { status: 500 });
    house.slack.dropSockets();
    await expect.poll(() => house.slack.connected(), { timeout: 3000 }).toBe(0);
    await expect.poll(() => house.slack.connected(), { timeout: 15_000 }).toBe(1);
    await expect
      .poll(async () => (await house.slack.say("U123ABC456", "C123ABC456", "again")).answers[0]?.status, { timeout: 10_000 })
      .toBe(200);
  }, 30_000);

  it("gives up a socket over which Slack doesn't say hello", async () => {
    house.slack.greet(false);
    const hurried = { ...systemClock, after: (ms: number, act: () => void) => systemClock.after(Math.min(ms, 500), act) };
    const opening = openSocket(
      { log: silentLog, clock: hurried, slackApiUrl: house.slack.apiUrl },
      house.slack.world.app.appToken,
      async () => {},
    );
    await expect(opening).rejects.toThrow("before it said hello");
    house.slack.greet(true);
    await expect.poll(() => house.slack.connected()).toBe(1);
  });

  it("38: a socket of an app that was withdrawn says nothing any more, and is closed", async () => {
    house.known.app = false;
    expect((await house.slack.say("U123ABC456", "C123ABC456", "withdrawn")).answers).toEqual([{ status: 0, body: "not acknowledged" }]);
    await expect.poll(() => house.slack.connected(), { timeout: 15_000 }).toBe(0);
    house.known.app = true;
    await expect.poll(() => house.slack.connected(), { timeout: 15_000 }).toBe(1);
  }, 30_000);

  it("ends with the process", async () => {
    await stop?.();
    await expect.poll(() => house.slack.connected()).toBe(0);
  });
});
