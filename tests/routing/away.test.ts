import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PublicInbox } from "../../src/protocol/inbox.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let admin: Agent;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct();
  admin = await product.agent("admin@demo.example");
  agent = await product.agent();
});
afterAll(() => product.stop());

async function publicInbox(languages?: string, key = product.inbox): Promise<Response> {
  const query = languages === undefined ? "" : `?languages=${languages}`;
  return await fetch(`${product.url}/api/v1/inboxes/${key}/public${query}`, { headers: { origin: "https://any.example" } });
}

async function readPublic(languages?: string): Promise<PublicInbox> {
  return JSON.parse(await (await publicInbox(languages)).text());
}

/** Hours that don't run at this moment, and begin within two days. */
function closedNow(): string {
  const day = new Intl.DateTimeFormat("en", { weekday: "short", timeZone: "UTC" }).format(Date.now() + 36 * 3_600_000);
  return `${day} 10:00-12:00`;
}

describe("calendars by command", () => {
  beforeAll(async () => {
    await admin.run("calendar.create", { key: "day", name: "Day", timeZone: "UTC", spans: "mon 9:00-10:00" });
    await admin.run("calendar.holiday-add", { calendar: "day", from: "2026-04-30", to: "2026-05-02", name: "May" });
    await admin.run("team.create", { key: "night", name: "Night" });
    await admin.run("team.hours", { team: "night", calendar: "day" });
  });

  it("are made, listed, changed and deleted by admins alone", async () => {
    await admin.run("calendar.create", { key: "Office", name: "The office", timeZone: "europe/lisbon", spans: "mon-fri 9:00-17:00" });
    await admin.run("calendar.holiday-add", { calendar: "office", from: "2026-12-24", to: "2026-12-26", name: "Christmas" });
    await admin.run("calendar.holiday-add", { calendar: "office", from: "2026-12-31", name: "Old year", spans: "9:00-12:00" });
    await admin.run("calendar.update", { calendar: "office", spans: "mon 21:00-02:00" });
    const { data } = await agent.run("calendar.list");
    expect(data).toEqual({
      calendars: [
        expect.objectContaining({ key: "day", usedBy: ["night"] }),
        {
          key: "office",
          name: "The office",
          timeZone: "Europe/Lisbon",
          spans: [{ day: 1, from: "21:00", to: "02:00" }],
          holidays: [
            { from: "2026-12-24", to: "2026-12-26", name: "Christmas", spans: [] },
            { from: "2026-12-31", to: "2026-12-31", name: "Old year", spans: [{ from: "09:00", to: "12:00" }] },
          ],
          open: expect.any(Boolean),
          changesAt: expect.any(String),
          usedBy: [],
        },
      ],
    });
    expect(await agent.refused("calendar.delete", { calendar: "office" })).toMatchObject({ code: "unknown_command" });
    const stranger = await product.agent((await product.addTenant("other")).email);
    expect((await stranger.run("calendar.list")).data).toEqual({ calendars: [] });
    await admin.run("calendar.holiday-remove", { calendar: "office", day: "2026-12-25" });
    await admin.run("calendar.delete", { calendar: "office" });
  });

  it.each<[string, object, string, string]>([
    ["create", { spans: "mon 9:00-12:00, tue 9:00-12:00, wed 9:00-25:00" }, "args.spans.2.to", "invalid_value"],
    ["create", { spans: "mon 9:00-13:00 12:00-17:00" }, "args.spans.1.from", "invalid_value"],
    ["update", { calendar: "day", spans: "sun 22:00-10:00, mon 9:00-12:00" }, "args.spans.1.from", "invalid_value"],
    ["create", { timeZone: "Europe/Atlantis" }, "args.timeZone", "invalid_value"],
    ["create", { timeZone: "+02:00" }, "args.timeZone", "invalid_value"],
    ["create", { key: "day" }, "args.key", "conflict"],
    ["create", { key: "a b" }, "args.key", "invalid_value"],
    ["update", { calendar: "nowhere", name: "x" }, "args.calendar", "not_found"],
    ["delete", { calendar: "day" }, "args.calendar", "conflict"],
    ["holiday-add", { calendar: "day", from: "2026-02-30", name: "x" }, "args.from", "invalid_value"],
    ["holiday-add", { calendar: "day", from: "2026-02-03", to: "2026-02-01", name: "x" }, "args.to", "invalid_value"],
    ["holiday-add", { calendar: "day", from: "2026-01-01", name: "x", spans: "9:00-9:00" }, "args.spans.0.to", "invalid_value"],
    ["holiday-add", { calendar: "day", from: "2026-05-01", name: "x" }, "args.from", "conflict"],
    ["holiday-remove", { calendar: "day", day: "2026-07-01" }, "args.day", "not_found"],
  ])("calendar.%s with %o names %s", async (verb, change, path, code) => {
    const made = { key: "fresh", name: "Day", timeZone: "UTC", spans: "mon 9:00-10:00" };
    expect(await admin.refused(`calendar.${verb}`, verb === "create" ? { ...made, ...change } : change)).toMatchObject({ path, code });
  });
});

