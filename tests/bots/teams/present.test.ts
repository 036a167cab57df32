import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AdaptiveCard, present } from "../../../bots/teams/present.ts";
import { presentForm, readDataset, readSubmitted } from "../../../bots/teams/presentForm.ts";
import { readPressing } from "../../../bots/teams/pressed.ts";
import type { Drawing, Form, FormInput } from "../../../src/channels/drawing.ts";
import type { Block } from "../../../src/protocol/blocks.ts";
import { problemsOf } from "../../fixtures/teamsCards.ts";
import { shownOf } from "../../fixtures/teamsShown.ts";

/** Names and texts that would be something else than words where Teams reads them as markup. */
const hostile = [
  "<at>Admin</at>",
  "</at><at id='0'>everyone</at>",
  "{{DATE(2026-01-01T00:00:00Z, LONG)}}",
  "{{{TIME(2026-01-01T00:00:00Z)}}}",
  "**bold** _italic_ ~~gone~~ `code`",
  "[label](http://evil.example)",
  "![picture](https://evil.example/p.png)",
  "- item\n1. item\n# title",
  "&lt;at&gt;Admin&lt;/at&gt;",
  "<a href='https://evil.example'>bank</a>",
  "<script>alert(1)</script>",
  "\u202egnp.exe",
  "a\u0000b\rc",
  "https://bank.example@evil.example/",
  "https://b\u0430nk.example/",
  "javascript:alert(1)",
];

const pressing = { card: "card-1", verb: "change" };

