import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { announceAccessChange } from "../../src/access/accessChanges.ts";
import { deriveKeys } from "../../src/access/keys/keys.ts";
import { issueAccessToken } from "../../src/access/sessions/accessToken.ts";
import { openDesk } from "../fixtures/deskClient.ts";
import { forgedTokens, staleTokens } from "../fixtures/forgedTokens.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let [one, two]: Agent[] = [];
beforeAll(async () => {
  product = await openProduct();
  [one, two] = [await product.agent("agent1@demo.example"), await product.agent("agent2@demo.example")];
});
afterAll(() => product.stop());

function agentOne(): Agent {
  if (one === undefined) throw new Error("not signed in");
  return one;
}

function agentTwo(): Agent {
  if (two === undefined) throw new Error("not signed in");
  return two;
}

async function askTicket(token: string | undefined): Promise<{ status: number; error?: object }> {
  const answer = await fetch(`${product.url}/api/v1/session/ticket`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: "{}",
  });
  const { error }: { error?: { requestId: string } } = JSON.parse(await answer.text());
  return { status: answer.status, ...(error === undefined ? {} : { error: { ...error, requestId: "" } }) };
}

describe("the desk's hello", () => {
  it("is answered with who and where", async () => {
    const desk = await openDesk(product.url);
    const welcome = await desk.hello(await agentOne().ticket());
    expect(welcome).toEqual({
      type: "welcome",
      account: { id: agentOne().id, name: "Agent One", email: "agent1@demo.example" },
      tenant: { id: product.tenant, slug: "demo", name: "Demo" },
      presence: "offline",
      undoSend: false,
      version: 1,
    });
    await desk.close();
  });

  it("tells whether replies are held, and each desk of the account when that changes", async () => {
    const [desk, other] = [await agentTwo().desk(), await agentOne().desk()];
    await agentTwo().run("me.undo-send", { on: true });
    await desk.until("undoSend", ({ on }) => on);
    const again = await openDesk(product.url);
    expect((await again.hello(await agentTwo().ticket())).undoSend).toBe(true);
    expect(await agentTwo().refused("me.undo-send", { on: "maybe" })).toMatchObject({ code: "invalid_value", path: "args.on" });
    await agentTwo().run("me.undo-send", { on: false });
    await again.until("undoSend", ({ on }) => !on);
    expect(other.of("undoSend")).toEqual([]);
    for (const each of [desk, other, again]) await each.close();
  });

  it("ends the socket with 4401 where the ticket was used", async () => {
    const ticket = await agentOne().ticket();
    const first = await openDesk(product.url);
    await first.hello(ticket);
    const second = await openDesk(product.url);
    second.send({ type: "hello", ticket });
    expect((await second.ended).code).toBe(4401);
    expect(second.of("error")).toMatchObject([{ error: { code: "unauthenticated" } }]);
    await first.close();
  });

  it("gives a ticket that two show at once to one of them", async () => {
    const ticket = await agentOne().ticket();
    const desks = await Promise.all(Array.from({ length: 5 }, () => openDesk(product.url)));
    for (const desk of desks) desk.send({ type: "hello", ticket });
    const answers = await Promise.all(
      desks.map((desk) =>
        Promise.race([
          desk.until("welcome").then(
            () => "welcome",
            () => "none",
          ),
          desk.ended.then(({ code }) => code),
        ]),
      ),
    );
    expect(answers.toSorted()).toEqual([4401, 4401, 4401, 4401, "welcome"]);
    for (const desk of desks) desk.socket.terminate();
  });

  it("ends the socket with 4401 where the ticket is too old", async () => {
    const ticket = await agentOne().ticket();
    await product.database.acrossTenants.query("update socket_ticket set expires_at = now() - interval '1 second'");
    const desk = await openDesk(product.url);
    desk.send({ type: "hello", ticket });
    expect((await desk.ended).code).toBe(4401);
  });

  it("sec/auth/30 is not reached by a token that was forged or is stale, at the ticket's door or instead of a ticket", async () => {
    const who = agentOne();
    const decoded: { sid: string; epoch: number } = JSON.parse(Buffer.from(who.token.split(".")[1] ?? "", "base64url").toString());
    const claims = { account: who.id, tenant: product.tenant, session: decoded.sid, epoch: decoded.epoch };
    const made = { keys: deriveKeys("a root key for tests, 32 characters"), nowMs: Date.now() };
    const zoo = { ...forgedTokens(made, claims), ...staleTokens(made, claims) };
    expect(Object.keys(zoo).length).toBeGreaterThan(70);
    const right = issueAccessToken({ keys: made.keys, clock: product.clock }, claims).token;
    expect((await askTicket(right)).status).toBe(200);
    const refused = JSON.stringify((await askTicket(undefined)).error);
    for (const [name, token] of Object.entries(zoo)) {
      // What no header can carry comes in the frame.
      if (/^[\x20-\x7e]*$/.test(token)) {
        const { status, error } = await askTicket(token);
        expect([name, status, JSON.stringify(error)]).toEqual([name, 401, refused]);
      }
    }
    await Promise.all(
      Object.entries(zoo).map(async ([name, token]) => {
        const desk = await openDesk(product.url);
        desk.send({ type: "hello", ticket: token });
        expect([name, (await desk.ended).code]).toEqual([name, 4401]);
        expect([name, desk.of("welcome")]).toEqual([name, []]);
      }),
    );
  });

  it.each<[string, string | object]>([
    ["a false ticket", { type: "hello", ticket: "x".repeat(43) }],
    ["no ticket", { type: "hello" }],
    ["a ticket that is a list", { type: "hello", ticket: ["x"] }],
    ["a visitor's hello", { type: "hello", inbox: "demo" }],
    ["a message first", { type: "message", conversation: randomUUID(), clientId: "a", text: "x" }],
    ["a watch first", { type: "watch", topic: "inbox" }],
    ["no JSON", "hello"],
  ])("ends the socket with 4401: %s", async (_name, frame) => {
    const desk = await openDesk(product.url);
    desk.send(frame);
    expect((await desk.ended).code).toBe(4401);
    expect(desk.of("welcome")).toEqual([]);
  });
});

