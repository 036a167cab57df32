import { expect, test } from "vitest";
import { dayChoices } from "../../../agent-desk/commands/argumentChoices.ts";
import { lineItems } from "../../../agent-desk/commands/lineItems.ts";
import type { ArgsSchema } from "../../../src/protocol/commands.ts";

const conversation = { type: "string" } as const;
const command = (name: string, args: ArgsSchema["properties"], required: string[] = []) => ({
  name,
  summary: `Does ${name}.`,
  risk: "write" as const,
  args: { type: "object" as const, properties: args, required },
  source: "built-in" as const,
  audience: "staff" as const,
  permission: "commands.run",
});
const commands = [
  command("conversation.snooze", { conversation, until: { type: "string" } }, ["conversation", "until"]),
  command("conversation.close", { conversation }, ["conversation"]),
  command(
    "conversation.transfer",
    { conversation, to: { type: "string" }, note: { type: "string", description: "What they should know." } },
    ["conversation", "to"],
  ),
  command("conversation.priority", { conversation, priority: { type: "string", enum: ["urgent", "high", "normal"] } }, [
    "conversation",
    "priority",
  ]),
  command("agent.list", {}),
  command("me.password", { current: { type: "string" }, new: { type: "string" } }, ["current", "new"]),
  command("reverse", { text: { type: "string" } }, ["text"]),
];
const known: Record<string, { value: string; about?: string }[]> = {
  until: [{ value: "in 1 hour" }, { value: "tomorrow 9:00" }],
  to: [{ value: "mia@example.org", about: "Mia Lund" }, { value: "sales" }],
};

const items = (text: string, hasConversation = true) =>
  lineItems(text, {
    commands,
    hasConversation,
    choices: (argument, { args: { properties } }) =>
      properties[argument]?.enum?.map((value) => ({ value: String(value) })) ?? known[argument] ?? [],
  });

const dated = {
  ...command("late-orders", {
    region: { type: "string", choicesFrom: { after: [] } },
    due_on: { type: "string", format: "date" },
  }),
  source: "operation" as const,
};
const typedNames: string[] = [];
const inLine = (text: string) =>
  lineItems(text, {
    commands: [dated],
    hasConversation: false,
    choices: (argument, { args: { properties } }, { partial, values }) => {
      typedNames.push(`${argument} ${partial} ${JSON.stringify(values)}`);
      return properties[argument]?.format === "date" ? dayChoices(new Date(2026, 10, 21)) : [{ value: "north", about: "The north" }];
    },
  })?.items.flatMap((item) => (item.does === "write" ? [item.line] : []));

test("an operation's line completes names of arguments, days by words, and what the server offers", () => {
  expect(inLine("/late")).toEqual(["/late-orders "]);
  expect(inLine("/late-orders region:no")).toEqual(["/late-orders region:north "]);
  expect(inLine("/late-orders region:north d")).toContain("/late-orders region:north due_on:");
  expect(inLine("/late-orders region:north due_on:tom")).toEqual(["/late-orders region:north due_on:2026-11-22 "]);
  expect(typedNames.at(-1)).toBe('due_on tom {"region":"north","due_on":"tom"}');
  expect(inLine("late-orders region:no")).toEqual(["late-orders region:north "]);
});

test("of many commands only as many are drawn as somebody reads", () => {
  const many = Array.from({ length: 500 }, (_, index) => command(`report-${index}`, { day: { type: "string" } }));
  const drawn = lineItems("/rep", { commands: many, hasConversation: false, choices: () => [] });
  expect(drawn?.items).toHaveLength(50);
});

const [run, ask] = ["run", "ask"].map((does) => (text: string) => {
  const item = items(text)?.items.find((each) => each.does === does);
  return item === undefined || item.does === "write" ? undefined : { name: item.command.name, values: item.values };
});
const lines = (text: string) => items(text)?.items.flatMap((item) => (item.does === "write" ? [item.line] : []));

