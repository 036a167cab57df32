import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressesOf, events, scopes, slackManifest } from "../../../bots/slack/manifest.ts";
import { openSlackHouse, type SlackHouse } from "./slackHouse.ts";

const publicUrl = "https://switchboard.example";

let house: SlackHouse;
beforeAll(async () => {
  house = await openSlackHouse();
});
afterAll(() => house.close());

describe("a workspace that is connected", () => {
  const back = async (query: Record<string, string>) => {
    const response = await fetch(`${house.http.publicUrl}/channels/slack/oauth?${new URLSearchParams({ app: house.app.id, ...query })}`, {
      redirect: "manual",
    });
    return { status: response.status, location: response.headers.get("location"), text: await response.text() };
  };

  it("gives its token for the code, once, with the state that the house looks at", async () => {
    const address = new URL(house.channel.installUrl?.(house.app, "state-1") ?? "");
    expect([address.origin + address.pathname, address.searchParams.get("scope")]).toEqual([
      "https://slack.com/oauth/v2/authorize",
      scopes.join(","),
    ]);
    const code = house.slack.allow(address.searchParams.get("redirect_uri") ?? "");
    expect(await back({ state: "state-1", code })).toMatchObject({ status: 302, location: "https://desk.example/desk#/settings/channels" });
    expect(house.installed).toEqual([
      { state: "state-1", workspace: "T123ABC456", name: "Example", token: "xoxb-of-the-test", botUser: "U0BOT" },
    ]);
    expect(await back({ state: "state-1", code })).toMatchObject({ status: 422, text: expect.stringContaining("invalid_code") });
  });

  it.each([
    ["nothing", {}, 401],
    ["no code", { state: "s" }, 422],
    ["no state", { code: "c" }, 401],
    ["an admin who did not allow it", { error: "access_denied", state: "s" }, 422],
    ["an unknown app", { app: "0b2f8f2e-1f0d-4a3d-9d0e-0a4a3a1f0c99", state: "s", code: "c" }, 404],
  ] as [string, Record<string, string>, number][])("%s connects nothing, and says what to do", async (_, query, status) => {
    const before = house.installed.length;
    const answer = await back(query);
    expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(/begin (again )?at the desk/i)]);
    expect(house.installed).toHaveLength(before);
  });

  it("of another app than ours is not connected; nor where Slack is away", async () => {
    const oauth = addressesOf(publicUrl, house.app.id).oauth;
    house.slack.world.app.appId = "A0ANOTHER";
    expect((await back({ state: "s", code: house.slack.allow(oauth) })).status).toBe(422);
    house.slack.world.app.appId = house.app.appId;
    house.slack.fail("oauth.v2.access", { status: 503 });
    expect((await back({ state: "s", code: house.slack.allow(oauth) })).status).toBe(503);
    expect(await back({ state: "s", code: house.slack.allow("https://evil.example/") })).toMatchObject({ status: 422 });
    expect(house.installed).toHaveLength(1);
  });
});

describe("the manifest", () => {
  const made = (socketMode: boolean) =>
    slackManifest({ publicUrl, app: house.app.id, name: "Switchboard of Example, Limited, and its sisters", socketMode });

  it("names every address with the app, over HTTP", () => {
    const manifest = made(false);
    const addresses = JSON.stringify(manifest).match(/https:\/\/switchboard\.example[^"]+/g) ?? [];
    expect(addresses).toHaveLength(5);
    for (const address of addresses) expect(new URL(address).searchParams.get("app")).toBe(house.app.id);
    expect(manifest.settings?.socket_mode_enabled).toBe(false);
    expect(manifest.display_information.name.length).toBeLessThanOrEqual(35);
  });

  it("is JSON to paste", () => {
    const { file, text } = house.channel.manifest?.({ id: house.app.id, appId: "", name: "Switchboard" }) ?? { file: "", text: "" };
    expect([file, JSON.parse(text)]).toEqual([
      "slack-manifest.json",
      slackManifest({ publicUrl, app: house.app.id, name: "Switchboard", socketMode: false }),
    ]);
  });

  it("names none that Slack would call, over a socket", () => {
    const manifest = made(true);
    expect(JSON.stringify(manifest).match(/https:\/\/switchboard\.example[^"]+/g)).toEqual([addressesOf(publicUrl, house.app.id).oauth]);
    expect(manifest.settings?.socket_mode_enabled).toBe(true);
  });

  it("has a scope for each event and each method that is called", () => {
    const needs: Record<string, string> = {
      "message.channels": "channels:history",
      "message.groups": "groups:history",
      "message.im": "im:history",
      "message.mpim": "mpim:history",
      app_mention: "app_mentions:read",
      reaction_added: "reactions:read",
      reaction_removed: "reactions:read",
      member_joined_channel: "channels:read",
    };
    for (const event of events) if (needs[event] !== undefined) expect(scopes).toContain(needs[event]);
  });
});
