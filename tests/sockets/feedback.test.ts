import { randomUUID } from "node:crypto";
import jwt from "jsonwebtoken";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { openVisitor, type VisitorClient } from "../fixtures/visitorClient.ts";

let product: TestProduct;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct();
  agent = await product.agent();
});
afterAll(() => product.stop());

async function rate(page: VisitorClient, fields: object) {
  const clientId = randomUUID();
  page.send({ type: "rate", clientId, ...fields });
  return await Promise.race([
    page.until("rated", (rated) => rated.clientId === clientId),
    page.until("error", (error) => error.ref === clientId).then(({ error }) => error),
  ]);
}

async function closed() {
  const visit = await product.visit();
  await visit.page.say("help");
  await agent.run("conversation.take", { conversation: visit.conversation });
  await agent.run("conversation.close", { conversation: visit.conversation });
  await visit.page.until("state", ({ open }) => !open);
  return visit;
}

describe("a rating", () => {
  it("is kept when an agent has closed, can be changed for ten minutes, and is seen by both", async () => {
    const { page, conversation, welcome } = await closed();
    const desk = await agent.desk();
    desk.send({ type: "watch", topic: `conversation:${conversation}` });
    expect(await rate(page, { score: 2, comment: " too slow " })).toMatchObject({ type: "rated", score: 2, comment: "too slow" });
    expect(await rate(page, { score: 4 })).toMatchObject({ type: "rated", score: 4, comment: "" });
    await desk.until("delta", ({ changed }) => changed.some((item) => item.kind === "head" && item.rating?.score === 4));
    await product.database
      .forTenant(product.tenant)
      .query("update rating set at = at - interval '11 minutes' where tenant_id = $1 and conversation_id = $2", [conversation]);
    expect(await rate(page, { score: 1 })).toMatchObject({ code: "conflict", message: expect.stringContaining("rated already") });
    expect((await agent.run("conversation.rating", { conversation })).data).toMatchObject({ ratings: [{ score: 4, comment: "" }] });

    const again = await product.openVisitor();
    expect((await again.hello({ token: welcome.token })).state).toMatchObject({ open: false, rating: { score: 4 } });
    await again.say("one more thing");
    await again.until("state", ({ open }) => open);
    expect(await rate(again, { score: 5 })).toMatchObject({ code: "conflict", message: expect.stringContaining("has ended") });
    again.send({ type: "end" });
    await again.until("state", ({ open, rating }) => !open && rating === undefined);
    expect(await rate(again, { score: 5 })).toMatchObject({ type: "rated" });
    expect((await agent.run("conversation.rating", { conversation })).data).toMatchObject({ ratings: [{ score: 5 }, { score: 4 }] });
    await Promise.all([page.close(), again.close(), desk.close()]);
  });

  it.each([
    [{ score: 0 }, "invalid_value", "score"],
    [{ score: 6 }, "invalid_value", "score"],
    [{ score: 2.5 }, "invalid_value", "score"],
    [{ score: "5" }, "invalid_frame", "score"],
    [{}, "invalid_frame", "score"],
    [{ score: 3, comment: 7 }, "invalid_frame", "comment"],
    [{ score: 3, comment: "x".repeat(2001) }, "invalid_value", "comment"],
  ])("of %j is refused, naming the field", async (fields, code, path) => {
    const { page } = await product.visit();
    expect(await rate(page, fields)).toMatchObject({ code, path });
    await page.close();
  });

  it("of another tenant's conversation is nobody's", async () => {
    const { page, conversation } = await closed();
    await rate(page, { score: 3 });
    const { email } = await product.addTenant("elsewhere");
    expect(await (await product.agent(email)).refused("conversation.rating", { conversation })).toMatchObject({ code: "not_found" });
    await page.close();
  });
});

