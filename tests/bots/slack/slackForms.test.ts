import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Form } from "../../../src/channels/drawing.ts";
import { Refusal } from "../../../src/protocol/refusal.ts";
import { payloadOf } from "../../fixtures/slackSends.ts";
import { openSlackHouse, type SlackHouse } from "./slackHouse.ts";

const steve = "U123ABC456";
const general = "C123ABC456";
const card = "9d0e0a4a-3a1f-4c11-8f2e-1f0d4a3d9d0e";

let house: SlackHouse;
let original: SlackHouse["house"];
let before = 0;
beforeAll(async () => {
  house = await openSlackHouse();
  original = { ...house.house };
});
afterAll(() => house.close());
afterEach(() => {
  before = house.heard.length;
  Object.assign(house.house, original);
  house.slack.world.modals.clear();
  for (const channel of house.slack.world.channels.values()) channel.messages.length = 0;
});
const heard = () => house.heard.slice(before);
const methods = (from: number) => house.slack.asked.slice(from).map(({ method }) => method);

const form: Form = {
  card,
  title: "late-orders",
  submit: "Run it",
  inputs: [
    { name: "region", label: "Region", required: true, type: "choice", searched: true },
    { name: "limit", label: "Limit", required: false, type: "integer", value: "10" },
    { name: "since", label: "Since", required: false, type: "instant" },
    { name: "all", label: "All", required: false, type: "boolean" },
  ],
};

/** A message with a button that opens a form, and one that doesn't. */
async function offer(only?: string): Promise<string> {
  const to = {
    installation: house.installation,
    place: { room: general, scope: "channel" as const },
    ...(only === undefined ? {} : { only }),
  };
  const drawing = {
    text: "Late orders",
    card: {
      id: card,
      buttons: [
        { verb: "fill", label: "Fill in", opens: true as const },
        { verb: "approve", label: "Approve", style: "primary" as const, value: "7" },
      ],
    },
  };
  return await house.chat.post(to, drawing, "mark-1");
}

describe("a button", () => {
  it("says its card, verb and value, who pressed it and where", async () => {
    const message = await offer();
    expect((await house.slack.press(steve, general, "Approve")).status).toBe(200);
    expect(heard()).toMatchObject([
      {
        kind: "pressed",
        card,
        verb: "approve",
        value: "7",
        message,
        person: { workspace: "T123ABC456", user: steve },
        place: { room: general, scope: "channel" },
        opener: expect.any(String),
      },
    ]);
  });

  it("on what only one person sees says so by the message's id", async () => {
    const message = await offer(steve);
    expect(message).toMatch(/^only:U123ABC456:/);
    expect(house.slack.seen("U456DEF789", general)).toEqual([]);
    await house.slack.press(steve, general, "Approve");
    expect(heard()).toMatchObject([{ kind: "pressed", message }]);
  });

  it("on the home page has no message", async () => {
    await house.chat.showHome?.(house.installation, steve, {
      greeting: "Hello",
      waiting: [],
      commands: [{ name: "late-orders", summary: "Lists them" }],
      card: { id: card, buttons: [{ verb: "open", label: "Run" }] },
    });
    expect(house.slack.home(steve)?.text).toBe("Hello\nWhat you may run\nlate-orders\nLists them");
    await house.slack.press(steve, "home", "Run");
    expect(heard()).toMatchObject([
      { kind: "pressed", verb: "open", value: "late-orders", place: { room: "D123ABC456", scope: "personal" } },
    ]);
  });

  it("on the home page that isn't ours is told to whoever pressed it, alone", async () => {
    const none = { channel: undefined, message: undefined, container: { type: "view", view_id: "V1" } };
    await house.slack.send("interactions", payloadOf("block_actions", { ...none, actions: [{ type: "button", action_id: "x" }] }));
    expect(house.slack.seen(steve, "D123ABC456").at(-1)?.text).toContain("nothing was done");
    expect(heard()).toEqual([]);
  });

  const foreign: [string, object][] = [
    ["of a message we did not send", { action_id: "approve_request", value: "click_me_123" }],
    ["with a tampered value", { value: '{"card":"x","verb":"approve","admin":true}' }],
    ["with a value that is no JSON", { value: "approve" }],
    ["with a value of another type", { value: '["approve"]' }],
    ["without a value", { value: undefined }],
    ["with a verb that is no word", { value: '{"card":"x","verb":"__proto__"}' }],
  ];
  it.each(foreign)("4.2: a button %s does nothing, and who pressed it is told", async (_, change) => {
    const action = { type: "button", action_id: "press:0:approve", value: '{"card":"x","verb":"approve"}', ...change };
    expect((await house.slack.send("interactions", payloadOf("block_actions", { actions: [action] }))).status).toBe(200);
    expect(heard()).toEqual([]);
    const [told] = house.slack.seen(steve, general);
    expect(told).toMatchObject({ only: steve, text: expect.stringContaining("nothing was done") });
  });

  it("37: a button pressed by somebody of another workspace is theirs", async () => {
    await offer();
    await house.slack.press("U0GUEST", general, "Approve");
    expect(heard()).toMatchObject([{ person: { workspace: "T0OTHER", user: "U0GUEST" } }]);
  });
});

