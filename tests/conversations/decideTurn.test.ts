import { describe, expect, it } from "vitest";
import { type Command, defineCommand } from "../../src/commands/command.ts";
import { createRegistry } from "../../src/commands/registry.ts";
import type { Control } from "../../src/conversations/conversation.ts";
import { decideTurn, type TurnDecision } from "../../src/conversations/turns/decideTurn.ts";
import type { Controller } from "../../src/protocol/conversation.ts";

type Shape = Partial<Pick<Command, "source" | "risk">>;

function visitors(name: string, shape: Shape = {}): Command {
  return defineCommand({
    name,
    summary: "It does.",
    risk: shape.risk ?? "read",
    source: shape.source ?? "built-in",
    audience: "visitor",
    args: { type: "object", properties: { text: { type: "string" } } },
    run: async () => ({ messages: [] }),
  });
}

const staff: Command = defineCommand({
  ...visitors("agent.list"),
  audience: "staff",
  permission: "people.manage",
  run: async () => ({ messages: [] }),
});

const registry = createRegistry([
  visitors("help"),
  visitors("person", { risk: "write" }),
  visitors("order.status"),
  visitors("order"),
  visitors("cart.empty", { risk: "destructive" }),
  staff,
]);
registry.setAutomations([
  visitors("reverse", { source: "automation" }),
  visitors("charge", { source: "automation", risk: "write" }),
  visitors("wipe", { source: "automation", risk: "destructive" }),
]);

const may = (command: Command) => command.audience === "visitor";
const away = (name: string) => name.toLowerCase() === "weather";

function control(controller: Controller): Control {
  return {
    controller,
    generation: 3,
    agent: controller === "agent" ? { id: "a", name: "A" } : null,
    queuedAt: null,
    open: true,
    team: "support",
  };
}

/** A decision without the command's body, to be compared. */
function decide(line: string, controller: Controller = "bot", begunBefore = false): object {
  return shown(decideTurn({ line, control: control(controller), begunBefore }, { registry, may, away }));
}

function shown(decision: TurnDecision): object {
  return "command" in decision ? { ...decision, command: decision.command.name } : decision;
}

describe("what the bot makes of a line", () => {
  it.each<[string, object]>([
    ["help", { do: "run", command: "help", line: "" }],
    ["reverse hello world", { do: "run", command: "reverse", line: "hello world" }],
    ["  REVERSE   hello ", { do: "run", command: "reverse", line: "hello" }],
    ["/reverse hello", { do: "run", command: "reverse", line: "hello" }],
    ["reverse\nhello\nworld", { do: "run", command: "reverse", line: "hello\nworld" }],
    ["reverse\u00a0hello", { do: "run", command: "reverse", line: "hello" }],
    ["order.status 12", { do: "run", command: "order.status", line: "12" }],
    ["order status 12", { do: "run", command: "order", line: "status 12" }],
    ["cart empty now", { do: "run", command: "cart.empty", line: "now" }],
    ["cart  empty", { do: "run", command: "cart.empty", line: "" }],
    ["charge 5", { do: "run", command: "charge", line: "5" }],
    ["revrse hello world", { do: "suggest", written: "revrse", command: "reverse", line: "hello world" }],
    ["/hepl", { do: "suggest", written: "hepl", command: "help", line: "" }],
    ["weather Berlin", { do: "away", name: "weather" }],
    ["Weather Berlin", { do: "away", name: "Weather" }],
    ["where is my parcel?", { do: "lost", written: "where" }],
    ["", { do: "lost", written: "" }],
    ["/", { do: "lost", written: "" }],
    ["!!!", { do: "lost", written: "!!!" }],
    ["constructor", { do: "lost", written: "constructor" }],
    // What staff may do answers as what does not exist, and is never suggested.
    ["agent.list", { do: "lost", written: "agent.list" }],
    ["agent list", { do: "lost", written: "agent.list" }],
    ["agent.lst", { do: "lost", written: "agent.lst" }],
  ])("%j", (line, decision) => {
    expect(decide(line)).toEqual(decision);
  });
});

it.each<[string, object]>([
  ["confirm abcd2345", { do: "confirm", code: "ABCD2345" }],
  ["/Confirm ＡＢＣＤ2345 ", { do: "confirm", code: "ABCD2345" }],
  ["confirm my order", { do: "lost", written: "confirm" }],
  ["confirm ABCD234O", { do: "lost", written: "confirm" }],
  ["confirm", { do: "lost", written: "confirm" }],
])("a code behind its word confirms, and nothing else does: %j", (line, decision) => {
  expect(decide(line)).toEqual(decision);
  if ("code" in decision) expect(decide(line, "queue")).toEqual(decision);
  expect(decide(line, "agent")).toEqual({ do: "nothing" });
});

describe("in the queue", () => {
  it.each<[string, object]>([
    ["reverse hello", { do: "run", command: "reverse", line: "hello" }],
    ["help", { do: "run", command: "help", line: "" }],
    ["weather Berlin", { do: "away", name: "weather" }],
    ["revrse hello", { do: "nothing" }],
    ["where is my parcel?", { do: "nothing" }],
    ["agent.list", { do: "nothing" }],
  ])("only what is surely a command is answered: %j", (line, decision) => {
    expect(decide(line, "queue")).toEqual(decision);
  });
});

describe("while a person answers", () => {
  it.each(["reverse hello", "help", "person", "weather Berlin", "revrse", "where is my parcel?", ""])("the bot is silent: %j", (line) => {
    for (const begunBefore of [false, true]) expect(decide(line, "agent", begunBefore)).toEqual({ do: "nothing" });
  });
});

describe("a turn that was begun before", () => {
  it.each<[string, "run" | "uncertain"]>([
    ["reverse hello", "run"], // it only reads
    ["help", "run"], // it runs in this process, in one transaction with its answer
    ["person", "run"],
    ["cart empty", "run"],
    ["charge 5", "uncertain"],
    ["wipe everything", "run"], // it only asks whether it is meant
  ])("%j is not repeated blindly: %s", (line, what) => {
    for (const controller of ["bot", "queue"] as const) {
      expect(decide(line, controller, false)).toMatchObject({ do: "run" });
      expect(decide(line, controller, true)).toMatchObject({ do: what });
    }
  });
});
