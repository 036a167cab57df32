import { describe, expect, it } from "vitest";
import { knownBlock } from "../../src/protocol/blockSchemas.ts";
import { checkForm, type FormField } from "../../src/protocol/forms.ts";

const one = (type: FormField["type"], more: Partial<FormField> = {}): FormField => ({ name: "x", label: "X", type, ...more });

describe("a form's values", () => {
  it.each<[FormField, unknown, unknown]>([
    [one("text"), "  Ana ", "Ana"],
    [one("text"), "", undefined],
    [one("text"), undefined, undefined],
    [one("text", { required: true }), " ", "required"],
    [one("text"), 3, "notText"],
    [one("text"), "x".repeat(1001), "tooLong"],
    [one("text"), "👩‍💻".repeat(200), "👩‍💻".repeat(200)],
    [one("email"), "a@b.co", "a@b.co"],
    [one("email"), "ä.b+c@mail.bücher.example", "ä.b+c@mail.bücher.example"],
    [one("email"), "a@b", "notEmail"],
    [one("email"), "a@b.co, c@d.co", "notEmail"],
    [one("email"), "a@b.co\r\nBcc: c@d.co", "notEmail"],
    [one("email"), `${"a".repeat(250)}@b.co`, "notEmail"],
    [one("number"), 0, 0],
    [one("number"), -1.5, -1.5],
    [one("number"), "3", "notNumber"],
    [one("number"), Number.NaN, "notNumber"],
    [one("date"), "2024-02-29", "2024-02-29"],
    [one("date"), "2023-02-29", "notDate"],
    [one("date"), "31.12.2026", "notDate"],
    [one("choice", { choices: ["a", "b"] }), "b", "b"],
    [one("choice", { choices: ["a", "b"] }), "c", "notChoice"],
    [one("choice", { choices: ["a", "b"] }), ["a"], "notChoice"],
    [one("checkbox"), true, true],
    [one("checkbox"), false, false],
    [one("checkbox"), "yes", "notChecked"],
    [one("checkbox", { required: true }), false, "required"],
  ])("%o given %j", (field, given, expected) => {
    const { values, wrong } = checkForm([field], { x: given });
    expect(wrong[0]?.problem ?? values["x"]).toBe(expected);
  });

  it("are not found on the object's own ancestors", () => {
    expect(checkForm([{ name: "constructor", label: "C", type: "text" }], {})).toEqual({ values: {}, wrong: [] });
  });
});

describe("a block from outside", () => {
  const form = { type: "form", action: "book", fields: [{ name: "a", label: "A", type: "text" }] };
  it.each([
    ["a form", form, true],
    ["a form whose fields share a name", { ...form, fields: [...form.fields, ...form.fields] }, false],
    ["a choice without choices", { ...form, fields: [{ name: "a", label: "A", type: "choice" }] }, false],
    ["a field of another type", { ...form, fields: [{ name: "a", label: "A", type: "file" }] }, false],
    ["a card", { type: "card", title: "T", image: { url: "https://x.example/a.png", alt: "A" }, link: "http://x.example/" }, true],
    ["a card with a script for a link", { type: "card", title: "T", link: "javascript:alert(1)" }, false],
    ["a card with a picture in the address", { type: "card", title: "T", image: { url: "data:image/svg+xml,<svg/>", alt: "" } }, false],
    ["a chart", { type: "chart", labels: ["a"], series: [{ name: "s", values: [1] }] }, true],
    ["a chart with a value too few", { type: "chart", labels: ["a", "b"], series: [{ name: "s", values: [1] }] }, false],
    ["a chart of no number", { type: "chart", labels: ["a"], series: [{ name: "s", values: [null] }] }, false],
    ["a plan", { type: "plan", summary: "S", changes: [{ what: "w", before: "1", after: "2" }] }, true],
    ["a hologram", { type: "hologram" }, false],
  ])("%s", (_, block, known) => {
    expect(knownBlock(block) !== undefined).toBe(known);
  });
});
