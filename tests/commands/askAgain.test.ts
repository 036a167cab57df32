import { describe, expect, test } from "vitest";
import { watchAutomations } from "../../src/commands/automations/automations.ts";
import type { Work } from "../../src/commands/command.ts";
import { createRegistry } from "../../src/commands/registry.ts";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import { createMovableClock } from "../fixtures/movableClock.ts";
import { silentLog } from "../fixtures/silentLog.ts";

const work: Work = {
  signal: new AbortController().signal,
  effect: (_step, act) => act("k"),
  step: (_step, act) => act(),
  progress: () => {},
};
const call = {
  run: "r1",
  work,
  args: {},
  principal: { kind: "visitor", tenant: "t", inbox: "i", contact: "c", conversation: "k" },
} as const;

/** An automation whose first process dies with the request, and how often it was asked. */
async function dyingOnce(risk: "read" | "write") {
  const clock = createMovableClock();
  const bus = createInProcessBus({ clock });
  const registry = createRegistry([]);
  const asked: unknown[] = [];
  await bus.serve({
    name: "lookup",
    version: "1.0.0",
    description: "",
    metadata: { summary: "Looks something up.", risk, audience: "visitor", args: '{"type":"object","properties":{}}' },
    subject: "automation.lookup",
    queueGroup: "automations",
    handle: (request) => {
      asked.push(request);
      return asked.length === 1 ? new Promise(() => {}) : Promise.resolve({ messages: [{ text: "found" }] });
    },
  });
  const watch = watchAutomations({ bus, clock, log: silentLog }, registry, []);
  await watch.look();
  const command = registry.find("lookup");
  if (command?.audience !== "visitor") throw new Error("it was not found");
  const answer = command.run(call);
  answer.catch(() => {});
  return { clock, asked, answer };
}

describe("an automation that has died with its request", () => {
  test("is asked once more where it only reads, with the same run", async () => {
    const { clock, asked, answer } = await dyingOnce("read");
    clock.advance(9999);
    expect(asked).toHaveLength(1);
    clock.advance(1);
    await expect(answer).resolves.toEqual({ messages: [{ text: "found" }] });
    expect(asked).toEqual([expect.objectContaining({ run: "r1" }), expect.objectContaining({ run: "r1" })]);
  });

  test("is never asked twice where it changes something", async () => {
    const { clock, asked, answer } = await dyingOnce("write");
    clock.advance(60_000);
    await expect(answer).rejects.toMatchObject({ code: "automation_timeout" });
    expect(asked).toHaveLength(1);
  });
});
