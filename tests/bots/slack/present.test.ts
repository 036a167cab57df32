import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { present } from "../../../bots/slack/present.ts";
import { presentForm } from "../../../bots/slack/presentForm.ts";
import type { Drawing } from "../../../src/channels/drawing.ts";
import type { Block } from "../../../src/protocol/blocks.ts";
import { problemsOf } from "../../fixtures/slackBlocks.ts";
import { readMarked, shownOf } from "../../fixtures/slackShown.ts";

/** Names and texts that would be something else than words where Slack reads them as markup. */
const hostile = [
  "<!channel>",
  "<!here|all>",
  "<@U1>",
  "<@U0ADMIN|admin>",
  "<#C1|general>",
  "<!subteam^S1>",
  "<http://evil.example|bank.example>",
  "<mailto:a@b.example|me>",
  "&lt;!channel&gt;",
  "&amp;lt;!everyone&amp;gt;",
  "@channel @here @everyone",
  "#general",
  "*bold* _italic_ ~gone~ `code` ```block```",
  "> quote\n- list",
  ":bomb:",
  "[label](http://evil.example)",
  "<!date^1^{date}^http://evil.example|now>",
  "\u202egnp.exe",
  "a\u0000b\rc",
  "https://bank.example@evil.example/",
  "javascript:alert(1)",
  "<script>alert(1)</script>",
];

const card = (id: string, count: number) => ({
  id,
  buttons: Array.from({ length: count }, (_, index) => ({ verb: "choose", label: `Choice ${index}`, value: String(index) })),
});

function everyBlock(text: string): Block[] {
  const button = { action: "go", label: text };
  return [
    { type: "buttons", buttons: [button] },
    { type: "table", columns: [{ name: text, type: "text" }], rows: [[text]], truncated: false },
    { type: "table", columns: [{ name: text, type: "text" }], rows: [[text]], truncated: false },
    { type: "fields", fields: [{ label: text, value: text }] },
    { type: "form", title: text, action: "go", fields: [{ name: "a", label: text, type: "text" }] },
    {
      type: "card",
      title: text,
      text,
      link: "https://ok.example/",
      image: { url: "https://ok.example/a.png", alt: text },
      buttons: [button],
    },
    { type: "chart", title: text, labels: [text], series: [{ name: text, values: [1] }] },
    { type: "plan", summary: text, changes: [{ what: text, before: text, after: text }], more: 2 },
    { type: "file", id: "f", name: text, mediaType: "text/plain", size: 1, url: "https://ok.example/f" },
    { type: "action", action: "go", values: { [text]: text } },
    { type: "happening", what: "x", values: [text] },
    { type: "offer", to: text, until: "2026-01-01T00:00:00Z", by: text, text },
    { type: "summary", by: text, text },
  ];
}

describe("4.2 what is echoed", () => {
  it.each(hostile)("%j calls nobody, and leads nowhere that it doesn't say", (text) => {
    const drawing: Drawing = { text, blocks: everyBlock(text), card: { id: "card", buttons: [{ verb: "go", label: text }] } };
    const message = present(drawing);
    expect(problemsOf(message.blocks, "message")).toEqual([]);
    const shown = shownOf(message.blocks);
    const spoken = { links: [], calls: [] };
    readMarked(message.text, spoken);
    expect([shown.calls, spoken.calls, spoken.links]).toEqual([[], [], []]);
    for (const link of shown.links) {
      const own = link.url.startsWith("https://ok.example/");
      expect(own || new URL(link.text).href === link.url, JSON.stringify(link)).toBe(true);
    }
    expect(JSON.stringify(message.blocks)).not.toMatch(/"mrkdwn"|"broadcast"|"emoji":true/);
  });

  it.each(hostile)("%j is shown as it was written, but for what turns lines around", (text) => {
    const visible = text.replace(/\r/g, "\n").replaceAll("\u0000", "").replaceAll("\u202e", "");
    expect(shownOf(present({ text }).blocks).text).toBe(visible);
    expect(readMarked(present({ text }).text, { links: [], calls: [] })).toBe(visible);
    const form = presentForm({ card: "c", title: "T", submit: "Go", inputs: [{ name: "a", label: text, required: true, type: "text" }] });
    expect(shownOf(form.blocks).inputs[0]?.label).toBe(visible);
  });
});

