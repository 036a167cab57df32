import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gatherShownMs } from "../../src/conversations/marks/shownMarks.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";

let product: TestProduct;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct();
  agent = await product.agent();
});
afterAll(() => product.stop());

async function comeBack(token: string, fields: object = {}): Promise<VisitorClient> {
  const page = await product.openVisitor();
  await page.hello({ token, ...fields });
  return page;
}

describe("a visitor", () => {
  it("is welcomed with a token, a conversation and a greeting that takes no seq", async () => {
    const { page, welcome } = await product.visit();
    expect(welcome).toEqual({
      type: "welcome",
      version: expect.any(Number),
      token: expect.stringMatching(/^[\w-]{43}$/),
      conversation: expect.stringMatching(/^[0-9a-f-]{36}$/),
      seq: 0,
      state: { controller: "bot", open: true },
      greeting: { text: expect.stringContaining("help") },
    });
    expect((await page.say("help")).seq).toBe(1);
    await page.close();
  });

  it.each([
    ["reverse hello, big world!", "world, big hello!"],
    ["mat hello, big world!", "mat, mat mat!"],
    ["/reverse one two", "two one"],
    ["REVERSE one two", "two one"],
  ])("writes %j and reads %j", async (text, answer) => {
    const { page } = await product.visit();
    const ack = await page.say(text);
    const message = await page.answerTo(ack);
    expect(message).toMatchObject({
      seq: ack.seq + 1,
      text: answer,
      author: { kind: "bot" },
      command: text.replace("/", "").split(" ")[0]?.toLowerCase(),
    });
    await page.close();
  });

  it("reads what there is with help, and how one command is written", async () => {
    const { page } = await product.visit();
    const all = await page.answerTo(await page.say("help"));
    for (const name of ["help [command]", "mat {text}", "reverse {text}", "person [team]"]) expect(all.text).toContain(name);
    expect(all.text).not.toContain("conversation.take");
    expect((await page.answerTo(await page.say("help reverse"))).text).toMatch(/^reverse \{text\}\n/);
    expect((await page.answerTo(await page.say("help conversation.take"))).text).toContain('no command "conversation.take"');
    await page.close();
  });

  it("who misspells a command is offered the nearest, and a press of the button runs it", async () => {
    const { page } = await product.visit();
    const offer = await page.answerTo(await page.say("revrse hello world"));
    expect(offer.text).toContain('Did you mean "reverse"?');
    expect(offer.blocks).toMatchObject([
      { type: "buttons", buttons: [{ action: "command", value: "reverse hello world" }, { action: "person" }] },
    ]);
    page.send({ type: "action", clientId: "press", seq: offer.seq, action: "command", value: "reverse hello world" });
    const ack = await page.until("ack", ({ clientId }) => clientId === "press");
    expect((await page.answerTo(ack)).text).toBe("world hello");
    await page.close();
  });

  it("is told what a command needs", async () => {
    const { page } = await product.visit();
    const answer = await page.answerTo(await page.say("reverse"));
    expect(answer.text).toBe('"text" is missing. It takes: text. Write: reverse {text}');
    await page.close();
  });

  it.each([
    ["an action that the message doesn't offer", { action: "command", value: "mat x" }],
    ["another value", { action: "command", value: "reverse everything" }],
    ["no value", { action: "command" }],
    ["a message that there is not", { action: "command", value: "reverse a", seq: 99 }],
    ["one's own message", { action: "command", value: "revrse a", seq: 1 }],
    ["a seq of the future", { action: "command", value: "reverse a", seq: 2 ** 53 - 1 }],
  ])("can't press what is not offered: %s", async (_name, pressed) => {
    const { page } = await product.visit();
    const offer = await page.answerTo(await page.say("revrse a"));
    page.send({ type: "action", clientId: "press", seq: offer.seq, ...pressed });
    expect(await page.until("error")).toMatchObject({ ref: "press", error: { code: "invalid_value", path: "action" } });
    expect((await page.say("help")).seq).toBe(3);
    await page.close();
  });

  it("can always press for a person, also where nothing was said", async () => {
    const { page } = await product.visit();
    page.send({ type: "action", clientId: "press", seq: 0, action: "person" });
    await page.until("ack", ({ clientId }) => clientId === "press");
    expect(await page.until("state", ({ controller }) => controller === "queue")).toMatchObject({ position: expect.any(Number) });
    expect((await page.until("message")).author.kind).toBe("system");
    await page.close();
  });
});

describe("the line for a person", () => {
  it("tells every visitor the place, and moves up as others are taken", async () => {
    const visits = [await product.visit(), await product.visit(), await product.visit()];
    const already = (await product.database.acrossTenants.query("select 1 from conversation where controller = 'queue'")).length;
    for (const { page } of visits) {
      await page.say("person");
      await page.until("state", ({ controller }) => controller === "queue");
    }
    for (const [index, { page }] of visits.entries())
      await page.until("state", ({ controller, position }) => controller === "queue" && position === already + index + 1);
    const [first, second, third] = visits;
    if (first === undefined || second === undefined || third === undefined) throw new Error("three visits");
    await agent.run("conversation.take", { conversation: first.conversation });
    await second.page.until("state", ({ position }) => position === already + 1);
    await third.page.until("state", ({ position }) => position === already + 2);
    expect(await first.page.until("state", ({ controller }) => controller === "agent")).toEqual({
      type: "state",
      controller: "agent",
      agent: { name: "Agent One" },
      open: true,
    });
    await second.page.say("leave");
    await second.page.until("state", ({ controller }) => controller === "bot");
    await third.page.until("state", ({ position }) => position === already + 1);
    for (const { page } of visits) await page.close();
  });

  it("keeps the place over a reload, and is told once", async () => {
    const { page, welcome } = await product.visit();
    await page.say("person");
    const place = await page.until("state", ({ position }) => position !== undefined);
    await page.close();
    const back = await comeBack(welcome.token, { after: 0 });
    expect(back.of("welcome")[0]?.state).toMatchObject({ controller: "queue", position: place.position });
    const again = await back.answerTo(await back.say("person"));
    expect(again.text).toContain("in line already");
    expect(back.shown().filter(({ author }) => author.kind === "system")).toHaveLength(1);
    await back.close();
  });

  it("takes commands meanwhile, and is silent to everything else", async () => {
    const { page } = await product.visit();
    await page.say("person");
    await page.until("state", ({ controller }) => controller === "queue");
    expect((await page.answerTo(await page.say("reverse a b"))).text).toBe("b a");
    const before = page.shown().length;
    await page.say("my parcel is broken");
    expect((await page.answerTo(await page.say("mat x"))).text).toBe("mat");
    expect(page.shown()).toHaveLength(before + 1);
    await page.close();
  });
});

