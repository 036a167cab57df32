import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Json, ServiceDefinition } from "../../src/platform/bus/bus.ts";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import type { Ack } from "../../src/protocol/visitor.ts";
import { createMovableClock, type MovableClock } from "../fixtures/movableClock.ts";
import { openProduct, type TestProduct } from "../fixtures/product.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";

function automation(name: string, risk: string, handle: () => Promise<Json>): ServiceDefinition {
  return {
    name,
    version: "1.0.0",
    description: name,
    metadata: { summary: "It waits.", risk, audience: "visitor", args: '{"type":"object","properties":{}}' },
    subject: `automation.${name}`,
    queueGroup: "automations",
    handle,
  };
}

describe("an automation that is silent", () => {
  let clock: MovableClock;
  let product: TestProduct;
  let page: VisitorClient;
  let answer: (value: Json) => void;
  beforeEach(async () => {
    clock = createMovableClock();
    const bus = createInProcessBus({ clock });
    const handle = () =>
      new Promise<Json>((resolve) => {
        answer = resolve;
      });
    await bus.serve(automation("silent", "read", handle));
    await bus.serve(automation("charge", "write", handle));
    product = await openProduct({ clock, bus });
    ({ page } = await product.visit());
  });
  afterEach(() => product.stop());

  /** The product's time; the database keeps its own, so the leases of turns don't end. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 500) {
      clock.advance(500);
      await page.settled();
    }
  }

  /** Lets time pass in these steps for as long as this takes to come, which gets a moment of real time each. */
  async function passUntil<Coming>(stepMs: number, coming: Promise<Coming>): Promise<Coming> {
    let waiting = true;
    const come = () => {
      waiting = false;
    };
    const came = coming.then(come, come);
    while (waiting) {
      clock.advance(stepMs);
      await Promise.race([came, new Promise((resolve) => setTimeout(resolve, 10))]);
    }
    return await coming;
  }

  /** Its message waits a moment for an answer that could be written with it. */
  const say = (text: string): Promise<Ack> => passUntil(50, page.say(text));

  /** Said within 3 s. The bot is seen typing when the turn has run for 400 to 500 ms. */
  async function untilWorking(ack: Ack) {
    await passUntil(
      100,
      page.until("typing", ({ on, author }) => on && author.kind === "bot"),
    );
    expect(page.shown()).toEqual([]);
    await pass(2500);
    return await page.answerTo(ack);
  }

  it("is said to be still working within 3 s, once, and seen typing until it answers", async () => {
    const working = await untilWorking(await say("silent"));
    expect(working.text).toBe("Still working on \"silent\". I'll tell you as soon as it's done.");
    expect(working.blocks).toMatchObject([{ type: "buttons", buttons: [{ action: "person" }] }]);
    await pass(20_000);
    answer({ messages: [{ text: "at last" }] });
    await page.until("message", ({ text }) => text === "at last");
    expect(page.shown().map(({ text }) => text)).toEqual([working.text, "at last"]);
  });

  it("that answers in time is not said to be working", async () => {
    await say("silent");
    await pass(2000);
    answer({ messages: [{ text: "in time" }] });
    await page.until("message", ({ text }) => text === "in time");
    await pass(5000);
    expect(page.shown()).toHaveLength(1);
  });

  it.each([
    ["silent", "Nothing was changed."],
    ["charge", "It may or may not have been done; please check before you repeat it."],
  ])("%s is given up at 60 s with the offer of a person, and a late answer is not shown", async (name, outcome) => {
    await untilWorking(await say(name));
    await pass(56_500);
    expect(page.shown()).toHaveLength(1);
    await pass(1500);
    const gaveUp = await page.until("message", ({ seq }) => seq === 3);
    expect(gaveUp.text).toBe(`"${name}" did not answer within 60 seconds. ${outcome} A person can help.`);
    expect(gaveUp.blocks).toMatchObject([{ type: "buttons", buttons: [{ action: "person" }] }]);
    answer({ messages: [{ text: "too late" }] });
    await pass(1000);
    expect(page.shown()).toHaveLength(2);
    expect(await product.database.acrossTenants.query("select 1 from turn")).toEqual([]);
  });

  it("doesn't hold up what the visitor writes next", async () => {
    await say("silent");
    const ack = await say("reverse a b");
    expect((await page.answerTo(ack)).text).toBe("b a");
  });

  it("can be left for a person: the late answer still comes while they wait in line", async () => {
    await untilWorking(await say("silent"));
    page.send({ type: "action", clientId: "press", seq: 2, action: "person" });
    await page.until("state", ({ controller }) => controller === "queue");
    answer({ messages: [{ text: "after all" }] });
    await page.until("message", ({ text }) => text === "after all");
  });
});