describe("a message", () => {
  const more = { label: "At the desk", url: "https://desk.example/desk/#/runs/1" };

  it("has its text, its table and its buttons", () => {
    const message = present({
      text: "2 orders",
      blocks: [
        {
          type: "table",
          columns: [
            { name: "number", type: "text" },
            { name: "total", type: "money" },
            { name: "at", type: "instant" },
          ],
          rows: [
            ["A1", "10.00", "2026-11-22T10:00:00Z"],
            ["A2", "", ""],
          ],
          truncated: false,
        },
      ],
      card: { id: "card-1", buttons: [{ verb: "approve", label: "Approve", style: "primary" }] },
      more,
    });
    expect(problemsOf(message.blocks, "message")).toEqual([]);
    const shown = shownOf(message.blocks);
    expect(shown.text).toBe("2 orders\nnumber | total | at\nA1 | 10.00 | 2026-11-22T10:00:00Z\nA2 | \u00a0 | \u00a0\nAt the desk");
    expect(shown.links).toEqual([{ text: "At the desk", url: more.url }]);
    expect(shown.buttons).toEqual([
      { label: "Approve", style: "primary", actionId: "press:0:approve", value: JSON.stringify({ card: "card-1", verb: "approve" }) },
    ]);
  });

  it.each([
    ["40,000 characters", { text: "word ".repeat(8000) }],
    ["40,000 characters without a line or a space", { text: "𝕏".repeat(20_000) }],
    ["100 blocks", { text: "many", blocks: Array.from({ length: 100 }, () => everyBlock("x")[3] as Block) }],
    ["1,000 rows of 100 columns", { text: "wide", blocks: [tableOf(1000, 100)] }],
    ["two tables", { text: "two", blocks: [tableOf(200, 3), tableOf(200, 3)] }],
    [
      "100 fields of 4,000 characters",
      { text: "", blocks: [{ type: "fields", fields: fill(100, { label: "l".repeat(200), value: "v ".repeat(2000) }) }] },
    ],
    [
      "100 changes",
      {
        text: "p",
        blocks: [{ type: "plan", summary: "s".repeat(4000), changes: fill(100, { what: "w".repeat(200), before: "b".repeat(4000) }) }],
      },
    ],
    [
      "100 bars of 5 series",
      {
        text: "c",
        blocks: [{ type: "chart", labels: fill(100, "l".repeat(200)), series: fill(5, { name: "n".repeat(200), values: fill(100, 1) }) }],
      },
    ],
  ] as [string, Drawing][])("of %s is within Slack's limits, and its end says where the rest is", (_, drawing) => {
    const message = present({ ...drawing, more, card: card("c", 40) });
    expect(problemsOf(message.blocks, "message")).toEqual([]);
    expect(message.text.length).toBeLessThanOrEqual(40_000);
    const shown = shownOf(message.blocks);
    expect(shown.text.endsWith("There is more than fits here: At the desk")).toBe(true);
    expect(JSON.stringify(message)).not.toMatch(/\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f])/i);
  });

  it("says that something is missing, where there is no page that has it", () => {
    expect(shownOf(present({ text: "x".repeat(20_000) }).blocks).text).toMatch(/There is more than fits here\.$/);
  });

  it("says a plan once, and what it would change", () => {
    const summary = "orders.cancel would do this; nothing has happened yet.";
    const { text } = shownOf(
      present({
        text: `${summary}\nA1`,
        blocks: [{ type: "plan", summary, changes: [{ what: "A1", before: "open", after: "gone" }], more: 3 }],
      }).blocks,
    );
    expect(text).toBe(`${summary}\n• A1 open → gone\nAnd 3 more.\nThere is more than fits here.`);
  });

  it("draws bars in proportion", () => {
    const { text } = shownOf(
      present({
        text: "sales",
        blocks: [{ type: "chart", title: "By day", labels: ["Mon", "Tue"], series: [{ name: "a", values: [5, -10] }] }],
      }).blocks,
    );
    expect(text).toContain(`Mon  ${"█".repeat(10)}${" ".repeat(10)}  5\nTue  ${"░".repeat(20)}  -10`);
  });
});

it("no drawing is beyond Slack's limits", () => {
  const text = fc.oneof(fc.string({ unit: "grapheme", maxLength: 5000 }), fc.constantFrom(...hostile));
  const drawing = fc.record({
    text,
    blocks: fc.array(
      text.chain((one) => fc.constantFrom(...everyBlock(one))),
      { maxLength: 60 },
    ),
  });
  fc.assert(
    fc.property(drawing, (drawn) => {
      const message = present({ ...drawn, card: card("c", 3) });
      expect(problemsOf(message.blocks, "message")).toEqual([]);
      expect(shownOf(message.blocks).calls).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

function fill<Value>(count: number, value: Value): Value[] {
  return Array.from({ length: count }, () => value);
}

function tableOf(rows: number, columns: number): Block {
  return { type: "table", columns: fill(columns, { name: "c", type: "text" }), rows: fill(rows, fill(columns, "cell")), truncated: false };
}
