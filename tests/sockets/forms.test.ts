import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defineAutomation } from "../../automations/contract.ts";
import { hostAutomations } from "../../src/commands/automations/hostAutomations.ts";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import { openProduct, type TestProduct } from "../fixtures/product.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";

const visitors = { version: "1.0.0", risk: "read", audience: "visitor" } as const;

/** An example of what an automation may answer with: it asks by a form, and answers by a card. */
const table = defineAutomation({
  ...visitors,
  name: "table",
  summary: "Asks for a table.",
  args: { type: "object", properties: {} },
  answer: () => ({
    messages: [
      {
        text: "When, and for how many?",
        blocks: [
          {
            type: "form",
            title: "A table",
            action: "book",
            fields: [
              { name: "name", label: "Name", type: "text", required: true },
              { name: "email", label: "E-mail", type: "email" },
              { name: "guests", label: "Guests", type: "number", required: true },
              { name: "day", label: "Day", type: "date" },
              { name: "room", label: "Room", type: "choice", choices: ["garden", "hall"] },
              { name: "terms", label: "I come", type: "checkbox", required: true },
            ],
          },
        ],
      },
    ],
  }),
});
const book = defineAutomation({
  ...visitors,
  name: "book",
  summary: "Books a table.",
  args: {
    type: "object",
    properties: {
      name: { type: "string" },
      guests: { type: "integer", maximum: 8 },
      email: { type: "string" },
      day: { type: "string" },
      room: { type: "string" },
      terms: { type: "boolean" },
    },
    required: ["name", "guests"],
  },
  answer: ({ args }) => ({
    messages: [
      {
        text: `Booked for ${args["name"]}`,
        blocks: [{ type: "card", title: "Booked", buttons: [{ action: "command", label: "Backwards", value: `reverse ${args["name"]}` }] }],
      },
    ],
    data: args,
  }),
});

const cancelled: unknown[] = [];
/** An example of what can't be taken back. */
const cancel = defineAutomation({
  ...visitors,
  name: "cancel",
  summary: "Cancels an order.",
  risk: "destructive",
  args: { type: "object", properties: { order: { type: "string" } }, required: ["order"] },
  answer: ({ args }) => {
    cancelled.push(args["order"]);
    return { messages: [{ text: `Cancelled ${args["order"]}` }] };
  },
});

let product: TestProduct;
let end: () => Promise<void>;
beforeAll(async () => {
  const bus = createInProcessBus();
  end = await hostAutomations(bus, [table, book, cancel]);
  product = await openProduct({ bus });
});
afterAll(async () => {
  await end();
  await product.stop();
});

async function act(page: VisitorClient, seq: number, action: string, value?: string) {
  const clientId = randomUUID();
  page.send({ type: "action", clientId, seq, action, ...(value === undefined ? {} : { value }) });
  return await Promise.race([
    page.until("ack", (ack) => ack.clientId === clientId),
    page.until("error", (error) => error.ref === clientId).then(({ error }) => error),
  ]);
}

async function offered(locale = "en") {
  const { page, conversation } = await product.visit({ locale });
  return { page, conversation, form: await page.answerTo(await page.say("table")) };
}

const good = { name: 'Ana "the great"\nLovelace', guests: 3, day: "2026-03-31", room: "hall", terms: true };

