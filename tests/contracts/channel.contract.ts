import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DeskClient } from "../fixtures/deskClient.ts";
import type { ChannelAnswer } from "../fixtures/mailService.ts";
import type { Agent, TestProduct } from "../fixtures/product.ts";

/** What a person writes where the channel's service has them. */
export interface Written {
  /** The service's own, the same for the same. */
  id: string;
  by: string;
  text: string;
  files?: readonly { name: string; text: string }[];
  /** What it answers; else it is written to the inbox. */
  answers?: Reached;
}

/** What reached a person there. */
export interface Reached {
  /** By which the service finds it again. */
  id: string;
  text: string;
}

export type Flaw = "wrongSignature" | "noSignature" | "oldSignature" | "foreignTenant" | "toNobody" | "unreadable" | "byOurselves";

/** A product, and a service as it is outside. */
export interface ChannelUnderTest {
  product: TestProduct;
  /** Brings it as the service does, but for the flaw. */
  bring(written: Written, flaw?: Flaw): Promise<ChannelAnswer>;
  /** What reached this person so far, the oldest first. */
  reached(person: string): Promise<Reached[]>;
  /** Whether the service takes nothing at the moment. */
  refuse(refuses: boolean): void;
  /** How many of ours it was offered in vain. */
  refused(): Promise<number>;
  /** Lets what was refused be due again. */
  passTime(): Promise<void>;
  close(): Promise<void>;
}

/** What every channel of `bots/` does (C9). */
export function channelContract(open: () => Promise<ChannelUnderTest>): void {
  let under: ChannelUnderTest;
  let agent: Agent;
  let desk: DeskClient;
  beforeAll(async () => {
    under = await open();
    agent = await under.product.agent();
    desk = await agent.desk();
  });
  afterAll(() => under.close());

  const person = () => `${randomUUID()}@example.org`;
  const begin = async (by: string, text = "Do you ship to Norway?"): Promise<string> => {
    const { conversation } = await under.bring({ id: randomUUID(), by, text });
    if (conversation === undefined) throw new Error("nothing was begun");
    return conversation;
  };
  const messagesOf = async (conversation: string) => {
    const watched = await desk.watch(`conversation:${conversation}`);
    return watched.messages();
  };
  const visitorSaid = async (conversation: string) =>
    (await messagesOf(conversation)).filter(({ author }) => author.kind === "visitor").map(({ text }) => text);
  const kept = async () => {
    const [row] = await under.product.database.acrossTenants.query(
      "select (select count(*)::int from conversation) as conversations, (select count(*)::int from message) as messages",
    );
    return row;
  };
  const answer = async (conversation: string, by: string, text: string, count = 1) => {
    await agent.run("conversation.take", { conversation });
    await desk.say(conversation, text);
    await expect.poll(() => under.reached(by), { timeout: 10_000 }).toHaveLength(count);
    return (await under.reached(by)).at(-1);
  };

  it("begins a conversation in the queue for somebody unknown, once, however often it is brought", async () => {
    const [by, id] = [person(), randomUUID()];
    const answers = await Promise.all(Array.from({ length: 10 }, () => under.bring({ id, by, text: "Do you ship to Norway?" })));
    expect(answers).toEqual(answers.map(() => answers[0]));
    expect(answers[0]).toMatchObject({ status: 200, result: "received" });
    const conversation = answers[0]?.conversation ?? "";
    expect(await visitorSaid(conversation)).toEqual(["Do you ship to Norway?"]);
    const [row] = await under.product.database.acrossTenants.query(
      "select c.controller, c.open, k.name from conversation c join contact k on k.id = c.contact_id where c.id = $1",
      [conversation],
    );
    expect(row).toEqual({ controller: "queue", open: true, name: by });
  });

  it("takes an answer there once, and what is answered to it comes back into the conversation", async () => {
    const by = person();
    const conversation = await begin(by);
    const first = await answer(conversation, by, "Yes, within a week.");
    expect(first?.text).toContain("Yes, within a week.");
    const reply = { id: randomUUID(), by, text: "Then I take two.", ...(first === undefined ? {} : { answers: first }) };
    const brought = await under.bring(reply);
    expect(brought).toMatchObject({ status: 200, conversation });
    expect(await under.bring(reply)).toEqual(brought);
    expect(await visitorSaid(conversation)).toEqual(["Do you ship to Norway?", "Then I take two."]);
    await desk.say(conversation, "They are yours.");
    await expect.poll(() => under.reached(by), { timeout: 10_000 }).toHaveLength(2);
    const texts = (await under.reached(by)).map(({ text }) => text);
    expect(texts.map((text) => [text.includes("within a week"), text.includes("are yours")])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it("keeps an answer that the service doesn't take, and tries it again", async () => {
    const by = person();
    const conversation = await begin(by);
    await agent.run("conversation.take", { conversation });
    under.refuse(true);
    const before = await under.refused();
    await desk.say(conversation, "Yes.");
    // What the service refused is noted a moment later, and only then there is a time to pass.
    await expect.poll(() => under.refused(), { timeout: 10_000 }).toBe(before + 1);
    await expect.poll(async () => (await under.passTime()) ?? under.refused(), { timeout: 10_000 }).toBeGreaterThan(before + 1);
    expect(await under.reached(by)).toEqual([]);
    under.refuse(false);
    await expect.poll(async () => (await under.passTime()) ?? under.reached(by), { timeout: 10_000 }).toHaveLength(1);
  });

  it("brings files, and tells both sides which it could not bring", async () => {
    const by = person();
    const { conversation = "" } = await under.bring({
      id: randomUUID(),
      by,
      text: "See the order.",
      files: [
        { name: "order.txt", text: "4711" },
        { name: "setup.exe", text: "MZ\u0090\u0000" },
      ],
    });
    const messages = await messagesOf(conversation);
    expect(messages.flatMap(({ blocks = [] }) => blocks.flatMap((one) => (one.type === "file" ? [one.name] : [])))).toEqual(["order.txt"]);
    expect(messages.filter(({ author }) => author.kind === "system").map(({ text }) => text)).toContainEqual(
      expect.stringContaining("setup.exe"),
    );
  });

  it.each<[Flaw, number, string]>([
    ["wrongSignature", 401, "unauthenticated"],
    ["noSignature", 401, "unauthenticated"],
    ["oldSignature", 401, "unauthenticated"],
    ["foreignTenant", 401, "unauthenticated"],
    ["toNobody", 404, "not_found"],
    ["unreadable", 422, "invalid_value"],
  ])("refuses %s, and keeps nothing of it", async (flaw, status, code) => {
    const before = await kept();
    const refused = await under.bring({ id: randomUUID(), by: person(), text: "Hi" }, flaw);
    expect(refused).toMatchObject({ status, error: { code, message: expect.stringMatching(/^[A-Z].*\.$/) } });
    expect(await kept()).toEqual(before);
  });

  it("passes over what it said itself, so that no two machines talk for ever", async () => {
    const before = await kept();
    expect(await under.bring({ id: randomUUID(), by: person(), text: "Hi" }, "byOurselves")).toMatchObject({
      status: 200,
      result: "passedOver",
    });
    expect(await kept()).toEqual(before);
  });
}