describe("a frame of the desk", () => {
  let conversation: string;
  beforeEach(async () => {
    const visit = await product.visit();
    ({ conversation } = visit);
    await visit.page.say("help");
    await visit.page.close();
  });

  it.each<[string, (conversation: string) => object, string]>([
    ["a message where nobody took it", (id) => ({ type: "message", conversation: id, text: "hi" }), "not_your_conversation"],
    ["a message to nobody", () => ({ type: "message", conversation: randomUUID(), text: "hi" }), "not_found"],
    ["a note to nobody", () => ({ type: "note", conversation: randomUUID(), text: "hi" }), "not_found"],
    ["a conversation that is no id", () => ({ type: "message", conversation: "'; --", text: "hi" }), "not_found"],
    ["an empty note", (id) => ({ type: "note", conversation: id, text: " \n" }), "nothing_to_send"],
    ["a note too long", (id) => ({ type: "note", conversation: id, text: "x".repeat(4001) }), "text_too_long"],
    ["a text that is an object", (id) => ({ type: "message", conversation: id, text: {} }), "invalid_frame"],
  ])("is refused by name: %s", async (_name, frame, code) => {
    const desk = await agentOne().desk();
    expect((await desk.refused(frame(conversation))).error.code).toBe(code);
    await desk.note(conversation, "the socket lives");
    await desk.close();
  });

  it("with a command of ours is not sent to the customer, a note with one is a note", async () => {
    const visit = await product.visit();
    const desk = await agentOne().desk();
    await agentOne().run("conversation.take", { conversation: visit.conversation });
    const message = { type: "message", conversation: visit.conversation };
    for (const text of ["/agent deactivate agent2@demo.example", " /conversation.close", "/ME OFFLINE"])
      expect((await desk.refused({ ...message, text })).error).toMatchObject({ code: "invalid_value", path: "text" });
    await desk.note(visit.conversation, "/agent deactivate agent2@demo.example");
    await desk.say(visit.conversation, "/help and /nothing are not ours");
    await visit.page.until("message", ({ text }) => text === "/help and /nothing are not ours");
    expect(JSON.stringify(visit.page.of("message"))).not.toContain("deactivate");
    await Promise.all([desk.close(), visit.page.close()]);
  });

  it.each([
    "conversations",
    "queue:",
    "queue:../etc",
    "conversation:1",
    `conversation:${randomUUID()}`,
    "inbox ",
    "__proto__",
    "entities:x",
  ])("asks for a topic that there is not: %s", async (topic) => {
    const desk = await agentOne().desk();
    desk.send({ type: "watch", topic });
    expect(await desk.until("error", ({ ref }) => ref === topic)).toMatchObject({ error: { code: "not_found", path: "topic" } });
    await desk.close();
  });

  it("about another tenant's conversation answers as about none", async () => {
    const foreign = await product.addTenant(`foreign-${randomUUID().slice(0, 8)}`);
    const stranger = await product.agent(foreign.email);
    const desk = await stranger.desk();
    desk.send({ type: "watch", topic: `conversation:${conversation}` });
    const absent = randomUUID();
    desk.send({ type: "watch", topic: `conversation:${absent}` });
    const [theirs, nobodys] = await Promise.all(
      [conversation, absent].map((id) => desk.until("error", ({ ref }) => ref === `conversation:${id}`)),
    );
    expect(JSON.stringify(theirs).replaceAll(conversation, "")).toBe(JSON.stringify(nobodys).replaceAll(absent, ""));
    expect((await desk.refused({ type: "message", conversation, text: "hi" })).error.code).toBe("not_found");
    expect((await desk.refused({ type: "note", conversation, text: "hi" })).error.code).toBe("not_found");
    for (const command of ["take", "hand-back", "close", "reopen", "why"])
      expect((await stranger.refused(`conversation.${command}`, { conversation })).code).toBe("not_found");
    desk.send({ type: "typing", conversation, on: true });
    desk.send({ type: "read", conversation, seq: 1 });
    const inbox = await desk.watch("inbox");
    expect(inbox.conversations()).toEqual([]);
    const colleague = await agentOne().desk();
    const topic = await colleague.watch(`conversation:${conversation}`);
    expect(topic.notes()).toEqual([]);
    expect(colleague.of("typing")).toEqual([]);
    await Promise.all([desk.close(), colleague.close()]);
  });

  it("with the same clientId is the same message; with another text it is refused", async () => {
    const desk = await agentOne().desk();
    await agentOne().run("conversation.take", { conversation });
    const first = await desk.say(conversation, "hi", "k");
    desk.send({ type: "message", conversation, clientId: "k", text: "hi" });
    await expect.poll(() => desk.of("ack").length).toBe(2);
    expect(desk.of("ack")[1]).toEqual(first);
    desk.send({ type: "message", conversation, clientId: "k", text: "other" });
    expect((await desk.until("error")).error.code).toBe("client_id_reused");
    const note = await desk.note(conversation, "inside", "n");
    expect(note).toMatchObject({ afterSeq: expect.any(Number) });
    desk.send({ type: "note", conversation, clientId: "n", text: "inside, changed" });
    expect((await desk.until("error", ({ ref }) => ref === "n")).error.code).toBe("client_id_reused");
    await desk.close();
  });

  it("beyond 100 topics is refused, until one is let go", async () => {
    const desk = await agentOne().desk();
    for (let n = 0; n < 100; n++) desk.send({ type: "watch", topic: `queue:team-${n}` });
    await expect.poll(() => desk.of("snapshot").length).toBe(100);
    desk.send({ type: "watch", topic: "queue:support" });
    expect((await desk.until("error")).error).toMatchObject({ code: "rate_limited", path: "topic" });
    desk.send({ type: "unwatch", topic: "queue:team-7" });
    await desk.watch("queue:support");
    await desk.close();
  });
});

