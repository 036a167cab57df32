import { describe, expect, it } from "vitest";
import { presentForm, saidView } from "../../../bots/slack/presentForm.ts";
import { presentHome } from "../../../bots/slack/presentHome.ts";
import type { Form, FormInput, Home } from "../../../src/channels/drawing.ts";
import type { Block } from "../../../src/protocol/blocks.ts";
import { problemsOf } from "../../fixtures/slackBlocks.ts";
import { shownOf } from "../../fixtures/slackShown.ts";

const card = (id: string, count: number) => ({
  id,
  buttons: Array.from({ length: count }, (_, index) => ({ verb: "choose", label: `Choice ${index}`, value: String(index) })),
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
    { ...base, name: "choice", type: "choice", choices: [{ value: "a", label: "A".repeat(100) }], value: "a", error: "Choose another." },
    {
      ...base,
      name: "many",
      type: "choice",
      choices: fill(150, 0).map((_, index) => ({ value: `v${index}`, label: `L${index}` })),
      value: "v120",
    },
    { ...base, name: "searched", type: "choice", searched: true },
    { ...base, name: "nothing", type: "choice", choices: [] },
    { ...base, name: "person", type: "person" },
  ];
  const form: Form = {
    card: "card-1",
    title: "A title that is longer than Slack's modals have it",
    submit: "Go",
    text: "Say & choose <all>",
    inputs,
  };

  it("asks for each kind in Slack's own way", () => {
    const view = presentForm(form);
    expect(problemsOf(view.blocks, "modal")).toEqual([]);
    expect([view.title.text.length, view.private_metadata]).toEqual([24, "card-1"]);
    const shown = shownOf(view.blocks);
    expect(shown.inputs.map(({ name, type }) => [name, type])).toEqual([
      ["text", "plain_text_input"],
      ["longText", "plain_text_input"],
      ["integer", "number_input"],
      ["number", "number_input"],
      ["boolean", "checkboxes"],
      ["date", "datepicker"],
      ["instant", "datetimepicker"],
      ["choice", "static_select"],
      ["many", "external_select"],
      ["searched", "external_select"],
      ["nothing", "plain_text_input"],
      ["person", "users_select"],
    ]);
    expect(shown.text).toContain("Say & choose <all>");
    expect(shown.text).toContain("Label is a secret, and is asked for at the desk alone.");
    expect(shown.text).toContain("Label: Choose another.");
    expect(shown.inputs.find(({ name }) => name === "boolean")?.optional).toBe(true);
    expect(shown.inputs.find(({ name }) => name === "many")?.initial).toMatchObject({ value: "v120" });
  });

  it("of 200 inputs is within Slack's limits", () => {
    const many = fill(200, 0).map((_, index): FormInput => ({ ...base, name: `i${index}`, type: "text" }));
    expect(problemsOf(presentForm({ ...form, inputs: many }).blocks, "modal")).toEqual([]);
  });

  it("may be a word in its place", () => {
    expect(shownOf(saidView({ text: "You may not." }).blocks).text).toBe("You may not.");
  });
});

describe("a home page", () => {
  const home: Home = {
    greeting: "Hello <!channel>",
    link: { id: "link", buttons: [{ verb: "link", label: "Connect" }] },
    waiting: fill(9, { text: "orders.cancel waits", card: card("w", 2), blocks: [tableOf(3, 3)] }),
    commands: fill(500, 0).map((_, index) => ({ name: `command-${index}`, summary: "Does *it*." })),
    card: { id: "commands", buttons: [{ verb: "open", label: "Run", opens: true }] },
  };

  it("of 500 commands is within Slack's limits, each button its own", () => {
    const view = presentHome(home);
    expect(problemsOf(view.blocks, "home")).toEqual([]);
    const shown = shownOf(view.blocks);
    expect(shown.calls).toEqual([]);
    expect(shown.text).toMatch(/^Hello <!channel>/);
    expect(shown.text).toMatch(/And \d+ more: \/sb help lists them all\.$/);
    const first = shown.buttons.find(({ label }) => label === "Run");
    expect(JSON.parse(first?.value ?? "")).toEqual({ card: "commands", verb: "open", value: "command-0", opens: true });
  });

  it("of nothing says so little", () => {
    expect(shownOf(presentHome({ greeting: "Hello", waiting: [], commands: [] }).blocks).text).toBe("Hello");
  });
});

function fill<Value>(count: number, value: Value): Value[] {
  return Array.from({ length: count }, () => value);
}

function tableOf(rows: number, columns: number): Block {
  return { type: "table", columns: fill(columns, { name: "c", type: "text" }), rows: fill(rows, fill(columns, "cell")), truncated: false };
}
