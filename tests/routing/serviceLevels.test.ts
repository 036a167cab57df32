import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let admin: Agent;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct();
  admin = await product.agent("admin@demo.example");
  agent = await product.agent();
  await admin.run("calendar.create", { key: "always", name: "Always", timeZone: "UTC", spans: "mon-sun 0:00-24:00" });
});
afterAll(() => product.stop());

/** A visitor who asked for a person so many seconds ago. */
async function waiting(seconds: number): Promise<string> {
  const { page, conversation } = await product.visit();
  await page.say("person");
  await page.until("message", ({ author }) => author.kind === "system");
  await product.database.acrossTenants.query("update control_change set at = at - make_interval(secs => $2) where conversation_id = $1", [
    conversation,
    seconds,
  ]);
  return conversation;
}

async function notesOf(conversation: string): Promise<string[]> {
  const rows = await product.database.acrossTenants.query<{ text: string }>(
    "select text from note where conversation_id = $1 order by id",
    [conversation],
  );
  return rows.map(({ text }) => text);
}

describe("a service level", () => {
  it("warns before, escalates after, once each, and ends with a person's answer; the wallboard counts it", async () => {
    const [soon, late] = [await waiting(50), await waiting(70)];
    const desk = await agent.desk();
    const wallboard = await desk.watch("wallboard");
    const levelsOf = (key: string) => expect.poll(() => wallboard.items.get(key), { timeout: 10_000 });
    await levelsOf("support").toMatchObject({ dueSoon: 0, breached: 0 });
    desk.send({ type: "watch", topic: "inbox" });
    await desk.until("snapshot", ({ topic }) => topic === "inbox");
    await admin.run("service-level.set", {
      priority: "normal",
      calendar: "always",
      firstAnswer: "1 min",
      nextAnswer: "1 h",
      raiseTo: "high",
    });

    await expect
      .poll(() => notesOf(soon), { timeout: 10_000 })
      .toEqual([expect.stringMatching(/^Service level: the first answer is due by .*80 %/)]);
    await expect
      .poll(() => notesOf(late), { timeout: 10_000 })
      .toEqual([expect.stringMatching(/breached: the first answer was due.*high now/)]);
    await levelsOf("support").toMatchObject({ dueSoon: 1, breached: 1 });
    const shown = await desk.until("delta", ({ changed }) => changed.some((item) => item.id === late && "service" in item));
    expect(shown.changed.find(({ id }) => id === late)).toMatchObject({ service: { kind: "first", dueAt: expect.any(String) } });
    expect((await agent.run("queue.list", { team: "support" })).data).toMatchObject({
      queues: [{ waiting: [{ priority: 2 }, { priority: 3 }] }],
    });

    await agent.run("conversation.take", { conversation: soon });
    desk.send({ type: "message", conversation: soon, clientId: "a1", text: "Here I am." });
    const ended = async () =>
      await product.database.acrossTenants.query<{ kind: string; took: number }>(
        "select kind, took_ms / 1000 as took from service_timer where conversation_id = $1 and ended_at is not null",
        [soon],
      );
    await expect.poll(ended, { timeout: 10_000 }).toEqual([{ kind: "first", took: expect.any(Number) }]);
    const took = (await ended())[0]?.took ?? 0;
    expect(took).toBeGreaterThanOrEqual(50);
    expect(took).toBeLessThan(75);
    const why = await agent.run("conversation.why", { conversation: soon });
    expect(why.messages[0]?.text).toMatch(/first answer.*took/);
    expect(await notesOf(soon)).toHaveLength(1);
    expect(await notesOf(late)).toHaveLength(1);

    await levelsOf("support").toMatchObject({ dueSoon: 0, breached: 1 });
    await agent.run("conversation.transfer", { conversation: late, to: "Sales" });
    await levelsOf("sales").toMatchObject({ dueSoon: 0, breached: 1 });
    await agent.run("conversation.take", { conversation: late });
    desk.send({ type: "message", conversation: late, clientId: "a2", text: "Here I am, late." });
    await levelsOf("sales").toMatchObject({ dueSoon: 0, breached: 0 });
    await levelsOf("support").toMatchObject({ dueSoon: 0, breached: 0 });
    await desk.close();
  });

  it.each<[object, string, string]>([
    [{ calendar: "nowhere", firstAnswer: "1 h" }, "args.calendar", "not_found"],
    [{ calendar: undefined, firstAnswer: "1 h" }, "args.calendar", "invalid_value"],
    [{ firstAnswer: "0" }, "args.firstAnswer", "invalid_value"],
    [{ nextAnswer: "-5 min" }, "args.nextAnswer", "invalid_value"],
    [{ resolution: "soon" }, "args.resolution", "invalid_value"],
    [{}, "args.firstAnswer", "invalid_value"],
    [{ firstAnswer: "1 h", warnAt: 100 }, "args.warnAt", "invalid_value"],
    [{ firstAnswer: "1 h", raiseTo: "low" }, "args.raiseTo", "invalid_value"],
    [{ firstAnswer: "1 h", moveTo: "nobody" }, "args.moveTo", "not_found"],
    [{ priority: "utmost", firstAnswer: "1 h" }, "args.priority", "invalid_value"],
  ])("with %o names %s", async (change, path, code) => {
    expect(await admin.refused("service-level.set", { priority: "low", calendar: "always", ...change })).toMatchObject({ path, code });
  });

  it("is listed, and gone when it is deleted", async () => {
    await admin.run("service-level.set", { priority: "urgent", calendar: "always", resolution: "4 h", warnAt: 50 });
    expect((await agent.run("service-level.list")).messages[0]?.text).toContain("urgent: resolved within 4 h of always, warned at 50 %.");
    expect(await admin.refused("calendar.delete", { calendar: "always" })).toMatchObject({ code: "conflict" });
    await admin.run("service-level.delete", { priority: "urgent" });
    expect(await admin.refused("service-level.delete", { priority: "urgent" })).toMatchObject({ path: "args.priority" });
  });
});
