import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ChatEvent } from "../../../src/channels/chatEvent.ts";
import { bodyOf, payloadOf, type SlackChange, type SlackDoor, signatureOf } from "../../fixtures/slackSends.ts";
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
const seconds = (offset: number) => String(Math.floor(Date.now() / 1000) + offset);
const refusal = (status: number, code: string) => ({ status, body: { error: { code, message: expect.any(String) } } });

describe("4.2 a request that Slack did not sign so", () => {
  const right = "0".repeat(64);
  const bad: [string, SlackChange][] = [
    ["missing signature", { signature: null }],
    ["empty signature", { signature: "" }],
    ["short signature", { signature: "v0=abc" }],
    ["long signature", { signature: `v0=${right}${right}` }],
    ["signature of nothing", { signature: `v0=${right}` }],
    ["signature of another app", { secret: "the secret of another app" }],
    ["empty secret", { secret: "" }],
    ["timestamp absent", { timestamp: null }],
    ["timestamp text", { timestamp: "now" }],
    ["timestamp not whole", { timestamp: "1e9" }],
    ["timestamp 6 minutes ago", { timestamp: seconds(-360) }],
    ["timestamp a day ahead", { timestamp: seconds(86_400) }],
    ["timestamp 6 minutes ahead", { timestamp: seconds(360) }],
    ["timestamp negative", { timestamp: "-1" }],
    ["unknown app", { app: "0b2f8f2e-1f0d-4a3d-9d0e-0a4a3a1f0c99" }],
    ["no app", { app: "" }],
    ["another body", { body: '{"type":"event_callback"}' }],
  ];
  const doors: [SlackDoor, string][] = [
    ["events", "message"],
    ["interactions", "block_actions"],
    ["commands", "slash_command"],
  ];
  for (const [door, payload] of doors)
    it.each(bad)(`${door}: %s is refused, and nothing is read of it`, async (_, change) => {
      expect(await house.slack.send(door, payloadOf(payload), change)).toMatchObject(refusal(401, "unauthenticated"));
      expect(heard()).toEqual([]);
    });

  const body = JSON.stringify(payloadOf("message"));
  it.each([
    ["upper-case signature", (signature: string) => `v0=${signature.slice(3).toUpperCase()}`],
    ["v1", (signature: string) => `v1=${signature.slice(3)}`],
    ["a second part behind it", (signature: string) => `${signature}=more`],
    ["a letter before it", (signature: string) => ` ${signature}`.replace(" ", "x")],
  ])("%s is refused, though the hash is right", async (_, change) => {
    const timestamp = seconds(0);
    const signature = change(signatureOf(house.app.secrets["signingSecret"] ?? "", timestamp, body));
    expect(await event("message", {}, { timestamp, signature, body })).toMatchObject(refusal(401, "unauthenticated"));
  });

  it("a re-serialised body is refused", async () => {
    const payload = payloadOf("message");
    const again = JSON.stringify(payload, null, 1);
    expect((await house.slack.send("events", payload, { body: again })).status).toBe(401);
  });

  it.each([
    ["a form for events", "events", "application/x-www-form-urlencoded"],
    ["JSON for commands", "commands", "application/json"],
    ["JSON for interactions", "interactions", "application/json"],
    ["text for events", "events", "text/plain"],
  ] as [string, SlackDoor, string][])("%s is refused", async (_, door, type) => {
    expect(await house.slack.send(door, payloadOf("message"), { type })).toMatchObject(refusal(415, "unsupported_media_type"));
  });

  it("a signed body that is no JSON, or none of Slack's, leads to nothing", async () => {
    const timestamp = seconds(0);
    const send = (door: SlackDoor, text: string) =>
      house.slack.send(
        door,
        {},
        { body: text, timestamp, signature: signatureOf(house.app.secrets["signingSecret"] ?? "", timestamp, text) },
      );
    expect(await send("events", "{")).toMatchObject(refusal(400, "invalid_json"));
    expect(await send("interactions", "payload=")).toMatchObject(refusal(400, "invalid_json"));
    for (const text of ["null", "[]", "1", '{"type":"event_callback"}', '{"type":"event_callback","event_id":"e","event":null}'])
      expect((await send("events", text)).status).toBe(200);
    expect((await send("interactions", 'payload={"type":"block_actions","actions":[],"user":{"id":"U"}}')).status).toBe(200);
    expect((await send("commands", "command=%2Fsb")).status).toBe(200);
    expect(heard()).toEqual([]);
  });

  it("`url_verification` without signature is refused, and answered with one", async () => {
    const payload = payloadOf("url_verification");
    expect((await house.slack.send("events", payload, { signature: null })).status).toBe(401);
    expect(await house.slack.send("events", payload)).toMatchObject({ status: 200, body: { challenge: payload["challenge"] } });
  });

  it("more than a megabyte is refused", async () => {
    expect((await event("message", { event: { text: "x".repeat(2 ** 20) } })).status).toBe(413);
  });

  it("a valid replay is the same thing once more", async () => {
    const payload = payloadOf("message", { event_id: "EvReplay" });
    for (let time = 0; time < 3; time++) expect((await house.slack.send("events", payload)).status).toBe(200);
    expect(heard()).toHaveLength(1);
  });
});

describe("advisories, for Slack", () => {
  it.each(["", " ", "\t\n"])("35: a secret of %j signs nothing", async (blank) => {
    const { signingSecret } = house.app.secrets;
    const bare = { ...house.app, secrets: { ...house.app.secrets, signingSecret: blank } };
    house.house.app = async () => bare;
    expect((await event("message", {}, { secret: blank })).status).toBe(401);
    house.house.app = async () => ({ ...bare, secrets: {} });
    expect((await event("message", {}, { secret: "undefined" })).status).toBe(401);
    Object.assign(house.house, original);
    expect((await event("message", {}, { secret: signingSecret ?? "" })).status).toBe(200);
  });

  it("36: the address alone grants nothing", async () => {
    const response = await fetch(`${house.http.publicUrl}/channels/slack/events?app=${house.app.id}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: bodyOf("events", payloadOf("message")),
    });
    expect(response.status).toBe(401);
  });

  it("37: somebody is who their id and workspace say, however they are called", async () => {
    const admin = { display_name: "Admin", real_name: "Admin" };
    await event("message.connect", { event: { user_profile: admin } });
    await house.slack.command("U123ABC456", "C123ABC456", "help");
    expect(heard().map((one) => ("person" in one ? one.person : undefined))).toEqual([
      { workspace: "T0OTHER", user: "U0GUEST", name: "Admin" },
      { workspace: "T123ABC456", user: "U123ABC456", name: "U123ABC456" },
    ]);
  });

  it("38: an app that was withdrawn, or has another secret, counts no more with the next request", async () => {
    expect((await event()).status).toBe(200);
    house.house.app = async () => ({ ...house.app, secrets: { ...house.app.secrets, signingSecret: "another one" } });
    expect((await event()).status).toBe(401);
    expect((await event("message", {}, { secret: "another one" })).status).toBe(200);
    Object.assign(house.house, original);
    house.known.app = false;
    expect((await event()).status).toBe(401);
  });
});
