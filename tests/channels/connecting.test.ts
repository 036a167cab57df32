import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { type SlackService, startSlackService } from "../fixtures/slackService.ts";

let slack: SlackService;
let product: TestProduct;
let admin: Agent;
beforeAll(async () => {
  slack = await startSlackService();
  product = await openProduct({ settings: { SLACK_API_URL: slack.apiUrl } });
  admin = await product.agent("admin@demo.example");
});
afterAll(async () => {
  await product?.stop();
  await slack?.stop();
});

const listed = async () => Object((await admin.run("channel.list")).data);

it("an app is begun with an id for its addresses, and is nobody until its secrets are given", async () => {
  const { id, missing, address } = Object((await admin.run("channel.app", { channel: "slack" })).data);
  expect(missing).toEqual(["appId", "signingSecret", "clientId", "clientSecret"]);
  expect(address).toBe(`${product.url}/channels/slack/events?app=${id}`);
  const { text } = Object((await admin.run("channel.manifest", { channel: "slack", app: id })).data);
  expect(JSON.parse(text).settings.event_subscriptions.request_url).toBe(address);

  // Whoever signs with nothing, which is all that is kept, is refused (Advisory 35).
  const timestamp = String(Math.floor(Date.now() / 1000));
  const body = JSON.stringify({ type: "url_verification", challenge: "c", token: "t" });
  for (const secret of ["", " ", "undefined"]) {
    const signature = `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
    const headers = { "content-type": "application/json", "x-slack-request-timestamp": timestamp, "x-slack-signature": signature };
    expect((await fetch(address, { method: "POST", headers, body })).status).toBe(401);
  }
  expect(await admin.refused("channel.install", { app: id })).toMatchObject({ code: "conflict" });
  expect(await admin.refused("channel.connect", { app: id, organisation: "T1", name: "One" })).toMatchObject({ code: "conflict" });

  const { appId, signingSecret, clientId, clientSecret } = slack.world.app;
  const given = { channel: "slack", app: id, appId, clientId };
  expect(await admin.refused("channel.app", given)).toMatchObject({ code: "invalid_value", path: "args.signingSecret" });
  expect(await admin.refused("channel.app", { ...given, signingSecret: " ", clientSecret })).toMatchObject({ path: "args.signingSecret" });
  expect(await admin.refused("channel.app", { channel: "slack", clientId })).toMatchObject({ path: "args.appId" });
  expect(await admin.refused("channel.app", { channel: "teams", app: id, appId, password: "x" })).toMatchObject({ path: "args.channel" });
  expect((await listed()).apps).toMatchObject([{ id, missing: ["appId", "signingSecret", "clientId", "clientSecret"] }]);

  await admin.run("channel.app", { ...given, signingSecret, clientSecret });
  expect(await listed()).toMatchObject({ services: expect.arrayContaining(["slack"]), apps: [{ id, appId, missing: [] }] });
  slack.callAt({ base: `${product.url}/channels/slack`, app: id });
  await expect.poll(async () => (await slack.send("events", JSON.parse(body))).status, { timeout: 7000 }).toBe(200);
});

it("a workspace is connected by the way that Slack goes, is asked whether it works, and gets an inbox and a room", async () => {
  const { url } = Object((await admin.run("channel.install")).data);
  const way = new URL(url).searchParams;
  const back = new URL(way.get("redirect_uri") ?? "");
  back.searchParams.set("state", way.get("state") ?? "");
  back.searchParams.set("code", slack.allow(way.get("redirect_uri") ?? ""));
  const came = await fetch(back, { redirect: "manual" });
  expect([came.status, came.headers.get("location")]).toEqual([302, `${product.url}/desk#/settings/channels`]);
  const audited = await product.database.acrossTenants.query<{ by: string }>(
    "select (select email from account where id::text = a.actor_id) as by from audit_entry a where action = 'channel.connect' and object_name = 'slack Example'",
  );
  expect(audited).toEqual([{ by: "admin@demo.example" }]);

  // Nobody of theirs is linked there yet.
  expect((await admin.run("channel.test")).data).toEqual({ works: true, sentTo: null });
  slack.fail("auth.test", { error: "account_inactive" });
  expect((await admin.run("channel.test")).data).toMatchObject({ works: false });
  expect((await listed()).workspaces).toMatchObject([{ name: "Example", state: "broken", problem: expect.any(String) }]);
  await admin.run("channel.test");
  expect((await listed()).workspaces).toMatchObject([{ state: "live", problem: null }]);

  const offered = async (command: string, argument: string, q = "", args: object = {}) => {
    const query = new URLSearchParams({ q, args: JSON.stringify(args) });
    const path = `${product.url}/api/v1/commands/${command}/choices/${argument}?${query}`;
    const answer = await fetch(path, { headers: { authorization: `Bearer ${admin.token}` } });
    return [answer.status, await answer.json()];
  };
  const general = { value: "general", label: "#general" };
  expect(await offered("channel.room", "room")).toEqual([200, { items: [general], truncated: false }]);
  expect(await offered("channel.room", "room", "gen", { workspace: "example" })).toEqual([200, { items: [general], truncated: false }]);
  expect(await offered("channel.test", "room", "nothing", { workspace: "" })).toMatchObject([200, { items: [] }]);
  expect(await offered("channel.room", "room", "", { workspace: "Elsewhere" })).toMatchObject([
    422,
    { error: { code: "invalid_value", path: "args.workspace" } },
  ]);
  expect(await offered("channel.disconnect", "workspace")).toMatchObject([200, { items: [{ value: "Example", label: "Example" }] }]);
  expect(await offered("channel.room", "team", "sup")).toMatchObject([200, { items: [{ value: "support" }] }]);
  expect(await offered("channel.inbox", "inbox")).toMatchObject([
    200,
    { items: [{ value: expect.any(String), label: expect.any(String) }] },
  ]);
  expect(await offered("channel.room", "nothing")).toMatchObject([404, { error: { code: "not_found" } }]);

  expect(await admin.refused("channel.inbox", { inbox: "nowhere" })).toMatchObject({ code: "invalid_value", path: "args.inbox" });
  expect(await admin.refused("channel.room", { team: "nobody", room: "C123ABC456" })).toMatchObject({ path: "args.team" });
  expect(await admin.refused("channel.room", { team: "support", room: "nowhere" })).toMatchObject({
    code: "invalid_value",
    path: "args.room",
    message: expect.stringContaining("#general"),
  });
  await admin.run("channel.room", { team: "support", room: "#General" });
  expect((await listed()).rooms).toMatchObject([{ team: "support", room: "C123ABC456", name: "general" }]);
  expect(await admin.refused("channel.test", { room: "nowhere" })).toMatchObject({ path: "args.room" });
  expect((await admin.run("channel.test", { room: "C123ABC456" })).data).toEqual({ works: true, sentTo: "#general" });
  await expect
    .poll(() => slack.seen("U123ABC456", "C123ABC456").filter(({ text }) => text.includes("test message")).length, { timeout: 10_000 })
    .toBe(1);
});
