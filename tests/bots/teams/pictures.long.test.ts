import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { present, presentCard } from "../../../bots/teams/present.ts";
import { presentForm } from "../../../bots/teams/presentForm.ts";
import type { Drawing } from "../../../src/channels/drawing.ts";
import { type Browser, openBrowser, openPage } from "../../fixtures/browser.ts";
import { takePicture } from "../../fixtures/pictures.ts";
import { describeWithChromium } from "../../fixtures/services.ts";
import { problemsOf, rendererPath } from "../../fixtures/teamsCards.ts";

const more = { label: "Open at the desk", url: "https://desk.example/desk/#/runs/1" };

const drawings: Record<string, Drawing> = {
  help: {
    text: "You may run these. Write one, or press its button; a form asks for the rest.",
    blocks: [
      {
        type: "fields",
        fields: [
          { label: "late-orders", value: "Orders that should have arrived" },
          { label: "orders.cancel", value: "Cancels an order; https://shop.example/terms" },
          { label: "person", value: "Asks for a person" },
        ],
      },
    ],
    card: {
      id: "c",
      buttons: [
        { verb: "open", label: "late-orders", value: "late-orders", opens: true, style: "primary" },
        { verb: "open", label: "orders.cancel", value: "orders.cancel", opens: true },
        { verb: "person", label: "Ask for a person" },
      ],
    },
  },
  plan: {
    text: "orders.cancel would do this; nothing has happened yet.",
    blocks: [
      {
        type: "plan",
        summary: "orders.cancel would do this; nothing has happened yet.",
        changes: [
          { what: "A-1041, Rosa Silva", before: "PENDING", after: "CANCELLED" },
          { what: "A-1042, <at>Bob</at> **Example**", before: "PENDING", after: "CANCELLED" },
          { what: "A mail to both customers" },
        ],
        more: 12,
      },
    ],
    card: {
      id: "c",
      buttons: [
        { verb: "approve", label: "Approve", style: "primary" },
        { verb: "reject", label: "Reject", style: "danger" },
      ],
    },
    more,
  },
  result: {
    text: "3 orders are late.",
    blocks: [
      {
        type: "table",
        columns: [
          { name: "Number", type: "text" },
          { name: "Customer", type: "text" },
          { name: "Total", type: "money" },
          { name: "Due", type: "instant" },
        ],
        rows: [
          ["A-1041", "Rosa Silva", "1,204.50", "2026-11-20T10:00:00Z"],
          ["A-1042", "A customer with a name that takes more than one line", "12.00", "2026-11-21T16:30:00Z"],
          ["A-1043", "", "880.00", ""],
        ],
        truncated: true,
      },
      {
        type: "chart",
        title: "Late, by region",
        labels: ["North", "South", "West"],
        series: [
          { name: "this week", values: [12, 4, 7] },
          { name: "last week", values: [9, 6, -2] },
        ],
      },
      { type: "file", id: "f", name: "late-orders.csv", mediaType: "text/csv", size: 20_480, url: "https://desk.example/f" },
    ],
    card: { id: "c", buttons: [{ verb: "undo", label: "Take back" }] },
    more,
  },
  answer: { text: "Hello Rosa,\n\nyour parcel is on its way: https://post.example/track/1", author: { name: "Agent One, Support" } },
  error: { text: "There is no command late-order. Did you mean late-orders? help lists what you may run." },
};

const form = presentForm(
  {
    card: "c",
    title: "orders.cancel",
    text: "Cancels an order and tells its customer.",
    submit: "Look at the plan",
    inputs: [
      {
        name: "order",
        label: "Order",
        required: true,
        type: "choice",
        searched: true,
        value: "A-1041",
        choices: [{ value: "A-1041", label: "A-1041, Rosa Silva" }],
      },
      { name: "count", label: "Count", required: true, type: "integer", value: "9", minimum: 1, maximum: 5, error: "5 is the most." },
      { name: "reason", label: "Reason", required: false, type: "longText", hint: "The customer reads it.", maxLength: 500 },
      {
        name: "kind",
        label: "Kind",
        required: true,
        type: "choice",
        choices: [
          { value: "a", label: "Refund" },
          { value: "b", label: "Credit" },
        ],
        value: "a",
      },
      { name: "at", label: "When", required: false, type: "instant", value: "2026-11-22T10:00:00Z" },
      { name: "tell", label: "Tell the customer", required: false, type: "boolean", value: "true" },
    ],
  },
  "Europe/Berlin",
  { card: "c", verb: "open" },
);

const looks = {
  light: { background: "#ffffff", words: "#242424", subtle: "#616161", accent: "#5b5fc7", attention: "#c4314b", line: "#d1d1d1" },
  dark: { background: "#292929", words: "#ffffff", subtle: "#adadad", accent: "#9299f7", attention: "#f9526b", line: "#525252" },
};

describeWithChromium("the cards", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  const cards: Record<string, object> = {
    ...Object.fromEntries(Object.entries(drawings).map(([name, drawing]) => [name, presentCard(drawing)])),
    form: form.card,
  };
  it.each(Object.keys(looks) as (keyof typeof looks)[])("are drawn whole, in %s", async (look) => {
    const page = await openPage(browser, { viewport: { width: 640, height: 760 } });
    const { background, words, subtle, accent, attention, line } = looks[look];
    for (const [name, card] of Object.entries(cards)) {
      expect(problemsOf(card)).toEqual([]);
      await page.setContent(`<style>
        body { background: ${background}; color: ${words}; font: 14px "Segoe UI", sans-serif; padding: 16px; margin: 0 }
        #card { border: 1px solid ${line}; border-radius: 6px; padding: 4px 8px }
        .ac-pushButton { background: ${background}; color: ${words}; border: 1px solid ${line}; border-radius: 4px; padding: 6px 14px; font: inherit }
        .ac-pushButton.style-positive { background: #5b5fc7; color: #fff } .ac-pushButton.style-destructive { color: ${attention} }
        .ac-anchor { color: ${accent} }
        .ac-input { background: ${background}; color: ${words}; border: 1px solid ${line}; border-radius: 4px; padding: 6px; font: inherit; width: 100%; box-sizing: border-box }
        .ac-input[type=checkbox] { width: auto }
      </style><div id="card"></div>`);
      await page.addScriptTag({ content: readFileSync(rendererPath, "utf8") });
      const drawn = await page.evaluate(
        `(() => {
          const color = (value, subtle) => ({ default: value, subtle });
          const card = new AdaptiveCards.AdaptiveCard();
          card.hostConfig = new AdaptiveCards.HostConfig({
            fontFamily: "Segoe UI, sans-serif",
            actions: { maxActions: 6, actionsOrientation: "horizontal", actionAlignment: "left" },
            containerStyles: { default: { backgroundColor: "${background}", foregroundColors: {
              default: color("${words}", "${subtle}"), accent: color("${accent}", "${accent}"), attention: color("${attention}", "${attention}"),
            } } },
          });
          card.parse(${JSON.stringify(card)});
          const element = card.render();
          document.getElementById("card").append(element);
          return element.innerText + [...element.querySelectorAll("strong, em, a[href*=evil]")].map((one) => one.outerHTML).join("");
        })()`,
      );
      expect(String(drawn).length).toBeGreaterThan(20);
      expect(String(drawn)).not.toMatch(/<strong|<em|<a /);
      await takePicture(page, `teams-${name}-${look}`);
    }
    await page.context().close();
  });
});

it("a notification says what the card says", () => {
  expect(present(drawings["error"] ?? { text: "" }).summary).toMatch(/^There is no command late-order\./);
});
