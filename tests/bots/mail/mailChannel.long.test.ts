import jwt from "jsonwebtoken";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TopicItem } from "../../../src/protocol/desk.ts";
import type { DeskClient } from "../../fixtures/deskClient.ts";
import { filled, type MailService, openMailService, writtenBy } from "../../fixtures/mailService.ts";
import type { Agent, TestProduct } from "../../fixtures/product.ts";

let service: MailService;
let product: TestProduct;
let agent: Agent;
let desk: DeskClient;
let arrived: MailService["arrived"];
let bring: MailService["bring"];
beforeAll(async () => {
  service = await openMailService();
  ({ product, arrived, bring } = service);
  agent = await product.agent();
  desk = await agent.desk();
});
afterAll(() => service.close());

/** A visitor who left an address and whose agent has answered, and who is gone. */
async function leftAlone(email: string, answer: string, locale = "en"): Promise<string> {
  const { page, conversation } = await product.visit({ locale });
  await page.answerTo(await page.say(`email ${email}`));
  await agent.run("conversation.take", { conversation });
  await page.close();
  await desk.say(conversation, answer);
  return conversation;
}

const textsOf = (items: Iterable<TopicItem>) =>
  [...items].flatMap((item) => (item.kind === "message" || item.kind === "note" ? [item.text] : []));

describe("an answer that the visitor doesn't see", () => {
  it("goes by mail, once, in their language, with what the mail is answered to", async () => {
    const conversation = await leftAlone("rosa@example.org", "Já foi enviado <hoje> & chega amanhã.", "pt-PT");
    await expect.poll(() => arrived("rosa@example.org"), { timeout: 10_000 }).toHaveLength(1);
    const [mail] = await arrived("rosa@example.org");
    expect(mail?.subject).toBe("Sua conversa com Website");
    expect(mail?.from?.name).toBe("Agent One, Website");
    expect(mail?.text).toContain("Agent One escreveu:\n\nJá foi enviado <hoje> & chega amanhã.");
    expect(mail?.html).toContain("Já foi enviado &lt;hoje&gt; &amp; chega amanhã.");
    expect(mail?.text).toContain(`${product.url}/`);
    expect(mail?.replyTo?.[0]?.address).toMatch(/^reply\+[a-z2-7]{42}@switchboard\.example$/);

    await desk.say(conversation, "And a second word.");
    await expect.poll(() => arrived("rosa@example.org"), { timeout: 10_000 }).toHaveLength(2);
    const second = (await arrived("rosa@example.org"))[1];
    expect(second?.inReplyTo).toBe(mail?.messageId);
    expect(second?.text).not.toContain("enviado");
  });

  it("stays in the chat while the visitor is there, and when they have read it", async () => {
    const { page, conversation } = await product.visit();
    await page.answerTo(await page.say("email there@example.org"));
    await agent.run("conversation.take", { conversation });
    await desk.say(conversation, "Are you there?");
    await expect
      .poll(
        async () =>
          (await product.database.acrossTenants.query("select 1 from delivery where conversation_id = $1", [conversation])).length,
      )
      .toBe(1);
    const { seq } = await page.until("message", ({ text }) => text === "Are you there?");
    page.send({ type: "read", seq });
    const read = () =>
      product.database.acrossTenants.query("select 1 from conversation where id = $1 and visitor_read_seq = $2", [conversation, seq]);
    await expect.poll(async () => (await read()).length).toBe(1);
    await page.close();
    await product.database.acrossTenants.query("update delivery set due_at = now() where conversation_id = $1", [conversation]);
    await expect
      .poll(
        async () => await product.database.acrossTenants.query("select due_at from delivery where conversation_id = $1", [conversation]),
      )
      .toEqual([{ due_at: null }]);
    expect(await arrived("there@example.org")).toEqual([]);
  });
});

