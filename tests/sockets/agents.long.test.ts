import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defineAutomation } from "../../automations/contract.ts";
import { hostAutomations } from "../../src/commands/automations/hostAutomations.ts";
import type { DeskClient } from "../fixtures/deskClient.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";

let product: TestProduct;
let one: Agent;
let two: Agent;
beforeAll(async () => {
  product = await openProduct();
  one = await product.agent("agent1@demo.example");
  two = await product.agent("agent2@demo.example");
});
afterAll(() => product.stop());

/** What the visitor hears, in the order of seq: by whom, and what. */
function heard(page: VisitorClient): string[] {
  return page
    .shown()
    .toSorted((a, b) => a.seq - b.seq)
    .map(({ author, text }) => `${author.kind}: ${text}`);
}

describe("two agents who take a conversation at the same moment, 200 times", () => {
  it("one has it, the other is told who", async () => {
    const conversations = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const { page, conversation } = await product.visit();
        await page.close();
        return conversation;
      }),
    );
    const winners = new Set<string>();
    for (let from = 0; from < conversations.length; from += 20) {
      await Promise.all(
        conversations.slice(from, from + 20).map(async (conversation) => {
          const take = (agent: Agent) =>
            agent.run("conversation.take", { conversation }).then(
              () => "taken",
              (error: Error) => error.message,
            );
          const answers = await Promise.all([take(one), take(two)]);
          expect(answers.filter((answer) => answer === "taken")).toHaveLength(1);
          const winner = answers[0] === "taken" ? one : two;
          winners.add(winner.id);
          expect(answers.join()).toContain(`${winner.name} took this conversation.`);
          expect(answers.join()).toContain("already_taken");
          const [stored] = await product.database.acrossTenants.query(
            "select agent_id as agent, generation, (select count(*)::int from control_change h where h.conversation_id = c.id) as changes from conversation c where id = $1",
            [conversation],
          );
          expect(stored).toEqual({ agent: winner.id, generation: 2, changes: 1 });
        }),
      );
    }
    expect(winners.size).toBe(2);
  }, 30_000);
});