describe("what anybody may know of an inbox", () => {
  it("comes in the first language that it is written in, and may be kept for a while", async () => {
    const answer = await publicInbox("pt-PT,en");
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("cache-control")).toBe("public, max-age=30");
    expect(answer.headers.get("set-cookie")).toBeNull();
    const shown: PublicInbox = JSON.parse(await answer.text());
    expect(shown).toMatchObject({
      name: "Website",
      language: "pt-BR",
      greeting: expect.stringContaining("Olá"),
      prechat: null,
      open: true,
    });
    expect(shown.languages).toEqual(["de", "en", "es", "fr", "pt-BR"]);
    expect((await readPublic("ja,de-AT")).language).toBe("de");
    expect((await readPublic()).language).toBe("en");
    expect((await publicInbox(undefined, "no-such-inbox")).status).toBe(404);
    const { count } = (await product.database.acrossTenants.query<{ count: number }>("select count(*) from contact"))[0] ?? {};
    expect(count).toBe(0);
  });

  it.each<[string, object, string]>([
    ["inbox.update", { inbox: "nowhere" }, "args.inbox"],
    ["inbox.update", { origins: "https://a.example https://b.example/path" }, "args.origins.1"],
    ["inbox.update", { colour: "red" }, "args.colour"],
    ["inbox.update", { calendar: "nowhere" }, "args.calendar"],
    ["inbox.update", { commands: "reverse, agent.invite" }, "args.commands.1"],
    ["inbox.update", { commands: "nothing-there" }, "args.commands.0"],
    ["inbox.create", { name: "website" }, "args.name"],
    ["inbox.create", { name: "New", team: "nowhere" }, "args.team"],
    ["inbox.create", { name: "New", calendar: "nowhere" }, "args.calendar"],
    ["inbox.create", { name: "New", origins: "not a site" }, "args.origins.0"],
    ["inbox.text", { key: "gretting", language: "en", text: "x" }, "args.key"],
    ["inbox.text", { key: "greeting", language: "english please", text: "x" }, "args.language"],
    ["inbox.text", { key: "prechat.nothing", language: "en", text: "x" }, "args.key"],
    ["inbox.prechat", { fields: "name, when:time" }, "args.fields.1.type"],
    ["inbox.prechat", { fields: "name, name" }, "args.fields.1.name"],
    ["inbox.proactive", { key: "a", page: "pricing", after: 1, language: "en", text: "x" }, "args.page"],
    ["inbox.proactive", { key: "a", page: "/", after: -1, language: "en", text: "x" }, "args.after"],
    ["inbox.proactive-remove", { key: "nothing" }, "args.key"],
  ])("%s with %o names %s", async (command, change, path) => {
    const which = command === "inbox.create" ? {} : { inbox: product.inbox };
    expect(await admin.refused(command, { ...which, ...change })).toMatchObject({ path });
  });

  it("an inbox that an admin makes takes visitors of its website at once, who may run what it publishes", async () => {
    expect(await agent.refused("inbox.create", { name: "Shop" })).toMatchObject({ code: "unknown_command" });
    const { data, messages } = await admin.run("inbox.create", { name: "Shop", origins: product.url, commands: "reverse" });
    const { key, tag } = JSON.parse(JSON.stringify(data));
    expect(tag).toBe(`<script src="${product.url}/widget.js" data-inbox="${key}" async></script>`);
    expect(messages[0]?.text).toContain(tag);
    await expect.poll(async () => (await publicInbox(undefined, key)).status, { timeout: 3000 }).toBe(200);
    const page = await product.openVisitor();
    await page.hello({ inbox: key });
    expect((await page.answerTo(await page.say("reverse one two"))).text).toBe("two one");
    expect((await page.answerTo(await page.say("mat one two"))).text).not.toBe("mat mat");
    await page.close();
    const listed = JSON.parse(JSON.stringify((await admin.run("inbox.list")).data));
    expect(listed.inboxes.find((inbox: { name: string }) => inbox.name === "Shop")).toMatchObject({
      commands: ["reverse"],
      team: "support",
    });
    await product.database.acrossTenants.query("update inbox set active = false where public_key = $1", [key]);
  });
});