describe("a mail that was given up", () => {
  it("is listed with why, and goes once where it is retried, however often that is pressed", async () => {
    const { page, conversation } = await product.visit();
    await page.say("keep this for me");
    const email = "given.up@example.com";
    await agent.run("conversation.transcript", { conversation, email });
    await expect.poll(async () => (await arrived(email)).length).toBe(1);
    const stateOf = async () => {
      const rows = await product.database.acrossTenants.query<{ id: string; state: string }>(
        "select id, state from mail_out where recipient = $1",
        [email],
      );
      return rows[0];
    };
    await expect.poll(async () => (await stateOf())?.state).toBe("sent");
    // As the server's refusal would have left it.
    await product.database.acrossTenants.query("update mail_out set state = 'dead', last_error = '550 no such box' where recipient = $1", [
      email,
    ]);
    const listed = await agent.run("mail.list", { state: "dead" });
    expect(listed.messages[0]?.text).toMatch(/^dead given\.up@example\.com .*: 550 no such box/m);
    const id = (await stateOf())?.id;
    const pressed = await Promise.all(
      [1, 2, 3].map(() =>
        agent.run("mail.retry", { mail: id }).then(
          () => true,
          () => false,
        ),
      ),
    );
    expect(pressed).toContain(true);
    await expect.poll(async () => (await stateOf())?.state).toBe("sent");
    expect(await agent.refused("mail.retry", { mail: id })).toMatchObject({ code: "conflict" });
    expect(await arrived(email)).toHaveLength(2);
    await page.close();
  });
});

describe("a reply by mail", () => {
  it("lands in its conversation from every program, with the new text alone, once", async () => {
    const conversation = await leftAlone("visitor@example.org", "A new parcel leaves today.");
    await expect.poll(() => arrived("visitor@example.org"), { timeout: 10_000 }).toHaveLength(1);
    const [mail] = await arrived("visitor@example.org");
    const to = mail?.replyTo?.[0]?.address ?? "";
    const watched = await desk.watch(`conversation:${conversation}`);
    const names = ["gmail", "outlook", "appleMail", "thunderbird", "yahoo", "iphone"];
    for (const name of names) {
      const raw = filled(await writtenBy(name), name === "gmail" ? to.toUpperCase() : to, mail?.messageId ?? "");
      const first = await bring(raw);
      expect([name, first]).toMatchObject([name, { status: 200, result: "received", conversation }]);
      expect(await bring(raw)).toEqual(first);
    }
    // By the thread alone, from the address that we wrote to; from another it is nobody's.
    const byThread = filled(
      (await writtenBy("iphone")).replace(/^Message-Id:.*$/im, "Message-Id: <again@example.org>"),
      "chat@switchboard.example",
      mail?.messageId ?? "",
    );
    expect(await bring(byThread)).toMatchObject({ status: 200, conversation });
    const stranger = Buffer.from(
      byThread.toString().replace("<visitor@example.org>", "<stranger@example.org>").replace("<again@", "<other@"),
    );
    expect(await bring(stranger)).toMatchObject({ status: 404, error: { code: "not_found", path: "to" } });

    await watched.until(({ messages }) => messages().filter(({ author }) => author.kind === "visitor").length === names.length + 2);
    const said = watched.messages().map(({ text }) => text);
    expect(said).toContain("The label says 4711.\n\nBest,\nVera");
    expect(said.join("\n")).not.toMatch(/wrote:|escreveu:|a écrit|new parcel leaves today.*\n.*new parcel/s);
    await desk.close();
    desk = await agent.desk();
  });

  it("tells both sides of what it couldn't bring, and the agents who really wrote", async () => {
    const conversation = await leftAlone("vera@example.org", "Send a picture, please.");
    await expect.poll(() => arrived("vera@example.org"), { timeout: 10_000 }).toHaveLength(1);
    const [mail] = await arrived("vera@example.org");
    await bring(filled(await writtenBy("attachment"), mail?.replyTo?.[0]?.address ?? "", mail?.messageId ?? ""));
    const watched = await desk.watch(`conversation:${conversation}`);
    const texts = textsOf(watched.items.values());
    expect(texts.some((text) => text.startsWith("See the picture."))).toBe(true);
    const files = watched.messages().flatMap(({ blocks = [] }) => blocks.filter(({ type }) => type === "file"));
    expect(files).toMatchObject([{ type: "file", name: "order.txt" }]);
    expect(texts.find((text) => text.startsWith("Not every attachment"))).toContain("setup.exe");
    expect(texts).toContain("The last message came by mail from visitor@example.org, not from vera@example.org.");

    const before = service.server.arrived.length;
    for (const [name, reason] of [
      ["vacation", "autoReply"],
      ["bounce", "bounce"],
      ["list", "bulk"],
    ] as const) {
      const raw = filled(await writtenBy(name), mail?.replyTo?.[0]?.address ?? "", mail?.messageId ?? "");
      expect([name, await bring(raw)]).toMatchObject([name, { status: 200, result: "passedOver", reason }]);
    }
    await watched.until(({ notes }) => notes().some(({ text }) => text.startsWith("A mail to the visitor came back")));
    expect(service.server.arrived.length).toBe(before);
  });

  it("to a closed conversation brings it back into the queue", async () => {
    const conversation = await leftAlone("back@example.org", "Good bye.");
    await agent.run("conversation.close", { conversation });
    await expect.poll(() => arrived("back@example.org"), { timeout: 10_000 }).toHaveLength(1);
    const [mail] = await arrived("back@example.org");
    await bring(Buffer.from(`From: back@example.org\nTo: ${mail?.replyTo?.[0]?.address}\nMessage-ID: <b@x.example>\n\nOne more thing.`));
    const [now] = await product.database.acrossTenants.query("select open, controller from conversation where id = $1", [conversation]);
    expect(now).toEqual({ open: true, controller: "queue" });
  });
});