describe("a form", () => {
  it("opens first, is filled after, and says what was filled in", async () => {
    const from = house.slack.asked.length;
    await offer();
    house.house.formOf = async (_, pressed) => {
      // By now Slack shows something.
      expect(house.slack.modal(steve)?.text).toBe("One moment…");
      expect(pressed).toMatchObject({ card, verb: "fill", person: { user: steve } });
      return { form };
    };
    house.house.choices = async (_, __, { input, typed, values }) => [
      { value: `${typed}rth`, label: `${input} ${typed}rth of ${values["limit"]}` },
      { value: "x".repeat(200), label: "too long for Slack" },
    ];
    expect((await house.slack.press(steve, general, "Fill in")).status).toBe(200);
    expect(methods(from)).toEqual(["chat.postMessage", "views.open", "views.update"]);
    expect(house.slack.modal(steve)).toMatchObject({ title: "late-orders", submit: "Run it", privateMetadata: card });
    expect(await house.slack.suggest(steve, "region", "no")).toEqual(["region north of 10"]);
    house.house.check = async (_, __, ___, { limit }) => (limit === "10" ? {} : { limit: "At most 10.", other: "Something else." });
    expect(await house.slack.fill(steve, { region: "north", limit: "11" })).toEqual({ limit: "At most 10.", region: "Something else." });
    expect(heard()).toEqual([]);
    expect(await house.slack.fill(steve, { region: "north", since: "2026-11-22T10:00:00.000Z", all: "true" })).toEqual({});
    expect(house.slack.modal(steve)).toBeUndefined();
    expect(heard()).toMatchObject([
      {
        kind: "filled",
        card,
        person: { workspace: "T123ABC456", user: steve },
        values: { region: "north", limit: "10", since: "2026-11-22T10:00:00.000Z", all: "true" },
      },
    ]);
  });

  it("opens before what fills it is known, however long that takes, and Slack has its answer within 3 s", async () => {
    await offer();
    let fill = () => {};
    house.house.formOf = () =>
      new Promise((resolve) => {
        fill = () => resolve({ form });
      });
    const begun = Date.now();
    const answered = house.slack.press(steve, general, "Fill in");
    await expect.poll(() => house.slack.modal(steve)?.text, { timeout: 2500 }).toBe("One moment…");
    expect((await answered).status).toBe(200);
    expect(Date.now() - begun).toBeLessThan(3000);
    fill();
    await expect.poll(() => house.slack.modal(steve)?.title).toBe("late-orders");
  });

  it.each([
    ["a refusal", async () => Promise.reject(new Refusal("forbidden", "You may not run late-orders.")), "You may not run late-orders."],
    ["a failure", async () => Promise.reject(new Error("select * from secrets")), /^Something went wrong on our side/],
    ["nothing to fill in", async () => undefined, /nothing to fill in/],
    ["something to say", async () => ({ say: { text: "Use the desk." } }), "Use the desk."],
  ] as [string, SlackHouse["house"]["formOf"], string | RegExp][])("in place of a form, %s is said in it", async (_, formOf, text) => {
    await offer();
    house.house.formOf = formOf;
    expect((await house.slack.press(steve, general, "Fill in")).status).toBe(200);
    expect(house.slack.modal(steve)?.text).toMatch(text);
    expect(house.slack.modal(steve)?.submit).toBeUndefined();
  });

  it.each(["expired_trigger_id", "exchanged_trigger_id", "fatal_error"])(
    "4.2: %s leads to a message that says what to do",
    async (error) => {
      await offer();
      house.slack.fail("views.open", { error });
      expect((await house.slack.press(steve, general, "Fill in")).status).toBe(200);
      expect(house.slack.seen(steve, general).at(-1)).toMatchObject({
        only: steve,
        text: expect.stringMatching(/Press the button again, or write the command with \/sb\./),
      });
      expect(heard()).toEqual([]);
    },
  );

  it("a form that was closed meanwhile is no failure", async () => {
    await offer();
    const already = house.logged.length;
    house.house.formOf = async () => {
      house.slack.world.modals.clear();
      return { form };
    };
    expect((await house.slack.press(steve, general, "Fill in")).status).toBe(200);
    expect(house.logged.slice(already).filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
  });

  const view = (change: object) => payloadOf("view_submission", { view: { private_metadata: card, ...change } });
  it.each([
    ["private_metadata of another kind", { private_metadata: '{"card":"x","admin":true}' }],
    ["empty private_metadata", { private_metadata: "" }],
    ["another callback_id", { callback_id: "somebody-elses" }],
  ])("4.2: tampered %s is refused in the form", async (_, change) => {
    const { status, body } = await house.slack.send("interactions", view(change));
    expect([status, JSON.stringify(body)]).toEqual([200, expect.stringMatching(/"response_action":"update".*nothing was done/)]);
    expect(heard()).toEqual([]);
  });

  it("4.2: the card of somebody else is refused in the form, as the house says it", async () => {
    house.house.check = async () => Promise.reject(new Refusal("not_found", "There is no such form for you."));
    const { body } = await house.slack.send("interactions", view({}));
    expect(JSON.stringify(body)).toContain("There is no such form for you.");
    expect(heard()).toEqual([]);
  });

  it("37: filled in by somebody of another workspace is theirs", async () => {
    const user = { id: "U0GUEST", name: "Admin", team_id: "T0OTHER" };
    await house.slack.send("interactions", { ...view({ id: "VGUEST" }), user });
    expect(heard()).toMatchObject([{ kind: "filled", person: { workspace: "T0OTHER", user: "U0GUEST", name: "U0GUEST" } }]);
  });

  it("submitted twice is one thing that was filled in", async () => {
    const payload = view({ id: "VTWICE" });
    await house.slack.send("interactions", payload);
    await house.slack.send("interactions", { ...payload, trigger_id: "another" });
    expect(heard()).toHaveLength(1);
  });

  it("that can't be written down stays open: 503", async () => {
    house.house.heard = async () => Promise.reject(new Error("the database is down"));
    expect((await house.slack.send("interactions", view({ id: "VDOWN" }))).status).toBe(503);
  });

  it("a select that isn't ours offers nothing", async () => {
    expect(await house.slack.send("interactions", payloadOf("block_suggestion"))).toMatchObject({ status: 200, body: { options: [] } });
  });

  it("opens in answer to a command, while its trigger counts", async () => {
    await house.slack.command(steve, general, "late-orders");
    const [said] = heard();
    const opener = said?.kind === "said" ? (said.opener ?? "") : "";
    await house.chat.openForm?.(house.installation, opener, form);
    expect(house.slack.modal(steve)?.title).toBe("late-orders");
    await expect(house.chat.openForm?.(house.installation, opener, form)).rejects.toMatchObject({ kind: "refused" });
  });
});
