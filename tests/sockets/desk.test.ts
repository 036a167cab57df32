import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