describe("a form", () => {
  it("that was filled in is a message by itself, runs its command with the values, and is answered by a card whose button works", async () => {
    const { page, conversation, form } = await offered("de");
    const ack = await act(page, form.seq, "book", JSON.stringify(good));
    expect(ack).toMatchObject({ type: "ack" });
    const [own] = await product.database
      .forTenant(product.tenant)
      .query<{ text: string; blocks: object[] }>(
        "select text, blocks from message where tenant_id = $1 and conversation_id = $2 and seq = $3",
        [conversation, "seq" in ack ? ack.seq : 0],
      );
    expect(own?.text).toBe('Name: Ana "the great"\nLovelace\nGuests: 3\nDay: 2026-03-31\nRoom: hall\nI come: ja');
    expect(own?.blocks).toEqual([{ type: "action", action: "book", values: good, of: form.seq }]);
    const card = await page.until("message", ({ seq }) => "seq" in ack && seq > ack.seq);
    expect(card).toMatchObject({
      text: 'Booked for Ana "the great"\nLovelace',
      command: "book",
      blocks: [{ type: "card", title: "Booked" }],
    });
    const pressed = await act(page, card.seq, "command", 'reverse Ana "the great"\nLovelace');
    expect(pressed).toMatchObject({ type: "ack" });
    await page.close();
  });

  it.each([
    ["no value", undefined, "value", /as a JSON object/],
    ["no JSON", "{", "value", /as a JSON object/],
    ["a list", "[]", "value", /as a JSON object/],
    ["a missing field", JSON.stringify({ ...good, name: "" }), "value.name", /"Name" must be filled in/],
    ["a text for a number", JSON.stringify({ ...good, guests: "3" }), "value.guests", /"Guests" must be a number/],
    ["a bad address", JSON.stringify({ ...good, email: "ana" }), "value.email", /"E-mail" must be a mail address/],
    ["no such day", JSON.stringify({ ...good, day: "2026-02-30" }), "value.day", /"Day" must be a date/],
    ["another choice", JSON.stringify({ ...good, room: "roof" }), "value.room", /"Room" must be one of its choices/],
    ["no consent", JSON.stringify({ ...good, terms: false }), "value.terms", /"I come" must be filled in/],
    ["a field that isn't there", JSON.stringify({ ...good, isAdmin: true }), "value.isAdmin", /no field "isAdmin"/],
  ])("with %s is refused, naming the field", async (_, value, path, message) => {
    const { page, form } = await offered();
    expect(await act(page, form.seq, "book", value)).toMatchObject({
      code: "invalid_value",
      path,
      message: expect.stringMatching(message),
    });
    await page.close();
  });

  it("of another message, or that was never offered, is refused", async () => {
    const { page, form } = await offered();
    expect(await act(page, form.seq - 1, "book", JSON.stringify(good))).toMatchObject({ code: "invalid_value", path: "action" });
    expect(await act(page, form.seq, "mat", JSON.stringify(good))).toMatchObject({ code: "invalid_value", path: "action" });
    await page.close();
  });

  it("whose values the command doesn't take is told in the command's words", async () => {
    const { page, form } = await offered();
    const ack = await act(page, form.seq, "book", JSON.stringify({ ...good, guests: 9 }));
    expect((await page.until("message", ({ seq }) => "seq" in ack && seq > ack.seq)).text).toContain('"guests" must be 8 or less');
    await page.close();
  });
});

describe("what can't be taken back", () => {
  const codeOf = (text: string) => /confirm ([A-Z2-9]{8})/.exec(text)?.[1] ?? "";
  const say = async (page: VisitorClient, text: string) => (await page.answerTo(await page.say(text))).text;

  it("is done in the chat once the visitor says that it is meant, by the button or by its words", async () => {
    const { page } = await product.visit();
    const asked = await page.answerTo(await page.say("cancel ORD-1"));
    expect(asked.text).toContain('"cancel" can\'t be taken back');
    expect(cancelled).toEqual([]);
    const line = `confirm ${codeOf(asked.text)}`;
    const ack = await act(page, asked.seq, "command", line);
    expect((await page.until("message", ({ seq }) => "seq" in ack && seq > ack.seq)).text).toBe("Cancelled ORD-1");
    expect(await say(page, line)).toContain("can't be confirmed any more");
    const typed = codeOf(await say(page, "cancel ORD-2")).toLowerCase();
    expect(await say(page, `confirm ${typed}`)).toBe("Cancelled ORD-2");
    expect(cancelled).toEqual(["ORD-1", "ORD-2"]);
    await page.close();
  });

  it("isn't done by another conversation's code, nor by one that is over a minute old; and says so in the visitor's language", async () => {
    const [{ page }, other] = [await product.visit({ locale: "de" }), await product.visit()];
    const text = await say(page, "cancel ORD-3");
    expect(text).toContain("lässt sich nicht zurücknehmen");
    expect(await say(other.page, `confirm ${codeOf(text)}`)).toContain("can't be confirmed any more");
    await product.database.acrossTenants.query("update confirmation set expires_at = now() where used_by is null");
    expect(await say(page, `confirm ${codeOf(text)}`)).toContain("nicht mehr bestätigen");
    expect(await say(page, "cancel")).toContain('"order" is missing');
    expect(cancelled).toEqual(["ORD-1", "ORD-2"]);
    await Promise.all([page.close(), other.page.close()]);
  });
});
