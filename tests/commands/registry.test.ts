import { describe, expect, it } from "vitest";
import { defineCommand, type VisitorCommand } from "../../src/commands/command.ts";
import { createRegistry } from "../../src/commands/registry.ts";

function command(name: string, source: "built-in" | "automation" = "built-in"): VisitorCommand {
  return defineCommand({
    name,
    summary: `${source}.`,
    risk: "read",
    audience: "visitor",
    source,
    args: { type: "object", properties: {} },
    run: async () => ({ messages: [] }),
  });
}

const names = ["help", "person", "leave", "reverse", "mat", "me.online", "conversation.take", "conversation.hand-back"];
const registry = createRegistry(names.map((name) => command(name)));

describe("a command's name", () => {
  it.each([
    ["reverse", "reverse"],
    ["REVERSE", "reverse"],
    ["Reverse", "reverse"],
    ["ｒｅｖｅｒｓｅ", "reverse"],
    ["me.online", "me.online"],
    ["revers", undefined],
    ["", undefined],
    ["constructor", undefined],
    ["__proto__", undefined],
    ["rеverse", undefined], // the second letter is Cyrillic
  ])("%j is %s", (written, found) => {
    expect(registry.find(written)?.name).toBe(found);
  });
});

describe("the nearest name", () => {
  it.each([
    ["revrse", "reverse"],
    ["reverze", "reverse"],
    ["reverses", "reverse"],
    ["revesre", "reverse"],
    ["erverse", "reverse"],
    ["REVRSE", "reverse"],
    ["rеverse", "reverse"], // the second letter is Cyrillic
    ["hlp", "help"],
    ["hepl", "help"],
    ["ehlp", "help"],
    ["halp", "help"],
    ["mta", "mat"],
    ["matt", "mat"],
    ["persn", "person"],
    ["preson", "person"],
    ["conversation.tkae", "conversation.take"],
    ["conversation.handback", "conversation.hand-back"],
    ["receipt", undefined],
    ["hello", undefined],
    ["cat", "mat"],
    ["dog", undefined],
    ["a", undefined],
    ["", undefined],
    ["逆", undefined],
    ["x".repeat(5000), undefined],
  ])("of %s is %s", (written, near) => {
    expect(registry.nearest(written, () => true)?.name).toBe(near);
  });

  it("is one that the asker may run", () => {
    expect(registry.nearest("revrse", (candidate) => candidate.name !== "reverse")).toBeUndefined();
  });

  it("is the nearer of two", () => {
    const two = createRegistry([command("invite-all"), command("invite")]);
    expect(two.nearest("invit", () => true)?.name).toBe("invite");
  });
});

describe("automations", () => {
  it("come, change and go", () => {
    const changing = createRegistry([command("help")]);
    changing.setAutomations([command("weather", "automation"), command("alarm", "automation")]);
    expect(changing.all().map(({ name }) => name)).toEqual(["alarm", "help", "weather"]);
    expect(changing.find("weather")?.source).toBe("automation");
    changing.setAutomations([command("alarm", "automation")]);
    expect(changing.find("weather")).toBeUndefined();
    expect(changing.all().map(({ name }) => name)).toEqual(["alarm", "help"]);
  });

  it("can't take over a built-in command", () => {
    const changing = createRegistry([command("person")]);
    changing.setAutomations([command("person", "automation"), command("PERSON", "automation")]);
    expect(changing.find("person")?.source).toBe("built-in");
    expect(changing.all()).toHaveLength(1);
  });
});
