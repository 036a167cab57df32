import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Address } from "../../../src/channels/chatService.ts";
import { openTeamsHouse, type TeamsHouse } from "../../fixtures/teamsHouse.ts";
import type { TeamsFault } from "../../fixtures/teamsServer.ts";

const general = "19:general@thread.tacv2";

let here: TeamsHouse;
beforeAll(async () => {
  here = await openTeamsHouse();
});
afterAll(() => here.close());
beforeEach(() => {
  here.teams.server.posted.length = 0;
  here.teams.server.asked.length = 0;
});

const service = () => ({ serviceUrl: here.teams.cloud.serviceUrl });
const to = (): Address => ({ installation: here.installation, place: { room: "a:ann", scope: "personal", service: service() } });
const thread = (): Address => ({
  installation: here.installation,
  place: { room: general, thread: "1", scope: "channel", service: service() },
});

describe("a message", () => {
  it("is written, drawn anew and removed, with one token", async () => {
    const given = here.teams.server.tokensGiven();
    const id = await here.chat.post(to(), { text: "before", card: { id: "c", buttons: [{ verb: "go", label: "Go" }] } }, "m");
    expect(here.teams.seen("ann", "personal")).toMatchObject([{ id, text: "before", buttons: [{ title: "Go" }] }]);
    await here.chat.change(to(), id, { text: "after", card: { id: "c", buttons: [] } });
    expect(here.teams.seen("ann", "personal")).toMatchObject([{ id, text: "after", buttons: [], edited: true }]);
    await here.chat.remove(to(), id);
    expect(here.teams.seen("ann", "personal")).toEqual([]);
    expect(here.teams.server.tokensGiven() - given).toBeLessThanOrEqual(1);
  });

  it("goes into its thread", async () => {
    await here.chat.post(thread(), { text: "there" }, "m");
    expect(here.teams.server.posted.map(({ conversation }) => conversation)).toEqual([`${general};messageid=1`]);
  });

  it("for one person alone goes to their own chat, and says so", async () => {
    const address = { ...thread(), only: "ann" };
    const id = await here.chat.post(address, { text: "secret" }, "m");
    expect(here.teams.seen("ann", "personal").map(({ text }) => text)).toEqual([
      "Only for you, so it is here and not in the channel\nsecret",
    ]);
    await here.chat.change(address, id, { text: "changed" });
    expect(here.teams.seen("ann", "personal").map(({ text }) => text)).toEqual([
      "Only for you, so it is here and not in the channel\nchanged",
    ]);
    await here.chat.remove(address, id);
    expect(here.teams.server.posted).toEqual([]);
  });

  it("takes no reaction of an app's", () => {
    expect(here.chat.react).toBeUndefined();
  });
});

describe("fault 41: a failure of the connector", () => {
  const faults: [string, TeamsFault, object, object][] = [
    [
      "429 with Retry-After 30",
      { status: 429, retryAfter: 30 },
      { kind: "held", retryAfterMs: 30_000 },
      { kind: "held", retryAfterMs: 30_000 },
    ],
    ["429 without", { status: 429 }, { kind: "held", retryAfterMs: 1000 }, { kind: "held", retryAfterMs: 1000 }],
    ["500", { status: 500 }, { kind: "unknown" }, { kind: "unavailable" }],
    ["502", { status: 502 }, { kind: "unknown" }, { kind: "unavailable" }],
    ["a connection that ends after it was done", "reset", { kind: "unknown" }, { kind: "unavailable" }],
    ["412", { status: 412, code: "PreconditionFailed" }, { kind: "unavailable" }, { kind: "unavailable" }],
    ["401", { status: 401 }, { kind: "broken" }, { kind: "broken" }],
    ["403", { status: 403, code: "BotNotInConversationRoster" }, { kind: "refused" }, { kind: "refused" }],
    ["404", { status: 404, code: "ConversationNotFound" }, { kind: "refused" }, { kind: "refused" }],
    ["413", { status: 413, code: "MessageSizeTooBig" }, { kind: "refused" }, { kind: "refused" }],
  ];

  it.each(faults)("%s is asked for once, and told for what it is", async (_, fault, ofPost, ofChange) => {
    const id = await here.chat.post(to(), { text: "there" }, "m");
    here.teams.server.asked.length = 0;
    here.teams.server.fail(fault);
    await expect(here.chat.post(to(), { text: "more" }, "m")).rejects.toMatchObject({ name: "ChatFailure", ...ofPost });
    here.teams.server.fail(fault);
    await expect(here.chat.change(to(), id, { text: "other" })).rejects.toMatchObject({ name: "ChatFailure", ...ofChange });
    expect(here.teams.server.asked.map(({ method }) => method)).toEqual(["POST", "PUT"]);
  });

  it("a host that isn't reached has done nothing", async () => {
    const host = await closedHost();
    const place = { room: "a:ann", scope: "personal" as const, service: { serviceUrl: `http://${host}/` } };
    const { plainHosts } = here.teams.cloud;
    here.teams.cloud.plainHosts = [...plainHosts, host];
    await expect(here.chat.post({ installation: here.installation, place }, { text: "x" }, "m")).rejects.toMatchObject({
      kind: "unavailable",
    });
  });

  it("Teams can't be asked what became of a message", () => {
    expect(here.chat.find).toBeUndefined();
  });

  it("a secret that doesn't count is told to admins in words", async () => {
    await expect(here.chat.check(here.installation)).resolves.toEqual({ name: "Example" });
    const app = { ...here.app, secrets: { password: "false" } };
    await expect(here.chat.check({ ...here.installation, app })).rejects.toMatchObject({
      kind: "broken",
      message: "Microsoft gives no token for this app (invalid_client): its id, secret or organisation doesn't count.",
    });
    here.teams.server.isCutOff = true;
    await expect(here.chat.check({ ...here.installation, app })).rejects.toMatchObject({ kind: "unavailable" });
    here.teams.server.isCutOff = false;
  });
});

