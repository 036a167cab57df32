import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeRecording, type Recording, usualWay } from "../../src/protocol/recording.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let admin: Agent;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct();
  [admin, agent] = await Promise.all([product.agent("admin@demo.example"), product.agent()]);
});
afterAll(() => product.stop());

async function record(...runs: { id: string }[]): Promise<Recording> {
  const { data } = await admin.run("operation.record", { runs: runs.map(({ id }) => id).join(",") });
  return JSON.parse(JSON.stringify(data));
}

describe("what was just done", () => {
  it("becomes a sequence: what came from a step before is bound to it, the rest may be asked for", async () => {
    const first = await admin.run("reverse", { text: "blue whales sing" });
    const second = await admin.run("mat", { text: "sing whales blue" });
    const recording = await record(second, first);
    expect(recording).toEqual({
      steps: [
        { name: "reverseDone", command: "reverse" },
        { name: "matDone", command: "mat" },
      ],
      values: [
        { step: 0, argument: "text", value: "blue whales sing", parameter: expect.objectContaining({ name: "text", type: "text" }) },
        expect.objectContaining({ step: 1, argument: "text", from: "{{reverseDone.text}}" }),
      ],
      leftOut: [],
    });
    const body = composeRecording(recording, (value) => (value.step === 0 ? "ask" : usualWay(value)));
    expect(body.parameters).toMatchObject([{ name: "text", required: false, default: "blue whales sing" }]);
    await admin.run("operation.create", { name: "whale-song", kind: "sequence", summary: "Sings.", ...body });
    await admin.run("operation.publish", { name: "whale-song" });
    const again = await admin.run("whale-song", { text: "one two three" });
    expect(again.messages.map(({ text }) => text)).toEqual(["three two one", "mat mat mat"]);
    expect((await admin.run("whale-song")).messages[0]?.text).toBe("sing whales blue");
  });

  it("leaves out what has no place in it, and says why", async () => {
    const good = await admin.run("reverse", { text: "a good one" });
    const list = await admin.run("run.list", {});
    await admin.refused("person", {});
    const asked = await admin.run("run.list", { state: "refused" });
    const runs: { items: { id: string }[] } = JSON.parse(JSON.stringify(asked.data));
    const removed = await admin.run("operation.create", {
      name: "to-go",
      kind: "sequence",
      summary: "x",
      sequence: { steps: [{ command: "reverse", args: { text: "x" } }] },
    });
    const { steps, leftOut } = await record(good, list, removed, ...runs.items);
    expect(steps.map(({ command }) => command)).toEqual(["reverse"]);
    expect(leftOut.map(({ command, why }) => `${command}: ${why}`)).toEqual(
      expect.arrayContaining(["run.list: It is about runs and operations themselves."]),
    );
    for (const { why } of leftOut) expect(why).toMatch(/^[A-Z].*\.$/);
  });

  it("keeps usual values apart: a yes, a single figure or two letters are no sign that one came from the other", async () => {
    const [first, second] = [await admin.run("reverse", { text: "no" }), await admin.run("reverse", { text: "no" })];
    const { values } = await record(first, second);
    expect(values.map(({ from }) => from)).toEqual([undefined, undefined]);
    // One parameter for the same value.
    expect(values.map(({ parameter }) => parameter?.name)).toEqual(["text", "text"]);
    const third = await admin.run("reverse", { text: "yes" });
    expect((await record(first, third)).values.map(({ parameter }) => parameter?.name)).toEqual(["text", "text_2"]);
  });

  it("doesn't take names in braces for places: they are asked for", async () => {
    const run = await admin.run("reverse", { text: "say {{name}} twice" });
    const recording = await record(run);
    expect(recording.values[0]).toMatchObject({ asked: expect.any(String) });
    const body = composeRecording(recording, usualWay);
    await admin.run("operation.create", { name: "in-braces", kind: "sequence", summary: "x", ...body });
    await admin.run("operation.publish", { name: "in-braces" });
    expect((await admin.run("in-braces")).messages[0]?.text).toContain("{{name}}");
  });

  it("is one's own: a colleague's run is none, and lends no right", async () => {
    const theirs = await agent.run("reverse", { text: "not yours" });
    expect(await admin.refused("operation.record", { runs: theirs.id })).toMatchObject({ code: "not_found", path: "args.runs" });
    expect(await agent.refused("operation.record", { runs: theirs.id })).toMatchObject({ code: "unknown_command" });
    const mine = await admin.run("agent.list");
    const body = composeRecording(await record(mine), usualWay);
    await admin.run("role.create", { key: "narrow", name: "Narrow", permissions: "commands.run" });
    await admin.run("operation.create", { name: "who-is-there", kind: "sequence", summary: "x", ...body });
    await admin.run("operation.publish", { name: "who-is-there" });
    await admin.run("operation.share", { name: "who-is-there", roles: "everyone" });
    const may = await agent.run("agent.list").then(
      () => true,
      () => false,
    );
    const { code } = may ? { code: undefined } : await agent.refused("who-is-there");
    expect(may || code === "unknown_command").toBe(true);
  });

  it.each([
    ["what is no id", "one"],
    ["an id of nothing", "01a20136-560c-73d4-a879-89955529548d"],
    ["too many", Array.from({ length: 31 }, (_, index) => `01a20136-560c-73d4-a879-8995552954${10 + index}`).join(",")],
  ])("is refused: %s", async (_, runs) => {
    expect((await admin.refused("operation.record", { runs })).path).toBe("args.runs");
  });
});
