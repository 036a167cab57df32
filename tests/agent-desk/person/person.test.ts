import { describe, expect, test } from "vitest";
import { controlChanges } from "../../../agent-desk/person/controlChanges.ts";
import { languageName, pageName } from "../../../agent-desk/person/naming.ts";

test("a language tag is named, and what is none stays", () => {
  expect(languageName("pt-BR")).toContain("Portuguese");
  expect(languageName("no language at all")).toBe("no language at all");
});

test.each([
  ["https://shop.example/orders?x=1", "shop.example/orders", true],
  ["http://shop.example/", "shop.example", true],
  ["javascript:alert(1)", "javascript:alert(1)", false],
  ["data:text/html,x", "data:text/html,x", false],
  ["not an address", "not an address", false],
])("the visitor's page %s is shown as %s", (address, label, linked) => {
  expect(pageName(address)).toMatchObject({ label });
  expect(pageName(address).href !== null).toBe(linked);
});

describe("who answered, and why", () => {
  test("newest first, in words", () => {
    const change = (at: string, to: string) => ({ at, from: "bot", to, by: "Ana", reason: "asked for a person" });
    expect(controlChanges({ changes: [change("2026-01-01", "queue"), change("2026-01-02", "agent")] })).toMatchObject([
      { to: "Agent", by: "Ana", reason: "asked for a person" },
      { to: "Queue" },
    ]);
  });

  test.each([null, "text", {}, { changes: 7 }])("an answer of another shape shows nothing: %o", (data) => {
    expect(controlChanges(data)).toEqual([]);
  });

  test("a change of another shape shows what can be read", () => {
    expect(controlChanges({ changes: [null, { to: "queue", by: 7 }] })).toMatchObject([
      { to: "Queue", by: "" },
      { to: "", by: "" },
    ]);
  });
});