describe("an open chat", () => {
  it("says within seconds that the last agent left, keeps what is written, and where the answer may go", async () => {
    const desk = await agent.desk();
    await agent.run("me.online");
    const { page, welcome, conversation } = await product.visit({ languages: ["de-AT", "en"], locale: "de-AT" });
    expect(welcome.greeting?.text).toContain("Hallo");
    expect(welcome.state.away).toBeUndefined();
    const before = Date.now();
    await agent.run("me.offline");
    const gone = await page.until("state", ({ away }) => away !== undefined);
    expect(Date.now() - before).toBeLessThan(5000);
    expect(gone.away).toEqual({ reason: "nobody", text: expect.stringContaining("niemand"), mailKnown: false });
    await desk.close();

    await page.say("wo ist mein Paket?");
    const kept = await page.until("message", ({ author }) => author.kind === "system");
    expect(kept.text).toContain("aufgehoben");
    expect(await page.until("state", ({ controller }) => controller === "queue")).toMatchObject({
      position: 1,
      away: { reason: "nobody" },
    });

    page.send({ type: "contact", clientId: "m1", email: "no address" });
    expect(await page.until("error", ({ ref }) => ref === "m1")).toMatchObject({ error: { code: "invalid_value", path: "email" } });
    page.send({ type: "contact", clientId: "m2", email: " visitor@example.com " });
    expect(await page.until("contact")).toEqual({ type: "contact", clientId: "m2", email: "visitor@example.com" });
    await page.until("state", ({ away }) => away?.mailKnown === true);

    const later = await agent.desk();
    await agent.run("me.online");
    await page.until("state", ({ away }) => away === undefined);
    await agent.run("conversation.take", { conversation });
    later.send({ type: "watch", topic: `conversation:${conversation}` });
    const { items } = await later.until("snapshot", ({ topic }) => topic === `conversation:${conversation}`);
    expect(items[0]).toMatchObject({ kind: "head", contact: { email: "visitor@example.com" } });
    await later.close();
    await page.close();
  });

  it("says when the hours begin, and takes a message for then", async () => {
    await admin.run("calendar.create", { key: "later", name: "Later", timeZone: "UTC", spans: closedNow() });
    const desk = await agent.desk();
    await agent.run("me.online");
    const { page, welcome } = await product.visit();
    expect(welcome.state.away).toBeUndefined();
    await admin.run("inbox.text", { inbox: product.inbox, key: "away.closed", language: "en", text: "Closed, we are." });
    await admin.run("inbox.update", { inbox: product.inbox, calendar: "later" });
    const { away } = await page.until("state", (state) => state.away !== undefined);
    expect(away).toMatchObject({ reason: "closed", text: "Closed, we are." });
    const opensIn = Date.parse(away?.until ?? "") - Date.now();
    expect(opensIn).toBeGreaterThan(0);
    expect(opensIn).toBeLessThan(72 * 3_600_000);
    expect(await readPublic()).toMatchObject({ open: false, opensAt: away?.until });
    await page.say("person");
    expect((await page.until("message", ({ author }) => author.kind === "system")).text).toBe("Closed, we are.");
    const waiting = await page.until("state", ({ position }) => position !== undefined);
    expect(waiting.waitSeconds).toBeUndefined();
    await admin.run("inbox.update", { inbox: product.inbox, calendar: "none" });
    const opened = await page.until("state", (state) => state.away === undefined);
    // The test before had its visitor taken from this queue.
    expect(opened.waitSeconds).toBeGreaterThanOrEqual(10);
    await desk.close();
    await page.close();
  });
});

// Last: from then on nobody writes without answering.
describe("an inbox that asks first", () => {
  it("has the form, its words and the messages beside the launcher", async () => {
    const inbox = "Website";
    await admin.run("inbox.prechat", { inbox, fields: "name, email*, order-number:number", teams: "support" });
    await admin.run("inbox.text", { inbox, key: "prechat.order-number", language: "de", text: "Bestellung" });
    await admin.run("inbox.proactive", { inbox, key: "price", page: "/pricing*", after: 20, language: "en", text: "Any question?" });
    await admin.run("inbox.update", { inbox, colour: "#2D55DD", origins: `${product.url} https://shop.example` });
    await expect.poll(async () => (await readPublic("de")).colour, { timeout: 8000 }).toBe("#2d55dd");
    const shown = await readPublic("de");
    expect(shown.colours?.light).toEqual({ accent: "#2d55dd", onAccent: "#ffffff" });
    expect(shown.prechat).toEqual({
      title: "Bevor wir beginnen",
      fields: [
        { name: "name", label: "Name", type: "text", required: false },
        { name: "email", label: "E-Mail", type: "email", required: true },
        { name: "order-number", label: "Bestellung", type: "number", required: false },
      ],
      teams: [{ key: "support", name: "Support" }],
    });
    expect(shown.proactive).toEqual([]);
    const inEnglish = [{ pagePattern: "/pricing*", afterSeconds: 20, text: "Any question?" }];
    for (const languages of ["de,en-GB", "en", undefined]) expect((await readPublic(languages)).proactive).toEqual(inEnglish);
    const { data } = await agent.run("inbox.list");
    expect(data).toMatchObject({ inboxes: [{ key: product.inbox, origins: [product.url, "https://shop.example"] }] });
  });
});