describe("a visitor", () => {
  it("ends the conversation once, in their own language", async () => {
    const { page } = await product.visit({ locale: "fr" });
    await page.say("help");
    page.send({ type: "end" });
    page.send({ type: "end" });
    await page.until("message", ({ text }) => text === "Vous avez terminé la conversation.");
    await page.say("reverse a b");
    await page.until("message", ({ text }) => text === "b a");
    expect(page.shown().filter(({ text }) => text.startsWith("Vous avez terminé"))).toHaveLength(1);
    await page.close();
  });

  it("begins another conversation as the same person; a repeated wish makes no second one", async () => {
    const { page, welcome, conversation } = await product.visit();
    await page.say("help");
    const open = async () => {
      const next = await product.openVisitor();
      return { next, welcome: await next.hello({ token: welcome.token, anew: true }) };
    };
    const [one, two] = [await open(), await open()];
    expect(one.welcome.conversation).not.toBe(conversation);
    expect(one.welcome).toMatchObject({ seq: 0, state: { controller: "bot", open: true } });
    expect(two.welcome.conversation).toBe(one.welcome.conversation);
    await page.until("state", ({ open: isOpen }) => !isOpen);
    const contacts = await product.database
      .forTenant(product.tenant)
      .query<{ id: string }>("select distinct contact_id as id from conversation where tenant_id = $1 and id = any($2::uuid[])", [
        [conversation, one.welcome.conversation],
      ]);
    expect(contacts).toHaveLength(1);
    await Promise.all([page.close(), one.next.close(), two.next.close()]);
  });
});

describe("what is asked before the first message", () => {
  const asks = {
    fields: [
      { name: "name", type: "text", required: true },
      { name: "email", type: "email", required: false },
    ],
    teams: ["support"],
  };

  it("is kept as the visitor's own word, and shown to agents", async () => {
    await product.database
      .forTenant(product.tenant)
      .query("update inbox set prechat = $2 where tenant_id = $1 and public_key = $3", [JSON.stringify(asks), product.inbox]);
    await expect
      .poll(async () => (await (await fetch(`${product.url}/api/v1/inboxes/${product.inbox}/public`)).text()).includes('"required":true'), {
        timeout: 8000,
      })
      .toBe(true);
    const { page, welcome, conversation } = await product.visit();
    expect(welcome.answered).toBeUndefined();
    const again = await page.hello({ token: welcome.token, prechat: { name: "Ana", email: "ana@example.com" }, team: "support" });
    expect(again.answered).toBe(true);
    const desk = await agent.desk();
    desk.send({ type: "watch", topic: `conversation:${conversation}` });
    const { items } = await desk.until("snapshot", ({ topic }) => topic.startsWith("conversation:"));
    expect(items[0]).toMatchObject({
      contact: {
        name: "Ana",
        email: "ana@example.com",
        answers: [
          { label: "Name", value: "Ana" },
          { label: "E-mail", value: "ana@example.com" },
        ],
      },
    });
    await Promise.all([page.close(), desk.close()]);
  });

  it.each([
    [{ prechat: { name: "" } }, "prechat.name"],
    [{ prechat: { name: "Ana", email: "nix" } }, "prechat.email"],
    [{ prechat: { name: 3 } }, "prechat.name"],
    [{ prechat: { name: "Ana", admin: true } }, "prechat.admin"],
    [{ prechat: { name: "Ana" }, team: "nobody" }, "team"],
  ])("%j is refused, naming the field, and the chat goes on", async (fields, path) => {
    const { page, welcome } = await product.visit();
    const again = await page.hello({ token: welcome.token, ...fields });
    expect(page.of("error").at(-1)?.error).toMatchObject({ code: "invalid_value", path });
    expect(again.answered).toBeUndefined();
    expect((await page.sayRefused("reverse a b")).error).toMatchObject({ code: "invalid_value", path: "prechat.name" });
    await page.hello({ token: welcome.token, prechat: { name: "Ana" } });
    await page.say("reverse a b");
    await page.close();
  });

  it("holds up the first message, a button too, until it is answered; the same message then goes", async () => {
    const { page, welcome } = await product.visit();
    const clientId = randomUUID();
    const { error } = await page.sayRefused("where is my order?", clientId);
    expect(error).toMatchObject({
      code: "invalid_value",
      path: "prechat.name",
      message: '"Name" must be filled in before the first message.',
    });
    page.send({ type: "action", clientId: "button", seq: 0, action: "person" });
    expect((await page.until("error", ({ ref }) => ref === "button")).error.path).toBe("prechat.name");
    await page.hello({ token: welcome.token, prechat: { name: "Ana" } });
    const first = await page.say("where is my order?", clientId);
    expect(first.seq).toBe(1);
    await page.answerTo(first);
    expect(page.seqs()).toEqual([1, 2]);
    await page.close();
  });

  it("keeps what is answered, and leaves what the site has signed", async () => {
    const admin = await product.agent("admin@demo.example");
    const secret = String(Object(await admin.run("inbox.identity-secret", { inbox: product.inbox })).data.secret);
    const claims = { sub: "customer", name: "Ana Lima", email: "ana@shop.example", aud: product.inbox };
    const { page, welcome, conversation } = await product.visit({ identity: jwt.sign(claims, secret, { expiresIn: 60 }) });
    await page.hello({ token: welcome.token, prechat: { name: "Somebody", email: "somebody@else.example" } });
    await page.say("reverse a b");
    const kept = await product.database.forTenant(product.tenant).query(
      `select k.name, k.email, m.author_name, k.answers -> 0 ->> 'value' as answered from contact k
         join conversation c on c.tenant_id = k.tenant_id and c.contact_id = k.id
         join message m on m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.seq = 1 where c.tenant_id = $1 and c.id = $2`,
      [conversation],
    );
    expect(kept).toEqual([{ name: "Ana Lima", email: "ana@shop.example", author_name: "Ana Lima", answered: "Somebody" }]);
    await page.close();
  });

  it("is not asked of who answered once, nor of who is in the middle of a conversation", async () => {
    const { page, welcome } = await product.visit();
    const other = await openVisitor(product.url, product.inbox);
    await other.hello({ token: welcome.token });
    await page.hello({ token: welcome.token, prechat: { name: "Ana" } });
    // Another page of theirs, which was open before.
    await other.say("reverse a b");
    const next = await openVisitor(product.url, product.inbox);
    expect(await next.hello({ token: welcome.token, anew: true })).toMatchObject({ answered: true });
    await next.say("reverse c d");
    await Promise.all([page, other, next].map((each) => each.close()));
  });
});