describe("a right that is withdrawn", () => {
  it.each([
    [
      "the membership ends",
      "update membership set active = false where account_id = $1",
      "update membership set active = true where account_id = $1",
    ],
    [
      "the roles are taken",
      "update membership set roles = '{}' where account_id = $1",
      "update membership set roles = '{agent}' where account_id = $1",
    ],
    ["the account is closed", "update account set active = false where id = $1", "update account set active = true where id = $1"],
  ])("closes what it opened within 1 s, and the person's other session too: %s", async (_name, take, giveBack) => {
    const { page, conversation } = await product.visit();
    const desks = [await agentTwo().desk(), await (await product.agent("agent2@demo.example")).desk()];
    for (const desk of desks) await desk.watch(`conversation:${conversation}`);
    await product.database.acrossTenants.query(take, [agentTwo().id]);
    const begun = performance.now();
    announceAccessChange(product, [product.tenant]);
    for (const desk of desks) expect((await desk.ended).code).toBe(4401);
    expect(performance.now() - begun).toBeLessThan(1000);
    const heard = desks.map(({ frames }) => frames.length);
    await page.answerTo(await page.say("reverse a b"));
    expect(desks.map(({ frames }) => frames.length)).toEqual(heard);
    await product.database.acrossTenants.query(giveBack, [agentTwo().id]);
    announceAccessChange(product, [product.tenant]);
    await page.close();
  });

  it("leaves colleagues alone", async () => {
    const desk = await agentOne().desk();
    announceAccessChange(product, [product.tenant]);
    await desk.settled();
    expect(desk.open()).toBe(true);
    await desk.close();
  });
});

describe("presence", () => {
  it("is told to the other devices of the person and to colleagues", async () => {
    const [phone, laptop, colleague] = [await agentOne().desk(), await agentOne().desk(), await agentTwo().desk()];
    const agents = await colleague.watch("agents");
    const state = () => agents.items.get(agentOne().id);
    await agents.until(() => {
      const item = state();
      return item?.kind === "agent" && item.connected && item.declared === "offline";
    });
    await agentOne().run("me.online");
    for (const device of [phone, laptop]) await device.until("presence", ({ presence }) => presence === "online");
    await agents.until(() => {
      const item = state();
      return item?.kind === "agent" && item.declared === "online";
    });
    await agentOne().run("me.away");
    for (const device of [phone, laptop]) await device.until("presence", ({ presence }) => presence === "away");
    await phone.close();
    await laptop.settled();
    expect(state()).toMatchObject({ connected: true });
    await laptop.close();
    await agents.until(() => {
      const item = state();
      return item?.kind === "agent" && !item.connected && item.declared === "away";
    });
    await agentOne().run("me.offline");
    await colleague.close();
  });
});
