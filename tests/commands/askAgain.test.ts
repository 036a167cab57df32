import { describe, expect, test } from "vitest";
import { type Automation, defineAutomation } from "../../automations/contract.ts";
import { watchAutomations } from "../../src/commands/automations/automations.ts";
import type { Work } from "../../src/commands/command.ts";
import { createRegistry } from "../../src/commands/registry.ts";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import { createMovableClock } from "../fixtures/movableClock.ts";
import { noThings } from "../fixtures/noThings.ts";
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

/** An automation whose processes die with their request, so many one after the other, and what was asked. */
async function dying(risk: "read" | "write", times: number, hosted: Automation[] = []) {
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
      return asked.length <= times ? new Promise(() => {}) : Promise.resolve({ messages: [{ text: "found" }] });
    },
  });
  const watch = watchAutomations({ bus, clock, log: silentLog }, registry, hosted, noThings);
  await watch.look();
  const command = registry.find("lookup");
  if (command?.audience !== "visitor") throw new Error("it was not found");
  const answer = command.run(call);
  answer.catch(() => {});
  return { clock, asked, answer };
}

describe("an automation that has died with its request", () => {
  test("is asked once more where it only reads, with the same run", async () => {
    const { clock, asked, answer } = await dying("read", 1);
    clock.advance(9999);
    expect(asked).toHaveLength(1);
    clock.advance(1);
    await expect(answer).resolves.toEqual({ messages: [{ text: "found" }] });
    expect(asked).toEqual([expect.objectContaining({ run: "r1" }), expect.objectContaining({ run: "r1" })]);
  });

  test("is asked again as long as its place is taken by one that has died too, four times at most", async () => {
    const { clock, asked, answer } = await dying("read", 3);
    for (let time = 0; time < 3; time++) clock.advance(10_000);
    await expect(answer).resolves.toEqual({ messages: [{ text: "found" }] });
    expect(asked).toHaveLength(4);
    const silent = await dying("read", 9);
    for (let time = 0; time < 9; time++) silent.clock.advance(10_000);
    await expect(silent.answer).rejects.toMatchObject({ code: "automation_timeout" });
    expect(silent.asked).toHaveLength(4);
  });

  test("is answered by the process that asked, where that hosts it too", async () => {
    const lookup = defineAutomation({
      name: "lookup",
      version: "1.0.0",
      summary: "Looks something up.",
      risk: "read",
      audience: "visitor",
      args: { type: "object", properties: {} },
      answer: () => ({ messages: [{ text: "found here" }] }),
    });
    const { clock, asked, answer } = await dying("read", 9, [lookup]);
    clock.advance(10_000);
    await expect(answer).resolves.toEqual({ messages: [{ text: "found here" }] });
    expect(asked).toHaveLength(1);
  });

  test("is never asked twice where it changes something", async () => {
    const { clock, asked, answer } = await dying("write", 1);
    clock.advance(60_000);
    await expect(answer).rejects.toMatchObject({ code: "automation_timeout" });
    expect(asked).toHaveLength(1);
  });
});
