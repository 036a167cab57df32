import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Form } from "../../../src/channels/drawing.ts";
import { openTeamsHouse, type TeamsHouse } from "../../fixtures/teamsHouse.ts";

const general = "19:general@thread.tacv2";
const group = "19:group@thread.v2";

let here: TeamsHouse;
beforeAll(async () => {
  here = await openTeamsHouse();
});
afterAll(() => here.close());
beforeEach(() => {
  here.heard.length = 0;
  here.teams.server.posted.length = 0;
  here.house.formOf = async () => undefined;
  here.house.check = async () => ({});
});

const person = (user: string) => ({ workspace: here.teams.organisation, user, name: expect.any(String) });
const service = () => ({ serviceUrl: here.teams.cloud.serviceUrl });
const place = () => ({ installation: here.installation, place: { room: "a:ann", scope: "personal" as const, service: service() } });

describe("what is said", () => {
  it("in a person's own chat is a message", async () => {
    const { status, id } = await here.teams.say("ann", "personal", "late-orders region:north");
    expect(status).toBe(200);
    expect(here.heard).toEqual([
      {
        kind: "said",
        key: `a:ann ${id}`,
        person: { ...person("ann"), locale: "en-US" },
        place: { room: "a:ann", scope: "personal", service: service() },
        message: id,
        text: "late-orders region:north",
        files: [],
        by: "message",
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      },
    ]);
  });

  it("to us in a channel or group is a mention, in its thread", async () => {
    const { id } = await here.teams.say("ann", general, "@Switchboard late-orders");
    await here.teams.say("bob", `${general};messageid=${id}`, "@Switchboard and west?");
    await here.teams.say("bob", group, "hello @Switchboard");
    expect(here.heard).toMatchObject([
      { text: "late-orders", by: "mention", place: { room: general, thread: id, scope: "channel" } },
      { text: "and west?", by: "mention", place: { room: general, thread: id, scope: "channel" } },
      { text: "hello", by: "mention", place: { room: group, scope: "group" } },
    ]);
  });

  it.each([
    ["<at> of others", "<at>Switchboard</at> ask <at>Bob Example</at> and <at id='1'>Eve</at>", "ask @Bob Example and @Eve"],
    ["HTML in text", "<div>one<br>two</div><p>three &amp; <b>four</b></p>", "one\ntwo\nthree & four"],
    ["what looks like HTML once decoded", "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;", "<script>alert(1)</script> &lt;"],
    ["empty text after stripping mention", "<at>Switchboard</at> ", "help"],
    ["nothing at all", "", "help"],
    ["no-break spaces", "<at>Switchboard</at>&nbsp;mat\u00a0x", "mat x"],
    ["a number that is no character", "a &#0;&#xd800;&#9999999; b", "a &#0;&#xd800;&#9999999; b"],
  ])("bad/4.3/text: %s", async (_, text, read) => {
    const mentioned = { id: `28:${here.teams.app.appId}`, name: "Switchboard" };
    const entities = [{ type: "mention", mentioned, text: "<at>Switchboard</at>" }];
    await here.teams.send(here.teams.shape("message", "ann", "personal", { text, entities }));
    expect(here.heard).toMatchObject([{ text: read }]);
  });

  it("bad/4.3/the same activity.id twice has one key", async () => {
    const activity = here.teams.shape("message", "ann", "personal", { text: "once" });
    await here.teams.send(activity);
    await here.teams.send(activity);
    expect(here.heard).toHaveLength(1);
  });

  it("by ourselves or another bot starts no loop", async () => {
    const bot = { id: `28:${here.teams.app.appId}`, name: "Switchboard" };
    for (const from of [bot, { id: "28:another", name: "Bot", aadObjectId: "x" }, { id: "29:x", role: "bot", aadObjectId: "x" }]) {
      expect(await here.teams.send(here.teams.shape("message", "ann", "personal", { from, text: "x" }))).toMatchObject({ status: 200 });
    }
    expect(here.heard).toEqual([]);
  });

  it("with files names them", async () => {
    const attachments = [
      {
        contentType: "application/vnd.microsoft.teams.file.download.info",
        contentUrl: "https://example.sharepoint.com/a.txt",
        name: "a.txt",
        content: { downloadUrl: "https://example.sharepoint.com/download?x", uniqueId: "1", fileType: "txt" },
      },
      { contentType: "image/png", contentUrl: "https://smba.trafficmanager.net/emea/v3/attachments/1/views/original" },
      { contentType: "text/html", content: "<p>look</p>" },
    ];
    await here.teams.send(here.teams.shape("message", "ann", "personal", { text: "look", attachments }));
    expect(here.heard).toMatchObject([
      {
        files: [
          { name: "a.txt", url: "https://example.sharepoint.com/download?x" },
          { name: "picture.png", url: "https://smba.trafficmanager.net/emea/v3/attachments/1/views/original" },
        ],
      },
    ]);
  });

  it("is followed when it is edited, deleted and reacted to", async () => {
    const { id } = await here.teams.say("ann", "personal", "first");
    await here.teams.edit("ann", "personal", id, "second");
    await here.teams.edit("ann", "personal", id, "third");
    await here.teams.react("ann", "personal", id, "like");
    await here.teams.react("ann", "personal", id, "like", false);
    await here.teams.remove("ann", "personal", id);
    expect(here.heard.slice(1)).toMatchObject([
      { kind: "edited", message: id, text: "second" },
      { kind: "edited", message: id, text: "third" },
      { kind: "reacted", message: id, emoji: "👍", on: true },
      { kind: "reacted", message: id, emoji: "👍", on: false },
      { kind: "deleted", message: id },
    ]);
    expect(new Set(here.heard.map(({ key }) => key)).size).toBe(6);
  });

  it("keeps the address where the app comes to somebody", async () => {
    await here.teams.meet("ann", "personal");
    expect(here.heard).toMatchObject([{ kind: "met", person: person("ann"), place: { room: "a:ann", service: service() } }]);
  });
});

