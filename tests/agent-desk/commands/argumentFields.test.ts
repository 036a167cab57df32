import { expect, test } from "vitest";
import { argumentLabel, argumentsFrom, argumentValue, isSecret } from "../../../agent-desk/commands/argumentFields.ts";
import { commandItems, withWords } from "../../../agent-desk/commands/barItems.ts";
import type { CommandListing } from "../../../src/protocol/commands.ts";
import { head } from "../conversationItem.ts";

test.each([
  [{ type: "integer" }, "12", 12],
  [{ type: "integer" }, "a dozen", "a dozen"],
  [{ type: "integer" }, " ", " "],
  [{ type: "number" }, "1.5", 1.5],
  [{ type: "boolean" }, "Yes", true],
  [{ type: "boolean" }, "no", false],
  [{ type: "boolean" }, "perhaps", "perhaps"],
  [{ type: "string" }, "12", "12"],
] as const)("%o takes %s as %s", (schema, typed, value) => {
  expect(argumentValue(schema, typed)).toBe(value);
});

test("the open conversation goes only to a command that takes one, and a box that is not ticked says no", () => {
  const ofMine = { type: "object", properties: { on: { type: "boolean" } }, required: ["on"] } as const;
  expect(argumentsFrom({ ...ofMine, required: ["on"] }, {}, "c")).toEqual({ on: false });
  expect(argumentsFrom({ ...ofMine, required: ["on"] }, { on: "true" }, "c")).toEqual({ on: true });
  expect(argumentsFrom({ ...ofMine, required: [] }, {}, "c")).toEqual({});
  const onIt = {
    type: "object" as const,
    properties: { conversation: { type: "string" as const }, priority: { type: "integer" as const } },
  };
  expect(argumentsFrom(onIt, { priority: "2" }, "c")).toEqual({ conversation: "c", priority: 2 });
  expect(argumentsFrom(onIt, { priority: "" }, null)).toEqual({});
});

test("a name becomes a label", () => {
  expect(["current", "hand-back", "dueAt"].map(argumentLabel)).toEqual(["Current", "Hand back", "Due at"]);
});

test("passwords are hidden, whatever their argument is called", () => {
  expect(isSecret("me.password", "new", {})).toBe(true);
  expect(isSecret("x", "dbPassword", {})).toBe(true);
  expect(isSecret("conversation.transfer", "note", {})).toBe(false);
});

test("the bar lists what makes sense now", () => {
  const names = ["conversation.close", "conversation.reopen", "conversation.take", "conversation.why", "me.online", "help", "reverse"];
  const commands = names.map(
    (name): CommandListing => ({
      name,
      summary: name,
      risk: "write",
      args: { type: "object", properties: {} },
      source: "built-in",
      audience: "staff",
      permission: "commands.run",
    }),
  );
  const shown = (of: Parameters<typeof commandItems>[1]) => commandItems(commands, of, "me").map(({ name }) => name);
  expect(shown(null)).toEqual(["me.online"]);
  expect(shown(head())).toEqual(["conversation.take", "conversation.close", "conversation.why", "me.online"]);
  expect(shown(head({ open: false }))).toEqual(["conversation.reopen", "conversation.why", "me.online"]);
});

test("the bar finds what has each of the words, in whatever order and accents", () => {
  const items = [
    { group: "Operations", name: "late-orders", label: "Orders that are late, by region", detail: "/late-orders" },
    { group: "Operations", name: "cafes", label: "Cafés of a region", detail: "/cafes" },
  ];
  const found = (text: string) => withWords(items, text).map(({ name }) => name);
  expect(found("late orders")).toEqual(["late-orders"]);
  expect(found("region cafe")).toEqual(["cafes"]);
  expect(found("lateorders moon")).toEqual([]);
  expect(found(" ")).toHaveLength(2);
});
