import { describe, it } from "vitest";
import type { Bus } from "../../src/platform/bus/bus.ts";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import { seededRandom } from "../chaos/random.ts";
import { openProduct } from "../fixtures/product.ts";

type Publish = Bus["publish"];

/** What a bus may do with what it is given. */
const buses: [name: string, publish: (publish: Publish, chance: () => number) => Publish][] = [
  ["loses everything", () => () => {}],
  ["loses half", (publish, chance) => (subject, data) => void (chance() < 0.5 && publish(subject, data))],
  [
    "brings everything twice and out of order",
    (publish, chance) => (subject, data) => {
      for (let copy = 0; copy < 2; copy++) setTimeout(() => publish(subject, data), chance() * 60);
    },
  ],
];

/** The ledger is looked at every 3 s. */
const withinMs = 9000;

// All at once: each mostly waits for the next look.
describe.concurrent.each(buses)("a bus that %s", (_name, change) => {
  it("costs time, and nothing else: every tab and the desk see everything once, in one order", async ({ expect, onTestFinished }) => {
    const bus = createInProcessBus();
    const product = await openProduct({ bus: { ...bus, publish: change(bus.publish, seededRandom(7)) } });
    onTestFinished(() => product.stop());
    const { page, welcome, conversation } = await product.visit();
    const tab = await product.openVisitor();
    await tab.hello({ token: welcome.token });
    const agent = await product.agent();
    const desk = await agent.desk();
    const [topic, inbox] = [await desk.watch(`conversation:${conversation}`), await desk.watch("inbox")];
    await product.visit();
    for (let n = 0; n < 20; n++) (n % 2 === 0 ? page : tab).send({ type: "message", clientId: `m${n}`, text: `mat ${n}` });
    await agent.run("conversation.take", { conversation });
    const last = await desk.say(conversation, "the end");
    await Promise.all([
      page.until("message", ({ text }) => text === "the end", withinMs),
      tab.until("message", ({ text }) => text === "the end", withinMs),
      topic.until(() => topic.messages().some(({ text }) => text === "the end"), withinMs),
      inbox.until(() => inbox.conversations().some(({ id, agent: named }) => id === conversation && named?.id === agent.id), withinMs),
      page.until("state", ({ controller }) => controller === "agent", withinMs),
    ]);
    for (const one of [page, tab]) await expect.poll(() => one.of("ack").length, { timeout: withinMs }).toBe(10);
    const newest = Math.max("seq" in last ? last.seq : 0, ...[page, tab].flatMap((one) => one.of("ack").map(({ seq }) => seq)));
    await topic.until(() => topic.messages().length === newest, withinMs);
    expect(last).toMatchObject({ seq: expect.any(Number) });
    const whole = topic.messages().map(({ seq }) => seq);
    expect(whole).toEqual(Array.from({ length: whole.length }, (_, index) => index + 1));
    for (const one of [page, tab]) {
      await expect.poll(() => one.seqs().length, { timeout: withinMs }).toBe(whole.length);
      expect(one.seqs().toSorted((a, b) => a - b)).toEqual(whole);
      const shown = one.shown().map(({ seq }) => seq);
      expect(shown).toEqual(shown.toSorted((a, b) => a - b));
      expect(one.of("ack")).toHaveLength(10);
    }
    await Promise.all([page.close(), tab.close(), desk.close()]);
  }, 40_000);
});