describe("who says it", () => {
  it("advisory 37: is their id in their organisation, whatever name they have, by message, button, dialog and extension alike", async () => {
    const more = { from: { id: "29:eve", name: "Ann Example", aadObjectId: "eve" } };
    const eve = { workspace: here.teams.organisation, user: "eve" };
    await here.teams.say("ann", "personal", "x", more);
    const data = { card: "c", verb: "go" };
    const asked: unknown[] = [];
    here.house.formOf = async (_, pressed) => {
      asked.push(pressed.person);
      return undefined;
    };
    here.house.check = async (_, who) => {
      asked.push(who);
      return {};
    };
    here.house.search = async (_, who) => {
      asked.push(who);
      return [];
    };
    const { invoke } = here.teams;
    await invoke("ann", "personal", "adaptiveCard/action", { action: { type: "Action.Execute", verb: "go", data } }, more);
    await invoke("ann", "personal", "task/fetch", { data }, more);
    await invoke("ann", "personal", "task/submit", { data: { card: "c", opened: data } }, more);
    await invoke("ann", "personal", "composeExtension/query", { parameters: [] }, more);
    expect(here.heard).toMatchObject([
      { kind: "said", person: eve },
      { kind: "pressed", person: eve },
      { kind: "filled", person: eve },
    ]);
    expect(asked).toMatchObject([eve, eve, eve]);
  });

  it("of another organisation is said to be of that one", async () => {
    await here.teams.say("ann", group, "@Switchboard x", { from: { id: "29:g", name: "Guest", aadObjectId: "g", tenantId: "other" } });
    expect(here.heard).toMatchObject([{ person: { workspace: "other", user: "g" } }]);
  });

  it("bad/4.3/tenantId not onboarded: is told so, and nothing is made", async () => {
    const more = { channelData: { tenant: { id: "stranger" } } };
    expect(await here.teams.say("ann", "personal", "x", more)).toMatchObject({ status: 200 });
    expect(here.teams.seen("ann", "personal").map(({ text }) => text)).toEqual([
      "Switchboard isn't connected to this organisation; an admin connects it in the desk's settings.",
    ]);
    const { body } = await here.teams.invoke("ann", "personal", "task/fetch", { data: { card: "c", verb: "go" } }, more);
    expect(body).toMatchObject({ task: { type: "message", value: expect.stringContaining("isn't connected") } });
    const action = { action: { type: "Action.Execute", verb: "go", data: { card: "c", verb: "go" } } };
    const pressed = await here.teams.invoke("ann", "personal", "adaptiveCard/action", action, more);
    expect(pressed.body).toMatchObject({ statusCode: 403 });
    expect(here.heard).toEqual([]);
  });

  it("bad/4.3/nobody of an organisation is not heard", async () => {
    await here.teams.say("ann", "personal", "x", { from: { id: "29:anonymous", name: "Ann Example" } });
    const { body } = await here.teams.invoke("ann", "personal", "task/fetch", { data: {} }, { from: { id: "29:x", name: "Ann Example" } });
    expect(body).toMatchObject({ task: { type: "message" } });
    expect(here.heard).toEqual([]);
  });
});

