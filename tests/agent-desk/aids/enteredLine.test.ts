import { describe, expect, test } from "vitest";
import { enteredLine, sentText, writtenText } from "../../../agent-desk/aids/enteredLine.ts";
import type { ArgsSchema } from "../../../src/protocol/commands.ts";

const command = (name: string, properties: ArgsSchema["properties"] = {}, required: string[] = []) => ({
  name,
  summary: `Does ${name}.`,
  risk: "write" as const,
  args: { type: "object" as const, properties, required },
  source: "built-in" as const,
  audience: "staff" as const,
  permission: "commands.run",
});
const conversation = { type: "string" } as const;
const commands = [
  command("growth", { weeks: { type: "integer" } }),
  command("conversation.close", { conversation }, ["conversation"]),
  command("conversation.transfer", { conversation, to: { type: "string" } }, ["conversation", "to"]),
  command("agent.list"),
];
const entered = (text: string) => enteredLine(text, commands, () => []);

describe("a line that begins with / never becomes a message", () => {
  test.each([
    ["/growth", "run", "growth", {}],
    ["  /growth ", "run", "growth", {}],
    ["\n/growth", "run", "growth", {}],
    ["/Growth 4", "run", "growth", { weeks: 4 }],
    ["/conversation.close", "run", "conversation.close", {}],
    ["/conversation close", "run", "conversation.close", {}],
    ["/agent list", "run", "agent.list", {}],
    ["/conversation.transfer", "ask", "conversation.transfer", {}],
  ])("%j: %s %s", (text, does, name, values) => {
    expect(entered(text)).toMatchObject({ item: { does, command: { name }, values } });
  });

  test.each(["/grwth", "/", "/ ", "/growthy 4", "/etc/hosts is wrong", "/agent", "/x".repeat(5000)])("%j is told", (text) => {
    const line = entered(text);
    expect(line).toMatchObject({ unknown: true, wrong: expect.stringContaining("There is no command") });
    expect(line).toMatchObject({ wrong: expect.stringContaining('with "//"') });
  });

  test("what can't be read is told as what it is", () => {
    expect(entered("/growth 4 of them")).toMatchObject({ unknown: false, wrong: expect.any(String) });
    expect(entered("/growth\nand more")).toMatchObject({ unknown: false, wrong: expect.stringContaining("one line") });
  });

  test.each(["growth", "conversation.close", "and /growth", "Look:\n/growth", "//growth", " //etc/hosts", ""])("%j is a text", (text) => {
    expect(entered(text)).toBeUndefined();
  });
});

test("// stands for a /, and what is taken back is written so that it goes again as it was", () => {
  expect(["//etc/hosts", " //a", "///a", "a //b", "https://a.example"].map(sentText)).toEqual([
    "/etc/hosts",
    "/a",
    "//a",
    "a //b",
    "https://a.example",
  ]);
  for (const sent of ["/etc/hosts", "//a", "a", "a /b"]) {
    expect(entered(writtenText(sent))).toBeUndefined();
    expect(sentText(writtenText(sent))).toBe(sent);
  }
});