describe("while a person answers", () => {
  it("the bot is silent, and hears nothing of it afterwards", async () => {
    const { page, conversation } = await product.visit();
    const desk = await one.desk();
    await page.say("person");
    await one.run("conversation.take", { conversation });
    await page.until("state", ({ controller }) => controller === "agent");
    await desk.say(conversation, "Hello, I am Agent One");
    for (const text of ["reverse a b", "help", "person", "nonsense"]) await page.say(text);
    page.send({ type: "action", clientId: "press", seq: 0, action: "person" });
    await page.until("ack", ({ clientId }) => clientId === "press");
    await desk.say(conversation, "Anything else?");
    await page.until("message", ({ text }) => text === "Anything else?");
    await one.run("conversation.hand-back", { conversation, summary: "wanted to know about boats" });
    await page.until("state", ({ controller }) => controller === "bot");
    expect((await page.answerTo(await page.say("reverse c d"))).text).toBe("d c");
    expect(heard(page).filter((line) => line.startsWith("bot"))).toEqual(["bot: d c"]);
    expect(await product.database.acrossTenants.query("select 1 from turn where conversation_id = $1", [conversation])).toEqual([]);
    await Promise.all([page.close(), desk.close()]);
  });

  it("what they found out goes along when they hand it back: an automation is told, and nobody else's", async () => {
    const withdraw = await hostAutomations(product.bus, [
      defineAutomation({
        name: "recall",
        version: "1.0.0",
        summary: "Says what it was told.",
        risk: "read",
        audience: "visitor",
        args: { type: "object", properties: {} },
        answer: ({ handedBack }) => ({
          messages: [{ text: handedBack === undefined ? "nothing" : `${handedBack.by}: ${handedBack.summary}` }],
        }),
      }),
    ]);
    await expect
      .poll(() => product.logged.some(({ fields }) => "automation" in fields && fields.automation === "recall"), { timeout: 5000 })
      .toBe(true);
    const [{ page, conversation }, other] = await Promise.all([product.visit(), product.visit()]);
    const recalled = async (of = page) => (await of.answerTo(await of.say("recall"))).text;
    expect(await recalled()).toBe("nothing");
    for (const summary of ["wanted boats", "wanted a refund", undefined]) {
      await one.run("conversation.take", { conversation });
      await one.run("conversation.hand-back", { conversation, ...(summary === undefined ? {} : { summary }) });
      await page.until("state", ({ controller }) => controller === "bot");
      expect(await recalled()).toBe(`Agent One: ${summary ?? "wanted a refund"}`);
    }
    await one.run("conversation.take", { conversation: other.conversation });
    await one.run("conversation.hand-back", { conversation: other.conversation });
    expect(await recalled(other.page)).toBe("nothing");
    expect(JSON.stringify(page.of("message").filter(({ author }) => author.kind !== "bot"))).not.toContain("refund");
    await Promise.all([page.close(), other.page.close(), withdraw()]);
  });

  it("an answer that the bot had begun becomes a note for them", async () => {
    const release: (() => void)[] = [];
    const withdraw = await product.bus.serve({
      name: "slow",
      version: "1.0.0",
      description: "Answers late.",
      metadata: { summary: "Answers late.", risk: "read", audience: "visitor", args: '{"type":"object","properties":{}}' },
      subject: "automation.slow",
      queueGroup: "automations",
      handle: async () => {
        await new Promise<void>((resolve) => release.push(resolve));
        return { messages: [{ text: "too late" }] };
      },
    });
    await expect
      .poll(() => product.logged.some(({ fields }) => "automation" in fields && fields.automation === "slow"), { timeout: 5000 })
      .toBe(true);
    const { page, conversation } = await product.visit();
    const desk = await one.desk();
    const topic = await desk.watch(`conversation:${conversation}`);
    await page.say("slow");
    await expect.poll(() => release.length, { timeout: 5000 }).toBe(1);
    await one.run("conversation.take", { conversation });
    release[0]?.();
    await topic.until(() => topic.notes().some(({ text }) => text === "The assistant would have answered: too late"));
    await desk.say(conversation, "I am here");
    await page.until("message", ({ text }) => text === "I am here");
    expect(heard(page).filter((line) => line.startsWith("bot"))).toEqual([]);
    await withdraw();
    await Promise.all([page.close(), desk.close()]);
  });

  it("only they may write to the visitor, hand it on or close it", async () => {
    const { page, conversation } = await product.visit();
    await one.run("conversation.take", { conversation });
    const desk = await two.desk();
    const { error } = await desk.refused({ type: "message", conversation, text: "me too" });
    expect(error).toMatchObject({
      code: "not_your_conversation",
      message: expect.stringMatching(/^Agent One answers this conversation.*Your text was not sent\.$/),
    });
    for (const [command, args] of [
      ["hand-back", {}],
      ["close", {}],
      ["transfer", { to: "queue" }],
      ["transfer", { to: "agent2@demo.example" }],
    ] as const)
      expect(await two.refused(`conversation.${command}`, { conversation, ...args })).toMatchObject({ code: "not_your_conversation" });
    await desk.note(conversation, "a note is allowed");
    await page.settled();
    expect(heard(page)).toEqual(["system: Agent One joined the conversation."]);
    await Promise.all([page.close(), desk.close()]);
  });

  it("they may transfer it: once the colleague accepts, they have it, and the first not any more", async () => {
    const { page, conversation } = await product.visit();
    const [first, second] = [await one.desk(), await two.desk()];
    await one.run("conversation.take", { conversation });
    await two.run("me.online");
    await one.run("conversation.transfer", { conversation, to: "agent2@demo.example", note: "speaks only of boats" });
    await first.say(conversation, "A colleague comes in a moment");
    const inbox = await second.watch("inbox");
    await inbox.until(({ items }) => JSON.stringify(items.get(conversation)).includes('"kind":"transfer"'));
    expect(inbox.items.get(conversation)).toMatchObject({ agent: { name: "Agent One" }, offer: { to: { name: "Agent Two" } } });
    const offered = inbox.conversations().find(({ id }) => id === conversation)?.offer?.until;
    await two.run("conversation.accept", { conversation });
    await two.run("me.offline");
    await page.until("state", ({ agent }) => agent?.name === "Agent Two");
    expect((await first.refused({ type: "message", conversation, text: "still me?" })).error.code).toBe("not_your_conversation");
    await second.say(conversation, "Now it is me");
    const topic = await second.watch(`conversation:${conversation}`);
    expect(topic.notes()).toMatchObject([
      {
        text: "Offered to Agent Two by Agent One: speaks only of boats",
        author: { kind: "system" },
        blocks: [{ type: "offer", to: two.id, until: offered, by: "Agent One", text: "speaks only of boats" }],
      },
    ]);
    await page.until("message", ({ text }) => text === "Now it is me");
    expect(JSON.stringify(page.frames)).not.toContain("boats");
    const why = await one.run("conversation.why", { conversation });
    expect(why.messages[0]?.text).toMatch(
      /bot → agent: taken \(Agent One\)\n.*agent → agent: transferred by Agent One \(Agent Two\)\n.*offered to Agent Two by Agent One: accepted$/,
    );
    await Promise.all([page.close(), first.close(), second.close()]);
  });

  it("they may close it; it leaves the lists, and comes back when the visitor writes", async () => {
    const { page, conversation } = await product.visit();
    const desk = await one.desk();
    const inbox = await desk.watch("inbox");
    await page.say("help");
    await one.run("conversation.take", { conversation });
    await inbox.until(() => inbox.conversations().some(({ id, agent }) => id === conversation && agent?.id === one.id));
    await one.run("conversation.close", { conversation });
    await page.until("state", ({ open }) => !open);
    await inbox.until(() => !inbox.items.has(conversation));
    expect((await page.answerTo(await page.say("reverse a b"))).text).toBe("b a");
    await page.until("state", ({ open, controller }) => open && controller === "bot" && page.of("state").at(-1)?.open === true);
    await inbox.until(() => inbox.items.has(conversation));
    await Promise.all([page.close(), desk.close()]);
  });
});

