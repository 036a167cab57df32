import { expect, test } from "vitest";
import { fillSlots, openSlots, unknownSlots, versionFor } from "../../src/protocol/slots.ts";

test.each([
  ["Hello {{contact.name}}", []],
  ["{{ contact.name }} {{name}} {{contact.name.first}} {{1+1}}", ["name", "contact.name.first", "1+1"]],
  ["{contact.name} {{}}", [""]],
])("%j names %j that are none of ours", (text, unknown) => {
  expect(unknownSlots(text)).toEqual(unknown);
});

test("a value takes its slot's place as it is, and what is not known stays and is named", () => {
  const values = { "contact.name": "{{agent.name}} $& <b>", "contact.email": null, "contact.phone": " " };
  const { text, missing } = fillSlots("{{contact.name}}, {{ contact.email }}, {{contact.phone}}, {{contact.email}}", values);
  expect(text).toBe("{{agent.name}} $& <b>, {{contact.email}}, {{contact.phone}}, {{contact.email}}");
  expect(missing).toEqual(["contact.email", "contact.phone"]);
});

test("what stands open is found where it stands", () => {
  const text = "a {{contact.email}} {{other}}";
  expect(openSlots(text).map(({ from, to }) => text.slice(from, to))).toEqual(["{{contact.email}}"]);
});

test.each([
  [["pt-BR"], "pt-BR"],
  [["PT-br", "de"], "pt-BR"],
  [["pt"], "pt-BR"],
  [["de-AT"], "de"],
  [[null, undefined, "fr", "de"], "de"],
  [["fr"], "en"],
  [[], "en"],
])("whoever reads %j gets the version %s", (wanted, language) => {
  expect(versionFor({ en: "en", "pt-BR": "pt-BR", de: "de" }, wanted)).toBe(language);
});