function everyBlock(text: string): Block[] {
  const button = { action: "go", label: text };
  return [
    { type: "buttons", buttons: [button] },
    { type: "table", columns: [{ name: text, type: "text" }], rows: [[text]], truncated: false },
    { type: "table", columns: [{ name: text, type: "instant" }], rows: [[text]], truncated: false },
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

function cardOf(drawing: Drawing): AdaptiveCard {
  return present(drawing).attachments[0].content;
}

describe("4.3 what is echoed", () => {
  it.each(hostile)("%j formats nothing, calls nobody, and leads nowhere that it doesn't say", (text) => {
    const drawing: Drawing = {
      text,
      blocks: everyBlock(text),
      card: { id: "card", buttons: [{ verb: "go", label: text }] },
      author: { name: text },
    };
    const message = present(drawing);
    expect(problemsOf(cardOf(drawing))).toEqual([]);
    expect(JSON.stringify(message)).not.toMatch(/\{\{|<\/?at\b/i);
    const shown = shownOf(cardOf(drawing));
    expect(shown.marked).toEqual([]);
    for (const { text: said, url } of shown.links) {
      const own = url.startsWith("https://ok.example/");
      expect(own || new URL(said).href === url, said).toBe(true);
    }
  });

  it.each(hostile)("%j is shown as it was written, but for what turns lines around", (text) => {
    const visible = text.replace(/\r/g, "\n").replaceAll("\u0000", "").replaceAll("\u202e", "");
    // Letters that only look like others are shown as what they are.
    const honest = visible.includes("\u0430") ? new URL(visible).href : visible;
    expect(shownOf(cardOf({ text })).text).toBe(honest);
    const form = presentForm(
      { card: "c", title: "T", submit: "Go", inputs: [{ name: "a", label: text, required: true, type: "text" }] },
      "UTC",
      pressing,
    );
    expect(problemsOf(form.card)).toEqual([]);
    expect(JSON.stringify(form)).not.toMatch(/\{\{|<\/?at\b/i);
    expect(shownOf(form.card).inputs[0]?.label).toBe(visible);
  });
});

describe("a message", () => {
  const more = { label: "At the desk", url: "https://desk.example/desk/#/runs/1" };

  it("has its text, its table and its buttons", () => {
    const drawing: Drawing = {
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
            ["A1", "10.00", "2026-11-22T10:00:00.123Z"],
            ["A2", "", ""],
          ],
          truncated: false,
        },
      ],
      card: {
        id: "card-1",
        buttons: [
          { verb: "approve", label: "Approve", style: "primary" },
          { verb: "change", label: "Change", value: "7", opens: true },
        ],
      },
      more,
    };
    const card = cardOf(drawing);
    expect(problemsOf(card)).toEqual([]);
    expect(card.msteams).toEqual({ width: "Full" });
    const shown = shownOf(card);
    expect(shown.text).toBe(
      "2 orders\nnumber | total | at\nA1 | 10.00 | {{DATE(2026-11-22T10:00:00Z, SHORT)}} {{TIME(2026-11-22T10:00:00Z)}}\nA2 | \u00a0 | \u00a0",
    );
    expect(shown.links).toEqual([{ text: "At the desk", url: more.url }]);
    expect(shown.buttons).toMatchObject([
      { title: "Approve", type: "Action.Execute", style: "positive", verb: "approve", data: { card: "card-1", verb: "approve" } },
      {
        title: "Change",
        type: "Action.Submit",
        data: { card: "card-1", verb: "change", value: "7", msteams: { type: "task/fetch" } },
      },
      { title: "At the desk", type: "Action.OpenUrl" },
    ]);
  });

  it.each([
    ["40,000 characters", { text: "word ".repeat(8000) }],
    ["40,000 characters without a line or a space", { text: "𝕏".repeat(20_000) }],
    ["1,000 lines", { text: "line\n".repeat(1000) }],
    ["100 blocks", { text: "many", blocks: Array.from({ length: 200 }, () => everyBlock("x")[3] as Block) }],
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
  ] as [string, Drawing][])("of %s is within Teams' limits, and its end says where the rest is", (_, drawing) => {
    const buttons = fill(40, { verb: "choose", label: "l".repeat(200), value: "v".repeat(200) });
    const card = cardOf({ ...drawing, more, card: { id: "c", buttons } });
    expect(problemsOf(card)).toEqual([]);
    expect(Buffer.byteLength(JSON.stringify(present({ ...drawing, more, card: { id: "c", buttons } })))).toBeLessThan(28 * 1024);
    const shown = shownOf(card);
    expect(shown.text.endsWith("There is more than fits here: At the desk")).toBe(true);
    expect(shown.links.at(-1)).toEqual({ text: "At the desk", url: more.url });
    expect(JSON.stringify(card)).not.toMatch(/\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f])/i);
  });

  it("says that something is missing, where there is no page that has it", () => {
    expect(shownOf(cardOf({ text: "x".repeat(50_000) })).text).toMatch(/There is more than fits here\.$/);
  });

  it("says a plan once, and what it would change", () => {
    const summary = "orders.cancel would do this; nothing has happened yet.";
    const { text } = shownOf(
      cardOf({
        text: `${summary}\nA1`,
        blocks: [{ type: "plan", summary, changes: [{ what: "A1", before: "open", after: "gone" }], more: 3 }],
      }),
    );
    expect(text).toBe(`${summary}\n• A1 open → gone\nAnd 3 more.\nThere is more than fits here.`);
  });

  it("says whose words they are", () => {
    expect(shownOf(cardOf({ text: "Hello", author: { name: "Ann" } })).text).toBe("Ann\nHello");
  });
});

describe("a form", () => {
  const base = { required: true, label: "Label" };
  const inputs: FormInput[] = [
    { ...base, name: "text", type: "text", value: "before", minLength: 2, maxLength: 9000, hint: "hint" },
    { ...base, name: "longText", type: "longText", value: "x".repeat(5000) },
    { ...base, name: "secret", type: "secret" },
    { ...base, name: "integer", type: "integer", value: "7", minimum: 1, maximum: 9 },
    { ...base, name: "number", type: "number", value: "no number" },
    { ...base, name: "boolean", type: "boolean", value: "true" },
    { ...base, name: "date", type: "date", value: "2026-11-22" },
    { ...base, name: "instant", type: "instant", value: "2026-11-22T10:00:00Z" },
    { ...base, name: "choice", type: "choice", choices: [{ value: "a", label: "A".repeat(300) }], value: "a", error: "Choose another." },
    {
      ...base,
      name: "many",
      type: "choice",
      choices: fill(250, 0).map((_, index) => ({ value: `v${index}`, label: `L${index}` })),
      value: "v220",
    },
    { ...base, name: "searched", type: "choice", searched: true },
    { ...base, name: "person", type: "person" },
  ];
  const form: Form = { card: "card-1", title: "A title", submit: "Go", text: "Say & choose", inputs };

  it("asks for each kind in Teams' own way", () => {
    const dialog = presentForm(form, "Europe/Berlin", pressing);
    expect(problemsOf(dialog.card)).toEqual([]);
    const shown = shownOf(dialog.card);
    expect(shown.inputs.map(({ id, type }) => [id, type])).toEqual([
      ["input.text", "Input.Text"],
      ["input.longText", "Input.Text"],
      ["input.integer", "Input.Number"],
      ["input.number", "Input.Number"],
      ["input.boolean", "Input.Toggle"],
      ["input.date", "Input.Date"],
      ["input.instant", "Input.Date"],
      ["input.instant.time", "Input.Time"],
      ["input.choice", "Input.ChoiceSet"],
      ["input.many", "Input.ChoiceSet"],
      ["input.searched", "Input.ChoiceSet"],
      ["input.person", "Input.ChoiceSet"],
    ]);
    expect(shown.text).toContain("Label is a secret, and is asked for at the desk alone.");
    expect(shown.text).toContain("Label: Choose another.");
    const named = (id: string) => shown.inputs.find((input) => input.id === `input.${id}`);
    expect([named("instant")?.value, named("instant.time")?.value]).toEqual(["2026-11-22", "11:00"]);
    expect(named("many")?.choices[0]).toEqual({ title: "L220", value: "v220" });
    expect(readDataset(named("many")?.dataset ?? "")).toEqual({ card: "card-1", input: "many" });
    expect(named("person")?.dataset).toBe("graph.microsoft.com/users");
    expect(shown.buttons).toMatchObject([{ title: "Go", type: "Action.Submit", data: { card: "card-1", opened: pressing } }]);
  });

  it("is read in the zone in which it was written, and only its inputs", () => {
    const data = {
      card: "x",
      verb: "y",
      "input.a": "1",
      "input.at": "2026-07-01",
      "input.at.time": "09:30",
      "input.n": 7,
      "input.no": {},
      other: "z",
    };
    expect(readSubmitted(data, "Europe/Berlin")?.values).toEqual({ a: "1", at: "2026-07-01T07:30:00Z", n: "7" });
    expect(readSubmitted({ card: "x", "input.at": "2026-02-30", "input.at.time": "09:30" }, "UTC")?.values).toEqual({
      at: "2026-02-30 09:30",
    });
  });
});

describe("4.3 what a button brings back", () => {
  it.each([
    [
      { card: "c", verb: "go" },
      { card: "c", verb: "go" },
    ],
    [{ card: "c", verb: "go", value: "1", admin: true }, undefined],
    [{ card: "c", verb: "go now" }, undefined],
    [{ card: { $ne: 1 }, verb: "go" }, undefined],
    [{ verb: "go" }, undefined],
    ["go", undefined],
    [undefined, undefined],
  ])("bad/4.3/card value %j", (data, read) => {
    expect(readPressing(data)).toEqual(read);
  });
});

it("no drawing is beyond Teams' limits", () => {
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
      const card = cardOf(drawn);
      expect(problemsOf(card)).toEqual([]);
      expect(JSON.stringify(card).replace(/\{\{(DATE|TIME)\([0-9T:Z-]{20}(, SHORT)?\)\}\}/g, "")).not.toMatch(/\{\{|<\/?at\b/i);
    }),
    { numRuns: 60 },
  );
});

function fill<Value>(count: number, value: Value): Value[] {
  return Array.from({ length: count }, () => value);
}

function tableOf(rows: number, columns: number): Block {
  return { type: "table", columns: fill(columns, { name: "c", type: "text" }), rows: fill(rows, fill(columns, "cell")), truncated: false };
}