describe("a person", () => {
  it("is found by their id, with whether they belong to the organisation", async () => {
    const { members } = here.teams.server;
    members.set("guest", { name: "Guest", email: "g@other.example", tenantId: here.teams.organisation, userRole: "guest" });
    members.set("other", { name: "Other", email: "o@other.example", tenantId: "other", userRole: "user" });
    expect(await here.chat.person(here.installation, "ann")).toEqual({ name: "Ann Example", email: "ann@example.com", member: true });
    expect(await here.chat.person(here.installation, "guest")).toMatchObject({ member: false });
    expect(await here.chat.person(here.installation, "other")).toMatchObject({ member: false });
    expect(await here.chat.person(here.installation, "nobody")).toEqual({ name: "", member: false });
  });

  it("is written to in their own chat, made where there is none", async () => {
    const place = await here.chat.placeOf(here.installation, "bob", undefined);
    expect(place).toEqual({ room: "a:bob", scope: "personal", service: service() });
    expect(await here.chat.placeOf(here.installation, "bob", place)).toBe(place);
  });
});

describe("a file", () => {
  const file = { name: "late <orders>.csv", mediaType: "text/csv", size: 4, id: "f", bytes: async () => Buffer.from("a,b\n") };
  const consentOf = (index: number) => JSON.parse(JSON.stringify(here.teams.server.posted[index]?.activity)).attachments[0];
  const uploadInfo = () => ({
    contentUrl: "https://example.sharepoint.com/late.csv",
    name: "late.csv",
    uploadUrl: `${here.teams.server.url}/files/upload`,
    uniqueId: "1",
    fileType: "csv",
  });

  it("is offered to its person, and put where they say once they agree", async () => {
    const id = await here.chat.sendFile(to(), file, undefined);
    const { contentType, content } = consentOf(0);
    expect(contentType).toBe("application/vnd.microsoft.teams.card.file.consent");
    const value = { type: "fileUpload", action: "accept", context: content.acceptContext, uploadInfo: uploadInfo() };
    await here.teams.invoke("bob", "personal", "fileConsent/invoke", value);
    expect(here.teams.server.files.size).toBe(0);
    await here.teams.invoke("ann", "personal", "fileConsent/invoke", value, { replyToId: id });
    expect(here.teams.server.files.get("/files/upload")?.toString()).toBe("a,b\n");
    expect(consentOf(here.teams.server.posted.length - 1)).toMatchObject({ contentType: "application/vnd.microsoft.teams.card.file.info" });
    await here.teams.invoke("ann", "personal", "fileConsent/invoke", value);
    expect(here.teams.seen("ann", "personal").at(-1)?.text).toBe("The file is no more here; ask for it again.");
  });

  it("goes to no host that isn't Microsoft's", async () => {
    await here.chat.sendFile(to(), file, undefined);
    const context = consentOf(0).content.acceptContext;
    const value = { action: "accept", context, uploadInfo: { ...uploadInfo(), uploadUrl: "https://evil.example/" } };
    expect(await here.teams.invoke("ann", "personal", "fileConsent/invoke", value)).toMatchObject({ status: 200 });
    expect(here.teams.seen("ann", "personal").at(-1)?.text).toBe("The file could not be put there; ask for it again.");
  });

  it("is taken in nobody's channel", async () => {
    expect([here.chat.mostBytesOfFile(thread().place), here.chat.mostBytesOfFile(to().place)]).toEqual([0, 10 * 1024 * 1024]);
    await expect(here.chat.sendFile(thread(), file, undefined)).rejects.toMatchObject({ kind: "refused" });
  });

  it("that somebody sent is fetched from Microsoft's hosts, up to a size", async () => {
    here.teams.server.files.set("/files/sent", Buffer.alloc(1000, 1));
    const url = `${here.teams.server.url}/files/sent`;
    expect(await here.chat.fetchFile(here.installation, url, 1000)).toHaveLength(1000);
    await expect(here.chat.fetchFile(here.installation, url, 999)).rejects.toMatchObject({ kind: "refused" });
    for (const strange of [
      "https://evil.example/a",
      "http://example.sharepoint.com/a",
      "https://sharepoint.com.evil.example/",
      "file:///etc/passwd",
    ]) {
      await expect(here.chat.fetchFile(here.installation, strange, 1000)).rejects.toMatchObject({ kind: "refused" });
    }
  });
});

it("its manifest and its package are of the app, and of where Switchboard is", async () => {
  const { appId } = here.app;
  const { text } = here.channel.manifest?.({ id: here.app.id, appId, name: "Switchboard" }) ?? { text: "" };
  expect(JSON.parse(text)).toMatchObject({ id: appId, bots: [{ botId: appId }], validDomains: ["desk.example"] });
  const { file, bytes } = (await here.channel.appPackage?.({ appId })) ?? {};
  expect(file).toBe("switchboard-teams.zip");
  expect(bytes?.subarray(0, 2).toString()).toBe("PK");
});

/** Where nothing listens any more. */
async function closedHost(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}