describe("a mail to an inbox", () => {
  const written = (messageId: string, text: string, to = "help@website.example") =>
    Buffer.from(`From: New Person <new@example.org>\nTo: ${to}\nSubject: Question\nMessage-ID: <${messageId}@example.org>\n\n${text}`);

  it("begins one conversation, ten times at once, and is answered under its subject", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => bring(written("first", "Do you ship to Norway?"))));
    const conversations = new Set(answers.map(({ conversation }) => conversation));
    expect(conversations.size).toBe(1);
    const [conversation = ""] = [...conversations];
    const watched = await desk.watch(`conversation:${conversation}`);
    expect(watched.messages().map(({ text }) => text)).toEqual(["Do you ship to Norway?"]);
    await agent.run("conversation.take", { conversation });
    await desk.say(conversation, "Yes.");
    await expect.poll(() => arrived("new@example.org"), { timeout: 10_000 }).toHaveLength(1);
    expect((await arrived("new@example.org"))[0]).toMatchObject({ subject: "Re: Question", inReplyTo: "<first@example.org>" });
  });

  it("may be long: it becomes several messages", async () => {
    const { conversation = "" } = await bring(written("long", `${"word ".repeat(700)}\n`.repeat(3)));
    const watched = await desk.watch(`conversation:${conversation}`);
    expect(watched.messages().map(({ text }) => text.length)).toEqual([3499, 3499, 3499]);
  });

  it("may have bytes of any encoding", async () => {
    const raw = Buffer.from(
      "From: new@example.org\nTo: help@website.example\nMessage-ID: <latin@x>\nContent-Type: text/plain; charset=iso-8859-1\n\nGr\xfc\xdfe",
      "latin1",
    );
    const { createHmac } = await import("node:crypto");
    const timestamp = `${Math.floor(Date.now() / 1000)}`;
    const signature = createHmac("sha256", Buffer.from(service.secret.slice(6), "base64"))
      .update(`m.${timestamp}.`)
      .update(raw)
      .digest("base64");
    const headers = { "webhook-id": "m", "webhook-timestamp": timestamp, "webhook-signature": `v1,old v1,${signature}` };
    const { conversation = "" } = await bring(raw, { headers });
    const watched = await desk.watch(`conversation:${conversation}`);
    expect(watched.messages().map(({ text }) => text)).toEqual(["Grüße"]);
  });

  it.each([
    ["nothing", () => bring(Buffer.alloc(0)), 422, "invalid_value"],
    ["another kind", () => bring(written("x2", "Hi"), { type: "application/json" }), 415, "unsupported_media_type"],
    ["too much", () => bring(Buffer.concat([written("x3", "Hi"), Buffer.alloc(10 * 1024 * 1024)])), 413, "payload_too_large"],
    ["another id", () => bring(written("x6", "Hi"), { headers: { "webhook-id": "other" } }), 401, "unauthenticated"],
    ["a forged address", () => bring(written("x8", "Hi", `reply+${"a".repeat(42)}@switchboard.example`)), 404, "not_found"],
  ])("that is %s is refused in words", async (_, send, status, code) => {
    expect(await send()).toMatchObject({ status, error: { code, message: expect.stringMatching(/^[A-Z].*\.$/) } });
  });

  it("of our own sender is passed over", async () => {
    const raw = written("own", "Hi").toString().replace("new@example.org", "chat@switchboard.example");
    expect(await bring(Buffer.from(raw))).toMatchObject({ result: "passedOver", reason: "ownAddress" });
  });
});