describe("a card", () => {
  const card = {
    id: "card-1",
    buttons: [
      { verb: "approve", label: "Approve", value: "7" },
      { verb: "ask", label: "Fill in", opens: true as const },
    ],
  };

  it("is pressed, with the message that has it", async () => {
    const message = await here.chat.post(place(), { text: "Shall it?", card }, "m");
    const { body } = await here.teams.press("ann", "personal", "Approve");
    expect(body).toMatchObject({ statusCode: 200, type: "application/vnd.microsoft.activity.message" });
    expect(here.heard).toMatchObject([{ kind: "pressed", card: "card-1", verb: "approve", value: "7", message, person: person("ann") }]);
  });

  it.each([
    ["extra keys", { card: "card-1", verb: "approve", admin: true }, "approve"],
    ["foreign conversation id", { card: "card-1", verb: "approve", conversation: "19:other@thread.v2" }, "approve"],
    ["another verb than the button's", { card: "card-1", verb: "approve" }, "reject"],
    ["no card", { verb: "approve" }, "approve"],
    ["a list", ["card-1"], "approve"],
    ["nothing", undefined, "approve"],
  ])("bad/4.3/card value with %s is refused", async (_, data, verb) => {
    const { status, body } = await here.teams.invoke("ann", "personal", "adaptiveCard/action", {
      action: { type: "Action.Execute", verb, data },
    });
    expect({ status, body }).toMatchObject({ status: 200, body: { statusCode: 400, type: "application/vnd.microsoft.error" } });
    const opened = await here.teams.invoke("ann", "personal", "task/fetch", { data });
    expect(opened).toMatchObject({ status: 200, body: { task: { type: "message" } } });
    expect(here.heard).toEqual([]);
  });

  it("bad/4.3/invoke with a foreign conversation id says where it was pressed, which the house compares", async () => {
    const action = { action: { type: "Action.Execute", verb: "approve", data: { card: "card-1", verb: "approve" } } };
    await here.teams.invoke("bob", group, "adaptiveCard/action", action);
    expect(here.heard).toMatchObject([{ place: { room: group, scope: "group" }, person: person("bob") }]);
  });

  const form: Form = {
    card: "card-1",
    title: "Cancel",
    submit: "Cancel them",
    inputs: [
      { name: "region", label: "Region", required: true, type: "choice", searched: true },
      { name: "count", label: "Count", required: true, type: "integer", value: "3" },
      { name: "at", label: "When", required: false, type: "instant" },
    ],
  };

  it("opens a form, whose errors stand at their fields, and whose values are heard once they fit", async () => {
    const asked: unknown[] = [];
    here.house.formOf = async (_, pressed) => {
      asked.push(pressed);
      return { form };
    };
    here.house.check = async (_, _person, _card, { count }) => (count === "5" ? {} : { count: "At most 5.", other: "Not on Sundays." });
    here.house.choices = async (_, _person, { card: of, input, typed }) => [{ value: "n", label: `${of} ${input} ${typed}` }];
    await here.chat.post(place(), { text: "Shall it?", card }, "m");
    await here.teams.press("ann", "personal", "Fill in");
    expect(asked).toMatchObject([{ kind: "pressed", card: "card-1", verb: "ask", person: person("ann") }]);
    expect(here.teams.dialog("ann")?.title).toBe("Cancel");
    expect(await here.teams.suggest("ann", "personal", "region", "nor")).toEqual(["card-1 region nor"]);

    await here.teams.fill("ann", "personal", { region: "n", count: "9", at: "2026-11-22", "at.time": "11:30" });
    const again = here.teams.dialog("ann");
    expect(again?.text).toBe("Not on Sundays.\nCount: At most 5.");
    expect(again?.inputs.map(({ id, value }) => [id, value])).toEqual([
      ["input.region", "n"],
      ["input.count", "9"],
      ["input.at", "2026-11-22"],
      ["input.at.time", "11:30"],
    ]);
    expect(here.heard).toEqual([]);

    const { said } = await here.teams.fill("ann", "personal", { count: "5" });
    expect(said).toBe("It is being done; the answer comes into the chat.");
    expect(here.heard).toMatchObject([
      { kind: "filled", card: "card-1", person: person("ann"), values: { region: "n", count: "5", at: "2026-11-22T10:30:00Z" } },
    ]);
  });

  it("may say something in place of a form", async () => {
    here.house.formOf = async () => ({ say: { text: "Ann decided it already." } });
    await here.chat.post(place(), { text: "Shall it?", card }, "m");
    await here.teams.press("ann", "personal", "Fill in");
    expect(here.teams.dialog("ann")?.text).toBe("Ann decided it already.");
  });
});

describe("the message extension", () => {
  it("finds entities and commands", async () => {
    here.house.search = async (_, _person, typed) => [{ title: `<b>${typed}</b>`, text: "an order", drawing: { text: "Order A1" } }];
    const { body } = await here.teams.look("ann", group, "A1");
    expect(body).toMatchObject({
      composeExtension: {
        type: "result",
        attachmentLayout: "list",
        attachments: [
          {
            contentType: "application/vnd.microsoft.card.adaptive",
            preview: { content: { title: "&#60;b&#62;A1&#60;/b&#62;", text: "an order" } },
          },
        ],
      },
    });
  });

  it("runs a command", async () => {
    const opened = await here.teams.invoke("ann", group, "composeExtension/fetchTask", { commandId: "run" });
    expect(opened.body).toMatchObject({ task: { type: "continue", value: { title: "Run a command" } } });
    const { invoke } = here.teams;
    expect((await invoke("ann", group, "composeExtension/submitAction", { data: { "command.line": " " } })).body).toMatchObject({
      task: { type: "message", value: "Say what is to be done." },
    });
    await invoke("ann", group, "composeExtension/submitAction", { data: { "command.line": "late-orders" } });
    expect(here.heard).toMatchObject([{ kind: "said", text: "late-orders", by: "command", place: { room: group } }]);
  });

  it("says 501 to what it doesn't know", async () => {
    expect(await here.teams.invoke("ann", "personal", "signin/verifyState", {})).toMatchObject({ status: 501 });
  });
});