describe("a transcript by mail", () => {
  it("goes to the address that is known, else to the one that is given; once, and not too often", async () => {
    const throttled = await openProduct({ limits: true });
    const { page } = await throttled.visit();
    const ask = async (fields: object) => {
      const clientId = randomUUID();
      page.send({ type: "transcript", clientId, ...fields });
      return await Promise.race([
        page.until("transcript", (mailed) => mailed.clientId === clientId),
        page.until("error", (error) => error.ref === clientId).then(({ error }) => error),
      ]);
    };
    expect(await ask({ email: "ana@example.com" })).toMatchObject({
      code: "invalid_value",
      message: expect.stringContaining("Nothing was said"),
    });
    await page.answerTo(await page.say("help"));
    expect(await ask({})).toMatchObject({ code: "invalid_value", path: "email" });
    expect(await ask({ email: "no address" })).toMatchObject({ code: "invalid_value", path: "email" });
    expect(await ask({ email: `${"a".repeat(260)}@example.com` })).toMatchObject({ path: "email" });
    expect(await ask({ email: "Ana@example.com" })).toMatchObject({ type: "transcript", email: "Ana@example.com" });
    page.send({ type: "contact", clientId: "c", email: "known@example.com" });
    await page.until("contact");
    const same = { type: "transcript", clientId: "same" };
    page.send(same);
    page.send(same);
    const answers = () => page.of("transcript").filter(({ clientId }) => clientId === "same");
    await expect.poll(() => answers().length).toBe(2);
    expect(answers()).toMatchObject([{ email: "known@example.com" }, { email: "known@example.com" }]);
    const mails = () =>
      throttled.database.acrossTenants.query("select recipient from mail_out where kind = 'transcript' order by created_at");
    expect(await ask({})).toMatchObject({ email: "known@example.com" });
    expect(await mails()).toHaveLength(3);
    expect(await ask({})).toMatchObject({ code: "rate_limited" });
    expect(await mails()).toHaveLength(3);
    await page.close();
    await throttled.stop();
  });
});