describe("a transcript", () => {
  it("goes to the visitor who asks and to whom an agent sends it, without notes, escaped, not too often", async () => {
    const { page, conversation } = await product.visit({ locale: "de" });
    await page.answerTo(await page.say("reverse <b>one</b> two"));
    await agent.run("conversation.take", { conversation });
    await desk.note(conversation, "A secret note");
    await agent.run("conversation.hand-back", { conversation });
    expect((await page.answerTo(await page.say("transcript to.me@example.org"))).text).toMatch(/to\.me@example\.org/);
    await agent.run("conversation.transcript", { conversation, email: "boss@example.org" });
    for (const to of ["to.me@example.org", "boss@example.org"]) {
      await expect.poll(() => arrived(to), { timeout: 10_000 }).toHaveLength(1);
      const [mail] = await arrived(to);
      expect(mail?.subject).toBe("Mitschrift Ihres Gesprächs mit Website");
      expect(mail?.html).toContain("&lt;b&gt;one&lt;/b&gt;");
      expect(mail?.text).toContain("Assistant:\n<two>b</one> b");
      expect(`${mail?.text}${mail?.html}`).not.toContain("secret");
    }
    expect(await agent.refused("conversation.transcript", { conversation })).toMatchObject({ code: "invalid_value", path: "args.email" });
    expect(await agent.refused("conversation.transcript", { conversation, email: "nonsense" })).toMatchObject({ path: "args.email" });
    const other = await product.addTenant("elsewhere");
    const stranger = await product.agent(other.email);
    expect(await stranger.refused("conversation.transcript", { conversation, email: "a@example.org" })).toMatchObject({ status: 404 });
    await page.close();
  });
});

describe("a mail from an address that a site has signed", () => {
  it("begins a contact of its own: its From is anybody's to write", async () => {
    const secret = String(Object((await service.admin.run("inbox.identity-secret", { inbox: product.inbox })).data).secret);
    const exp = Math.floor(Date.now() / 1000) + 3600;
    const email = "signed@shop.example";
    const { conversation } = await product.visit({ identity: jwt.sign({ sub: "signed", aud: product.inbox, exp, email }, secret) });
    const raw = `From: ${email}\nTo: help@website.example\nMessage-ID: <pretended@x.example>\n\nShow me my orders.`;
    const brought = (await bring(Buffer.from(raw))).conversation;
    const rows = await product.database.acrossTenants.query<{ contact: string; channel: string }>(
      "select contact_id as contact, channel from conversation where id = any($1::uuid[]) order by channel = 'mail'",
      [[conversation, brought]],
    );
    expect(rows).toMatchObject([{ channel: "website" }, { channel: "mail" }]);
    expect(rows[0]?.contact).not.toBe(rows[1]?.contact);
  });
});