describe("what belongs to no message", () => {
  it("is shown to the agent: typing and read marks, which never go back", async () => {
    const { page, conversation } = await product.visit();
    await page.answerTo(await page.say("help"));
    const desk = await agent.desk();
    const topic = await desk.watch(`conversation:${conversation}`);
    page.send({ type: "typing", on: true });
    await desk.until("typing", ({ on, author }) => on && author.kind === "visitor");
    page.send({ type: "read", seq: 2 });
    await desk.until("read", ({ seq }) => seq === 2);
    page.send({ type: "read", seq: 1 });
    page.send({ type: "read", seq: 2 });
    page.send({ type: "typing", on: false });
    await desk.until("typing", ({ on }) => !on);
    expect(desk.of("read").map(({ seq }) => seq)).toEqual([2]);
    await topic.until(({ items }) => {
      const head = items.get(conversation);
      return head?.kind === "head" && head.visitorReadSeq === 2;
    });
    expect(page.of("typing")).toEqual([]);
    await Promise.all([page.close(), desk.close()]);
  });

  it("tells each side what reached the other's page, and what lies there until they come back", async () => {
    const { page, conversation, welcome } = await product.visit();
    await page.answerTo(await page.say("person"));
    expect(page.of("delivered")).toEqual([]);
    const desk = await agent.desk();
    await agent.run("conversation.take", { conversation });
    await desk.watch(`conversation:${conversation}`);
    expect((await page.until("delivered")).seq).toBe(1);
    const first = await desk.say(conversation, "hello");
    const seq = "seq" in first ? first.seq : 0;
    await desk.until("delivered", (frame) => frame.seq === seq);
    desk.send({ type: "read", conversation, seq: 1 });
    await page.until("read");
    await page.close();

    await desk.say(conversation, "still there?");
    await new Promise((resolve) => setTimeout(resolve, gatherShownMs + 100));
    expect(desk.of("delivered").map((frame) => frame.seq)).toEqual([seq]);
    const shownSeq = async () => {
      const again = await agent.desk();
      const head = (await again.watch(`conversation:${conversation}`)).items.get(conversation);
      await again.close();
      return head?.kind === "head" ? head.visitorShownSeq : undefined;
    };
    expect(await shownSeq()).toBe(seq);

    const back = await product.visit({ token: welcome.token, after: seq });
    await desk.until("delivered", (frame) => frame.seq === seq + 1);
    expect(await back.page.until("delivered")).toMatchObject({ seq: 1 });
    expect(await back.page.until("read")).toMatchObject({ seq: 1, author: { kind: "agent", name: agent.name } });
    expect(await shownSeq()).toBe(seq + 1);
    await Promise.all([back.page.close(), desk.close()]);
  });

  it("comes from whoever answers only: a colleague who looks is not seen typing or reading", async () => {
    const { page, conversation } = await product.visit();
    await page.say("help");
    const colleague = await product.agent("agent2@demo.example");
    const [desk, looking] = [await agent.desk(), await colleague.desk()];
    await agent.run("conversation.take", { conversation });
    looking.send({ type: "typing", conversation, on: true });
    looking.send({ type: "read", conversation, seq: 1 });
    await looking.settled();
    desk.send({ type: "typing", conversation, on: true });
    desk.send({ type: "read", conversation, seq: 1 });
    expect((await page.until("typing", ({ author }) => author.kind === "agent")).author).toEqual({ kind: "agent", name: "Agent One" });
    await page.until("read", ({ seq, author }) => seq === 1 && author.name === "Agent One");
    expect(page.of("typing").filter(({ author }) => author.name === "Agent Two")).toEqual([]);
    expect(page.of("read")).toHaveLength(1);
    await Promise.all([page.close(), desk.close(), looking.close()]);
  });

  it("ends with the words: what is typed and sent at once is told in that order", async () => {
    const { page, conversation } = await product.visit();
    await page.say("help");
    const desk = await agent.desk();
    await agent.run("conversation.take", { conversation });
    desk.send({ type: "typing", conversation, on: true });
    desk.send({ type: "message", conversation, clientId: randomUUID(), text: "pasted" });
    desk.send({ type: "typing", conversation, on: false });
    await page.until("typing", ({ on }) => !on);
    const told = page.frames.flatMap((frame): (boolean | string)[] =>
      frame.type === "typing" ? [frame.on] : frame.type === "message" && frame.author.kind === "agent" ? [frame.text] : [],
    );
    expect(told).toEqual([true, "pasted", false]);
    await Promise.all([page.close(), desk.close()]);
  });
});