describe("a note", () => {
  it("never reaches a visitor, whatever it says and whenever it is written", async () => {
    const { page, conversation, welcome } = await product.visit();
    const desk = await one.desk();
    await one.run("conversation.take", { conversation });
    const topic = await desk.watch(`conversation:${conversation}`);
    const secret = (n: number) => `secret-${n}-`;
    let count = 0;
    const step = fc.record({
      kind: fc.constantFrom("note", "message", "visitor", "hello"),
      text: fc.string({ minLength: 1, maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
        for (const { kind, text } of [...steps, { kind: "note", text: "once more" }])
          await act(kind, text, desk, page, conversation, secret(count++));
      }),
      { numRuns: 30 },
    );
    const back = await product.openVisitor();
    await back.hello({ token: welcome.token, after: 0 });
    await page.say("the end");
    await back.until("message", ({ text }) => text === "the end");
    const notes = topic.notes();
    expect(notes.length).toBeGreaterThanOrEqual(30);
    for (const everything of [JSON.stringify(page.frames), JSON.stringify(back.frames)]) expect(everything).not.toContain("secret-");
    const seqs = back.shown().map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    await Promise.all([page.close(), back.close(), desk.close()]);
  }, 30_000);

  it("stands after the message that was the newest", async () => {
    const { page, conversation } = await product.visit();
    const desk = await one.desk();
    const topic = await desk.watch(`conversation:${conversation}`);
    expect(await desk.note(conversation, "before anything", "n0")).toMatchObject({ afterSeq: 0, clientId: "n0" });
    await page.answerTo(await page.say("help"));
    expect(await desk.note(conversation, "after the answer", "n2")).toMatchObject({ afterSeq: 2 });
    await topic.until(() => topic.notes().length === 2);
    expect(topic.notes()).toMatchObject([
      { afterSeq: 0, text: "before anything", author: { kind: "agent", name: "Agent One" } },
      { afterSeq: 2, text: "after the answer" },
    ]);
    await Promise.all([page.close(), desk.close()]);
  });
});

async function act(kind: string, text: string, desk: DeskClient, page: VisitorClient, conversation: string, secret: string): Promise<void> {
  if (kind === "note") await desk.note(conversation, secret + text);
  else if (kind === "message") await desk.say(conversation, `to the customer ${secret.length}`);
  else if (kind === "visitor") await page.say(`from the visitor ${secret.length}`);
  else await page.hello({ after: 0 });
}
