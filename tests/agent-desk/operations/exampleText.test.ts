import { expect, test } from "vitest";
import { exampleText } from "../../../agent-desk/operations/exampleText.ts";
import type { Parameter } from "../../../src/protocol/operations.ts";

const parameters: Parameter[] = [
  { name: "days", type: "integer", required: true },
  { name: "region", type: "choice", required: false, choices: ["north", "south"] },
  { name: "limit", type: "integer", required: false, default: 7 },
  { name: "why", label: "Why?", type: "text", required: true },
];
const me = { name: "Bo", email: "bo@example.com" };

test.each([
  ["{{days}} days in {{region}}, {{limit}} at most", "3 days in north, 7 at most"],
  ["{{why}}", "‹Why?›"],
  ["Dear {{row.name}} <{{ row.email }}>, {{row.order}}", "Dear Ana <ana@example.com>, ‹order›"],
  ["{{me.name}}, {{me.email}}", "Bo, bo@example.com"],
  ["{{nobody}} and { {x} }", "{{nobody}} and { {x} }"],
])("%s reads %s", (text, read) => {
  expect(exampleText(text, parameters, me)).toBe(read);
});