test.each([
  ["/conversation snooze 2h", "conversation.snooze", { until: "2h" }],
  ["/conversation.snooze in 2 hours", "conversation.snooze", { until: "in 2 hours" }],
  ["conversation.close ", "conversation.close", {}],
  ["/Conversation Priority urgent", "conversation.priority", { priority: "urgent" }],
  [
    '/conversation.transfer to:sales note:"was promised an answer"',
    "conversation.transfer",
    { to: "sales", note: "was promised an answer" },
  ],
  ["/conversation transfer mia@example.org knows the case", "conversation.transfer", { to: "mia@example.org", note: "knows the case" }],
  ["/reverse one two", "reverse", { text: "one two" }],
])("%s runs", (text, name, values) => {
  expect(run?.(text)).toEqual({ name, values });
  expect(items(text)?.items[0]?.does).toBe("run");
});

test("words without a slash are looked for, as long as no whole name stands there", () => {
  expect(["snooze", "conversation snooze", "reverse one two", ""].map((text) => items(text))).toEqual(Array(4).fill(undefined));
});

test("a name is completed by its letters, and only commands that have what they need are offered", () => {
  expect(lines("/conv sn")).toEqual(["/conversation.snooze "]);
  expect(items("/")?.items).toHaveLength(commands.length);
  expect(items("/", false)?.items.map(({ name }) => name)).not.toContain("conversation.close");
  expect(items("/agentlist")?.items[0]).toMatchObject({ does: "run", name: "agent.list" });
});

test("the value that is being written is completed, by what it is called too", () => {
  expect(lines("/conversation.priority u")?.[0]).toBe("/conversation.priority urgent ");
  expect(items("/conversation.priority u")?.items[0]?.does).toBe("write");
  expect(lines("/conversation.transfer lund")?.[0]).toBe("/conversation.transfer mia@example.org ");
  expect(lines("/conversation snooze tom")).toEqual(['/conversation snooze until:"tomorrow 9:00" ']);
  expect(run?.('/conversation snooze until:"tomorrow 9:00" ')).toEqual({ name: "conversation.snooze", values: { until: "tomorrow 9:00" } });
  expect(items("/conversation.priority urgent")?.items[0]?.does).toBe("run");
});

test("arguments are offered by their names, once", () => {
  expect(lines("/conversation.transfer sales no")).toEqual(["/conversation.transfer sales note:"]);
  expect(lines("/conversation.transfer to:sales ")).toEqual(["/conversation.transfer to:sales note:"]);
});

test("what is needed and not written is asked for, with what was written", () => {
  expect(ask?.("/conversation.transfer note:hello ")).toEqual({ name: "conversation.transfer", values: { note: "hello" } });
  expect(run?.("/conversation.transfer note:hello ")).toBeUndefined();
});

test("a password is never written on a line", () => {
  expect(items("/me.pass")?.items[0]?.does).toBe("ask");
  expect(ask?.("/me.password an old secret")).toEqual({ name: "me.password", values: {} });
});

test("a line that can't be read says why, and runs nothing", () => {
  expect(items("/agent.list all of them")).toMatchObject({ items: [], wrong: expect.stringMatching(/more here than the command takes/) });
  expect(items("/conversation.priority priority:high priority:urgent ")?.wrong).toMatch(/given twice/);
});

test("a line of 10,000 letters can be run as it is, and shows no more of itself than people read", () => {
  const long = "a".repeat(10_000);
  const line = items(`/conversation transfer sales note:"${long} b"`);
  expect(line?.items[0]).toMatchObject({ does: "run", values: { to: "sales", note: `${long} b` } });
  expect(line?.items[0]?.detail?.length).toBeLessThan(250);
  expect(items(`/${long}`)?.items).toEqual([]);
});

test("words in quotes are one value", () => {
  expect(items('/conversation transfer "Mia Lund" is on it')?.items[0]).toMatchObject({ values: { to: "Mia Lund", note: "is on it" } });
});
