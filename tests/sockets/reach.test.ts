import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeskClient } from "../fixtures/deskClient.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

/** Agent One sees the shop's conversations only; agent Two sees all. The website's must not exist for One, by no door. */
let product: TestProduct;
let limited: Agent;
let free: Agent;
let admin: Agent;
let desk: DeskClient;
let hidden: { conversation: string; contact: string; file: string };
let shown: { conversation: string; contact: string };
const absent = "01890a5d-ac96-774b-bcce-b302099a8057";

const sql = () => product.database.acrossTenants;
const get = async ({ token }: Agent, path: string) => {
  const answer = await fetch(`${product.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, body: await answer.text() };
};
const contactOf = async (conversation: string) =>
  (await sql().query<{ id: string }>("select contact_id as id from conversation where id = $1", [conversation]))[0]?.id ?? "";

beforeAll(async () => {
  product = await openProduct();
  [limited, free, admin] = [await product.agent(), await product.agent("agent2@demo.example"), await product.agent("admin@demo.example")];
  await sql().query(
    "insert into inbox (tenant_id, id, public_key, name, origins, publishes_all) select tenant_id, gen_random_uuid(), 'shop-key', 'Shop', origins, true from inbox limit 1",
  );
  await admin.run("role.create", {
    key: "shop",
    name: "Shop",
    permissions: "conversations.read, conversations.answer, commands.run, presence.declare",
    inboxes: "Shop",
  });
  const one = await product.visit();
  await one.page.say("a secret parcel");
  const other = await product.visit();
  await sql().query("update conversation set inbox_id = (select id from inbox where name = 'Shop') where id = $1", [other.conversation]);
  await other.page.say("a public parcel");
  hidden = { conversation: one.conversation, contact: await contactOf(one.conversation), file: absent };
  shown = { conversation: other.conversation, contact: await contactOf(other.conversation) };
  await free.run("conversation.note", { conversation: hidden.conversation, text: "a secret note" });
  const uploaded = await fetch(`${product.url}/api/v1/files?name=a.txt`, {
    method: "POST",
    headers: { authorization: `Bearer ${free.token}`, "content-type": "application/octet-stream" },
    body: "secret",
  });
  hidden.file = JSON.parse(await uploaded.text()).id ?? absent;
  const freeDesk = await free.desk();
  freeDesk.send({ type: "note", conversation: hidden.conversation, clientId: "f", text: "see this", files: [hidden.file] });
  await freeDesk.until("ack");
  await admin.run("role.grant", { email: limited.email, role: "shop" });
  await admin.run("role.revoke", { email: limited.email, role: "agent" });
  desk = await limited.desk();
}, 20_000);
afterAll(() => product.stop());

describe("an agent with a role for one inbox", () => {
  it("finds nothing of another inbox in lists, counts and search", async () => {
    for (const path of [
      "/api/v1/conversations",
      "/api/v1/search?text=parcel",
      `/api/v1/conversations?filter=${encodeURIComponent(JSON.stringify({ contact: { eq: hidden.contact } }))}`,
    ]) {
      const { status, body } = await get(limited, path);
      expect(status).toBe(200);
      expect(body).not.toMatch(new RegExp(`${hidden.conversation}|${hidden.contact}|secret`));
    }
    expect((await get(limited, "/api/v1/conversations")).body).toContain(shown.conversation);
    expect((await get(free, "/api/v1/conversations")).body).toContain(hidden.conversation);
    const page = await product.visit();
    await page.page.say("person");
    await expect.poll(async () => JSON.stringify((await free.run("queue.list")).data)).toContain(page.conversation);
    const queue = JSON.stringify((await limited.run("queue.list")).data);
    expect(queue).not.toContain(page.conversation);
    expect(queue).toContain('"length":0');
    await page.page.close();
  });

  it("gets the same answer for it as for one that isn't there, by every command that names a conversation or a contact", async () => {
    const listed: {
      items: { name: string; args: { properties: Record<string, { enum?: string[]; type?: string }>; required?: string[] } }[];
    } = JSON.parse((await get(limited, "/api/v1/commands?limit=200")).body);
    const concerned = listed.items.filter(({ args }) => "conversation" in args.properties || "contact" in args.properties);
    expect(concerned.length).toBeGreaterThan(20);
    for (const { name, args } of concerned) {
      const fill = (conversation: string, contact: string) =>
        Object.fromEntries(
          Object.entries(args.properties).flatMap(([key, schema]): [string, unknown][] => {
            if (key === "conversation") return [[key, conversation]];
            if (key === "contact") return [[key, contact]];
            if (!(args.required ?? []).includes(key)) return [];
            if (key === "into" || key === "merged") return [[key, shown.conversation]];
            if (schema.type === "object") return [[key, {}]];
            if (schema.type === "array") return [[key, []]];
            return [[key, schema.enum?.[0] ?? { boolean: true, integer: 1 }[schema.type ?? ""] ?? "x"]];
          }),
        );
      const answers = await Promise.all(
        [fill(hidden.conversation, hidden.contact), fill(absent, absent)].map((given) => limited.refused(name, given)),
      );
      const [foreign, missing] = answers.map(({ requestId: _, ...rest }) => rest);
      expect(foreign, name).toEqual(missing);
      expect(foreign?.code, name).toBe("not_found");
    }
  });

  it("is the same at its socket: topics, messages, notes, marks", async () => {
    for (const id of [hidden.conversation, absent]) {
      desk.send({ type: "watch", topic: `conversation:${id}` });
      expect(await desk.until("error", ({ ref }) => ref === `conversation:${id}`)).toMatchObject({ error: { code: "not_found" } });
      for (const type of ["message", "note"])
        expect((await desk.refused({ type, conversation: id, text: "x" })).error).toMatchObject({
          code: "not_found",
          message: "There is no such conversation.",
        });
    }
    const inbox = await desk.watch("inbox");
    expect([...inbox.items.keys()]).toEqual([shown.conversation]);
    expect([...(await desk.watch("wallboard")).items.keys()]).toEqual([]);
    const opened = await desk.watch(`conversation:${shown.conversation}`);
    expect(JSON.stringify([...opened.items.values()])).toContain("a public parcel");
  });

  it("sees one come into reach and go again, live, and nothing of the others' changes", async () => {
    const inbox = await desk.watch("inbox");
    const frames: string[] = [];
    desk.each((frame) => frames.push(JSON.stringify(frame)));
    await free.run("conversation.take", { conversation: hidden.conversation });
    await free.run("conversation.invite", { conversation: hidden.conversation, email: limited.email });
    await inbox.until(({ items }) => items.has(hidden.conversation));
    const opened = await desk.watch(`conversation:${hidden.conversation}`);
    expect(JSON.stringify([...opened.items.values()])).toContain("a secret parcel");
    await limited.run("conversation.step-out", { conversation: hidden.conversation });
    await inbox.until(({ items }) => !items.has(hidden.conversation));
    await desk.until("error", ({ ref }) => ref === `conversation:${hidden.conversation}`);
    // What was said as they left came before it was known that they may not see it.
    expect(frames.join()).not.toContain("takes no part any more");
    frames.length = 0;
    const { page, conversation } = await product.visit();
    await page.say("a third parcel");
    await page.close();
    const other = await free.desk();
    await (await other.watch("inbox")).until(({ items }) => items.has(conversation));
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(frames.join()).not.toContain(conversation);
  });

  it("sees no more in one list once it looks at another no more", async () => {
    const own = await limited.desk();
    const inbox = await own.watch("inbox");
    const queue = await own.watch("queue:support");
    const mine = await product.visit();
    await sql().query("update conversation set inbox_id = (select id from inbox where name = 'Shop') where id = $1", [mine.conversation]);
    await mine.page.say("person");
    await queue.until(({ items }) => items.has(mine.conversation));
    await free.run("conversation.take", { conversation: mine.conversation });
    await queue.until(({ items }) => !items.has(mine.conversation));
    own.send({ type: "unwatch", topic: "queue:support" });
    const frames: string[] = [];
    own.each((frame) => frames.push(JSON.stringify(frame)));
    const { page, conversation } = await product.visit();
    await page.say("a fourth, secret parcel");
    const other = await free.desk();
    await (await other.watch("inbox")).until(({ items }) => items.has(conversation));
    await free.run("conversation.transfer", { conversation: mine.conversation, to: "queue" });
    await inbox.until(({ items }) =>
      [...items.values()].some((item) => item.id === mine.conversation && "queuedAt" in item && item.queuedAt !== null),
    );
    expect(frames.join()).not.toContain(conversation);
    await Promise.all([mine.page.close(), page.close(), own.close(), other.close()]);
  });

  it("gets no file, no notice and no mention of it", async () => {
    const [foreign, missing] = await Promise.all([get(limited, `/api/v1/files/${hidden.file}`), get(limited, `/api/v1/files/${absent}`)]);
    const without = ({ status, body }: { status: number; body: string }) => ({ status, body: body.replace(/"requestId":"[^"]+"/, "") });
    expect(without(foreign)).toEqual(without(missing));
    expect((await get(free, `/api/v1/files/${hidden.file}`)).status).toBe(200);
    const { error } = await (await free.desk()).refused({
      type: "note",
      conversation: hidden.conversation,
      text: "look",
      mentions: [limited.id],
    });
    expect(error).toMatchObject({ code: "invalid_value", path: "mentions.0" });
    await sql().query(
      "insert into notice (tenant_id, account_id, id, key, kind, conversation_id, team, who) values ($1, $2, gen_random_uuid(), 'k', 'queue', $3, 'support', 'Secret')",
      [product.tenant, limited.id, hidden.conversation],
    );
    expect(JSON.stringify(await limited.run("notice.list"))).not.toContain("Secret");
    expect([...(await desk.watch("notices")).items.keys()]).toEqual([]);
    expect(JSON.stringify((await limited.run("mail.list")).data)).toContain('"mails":[]');
    // However much it isn't theirs to see stands before it, they find their own.
    const tell = (conversation: string, many: number) => [
      sql().query(
        `insert into mail_out (tenant_id, id, kind, key, recipient, mail, conversation_id, state)
         select $1, gen_random_uuid(), 'answer', $2 || n, 'x@example.com', '{"subject": "About it"}', $2::uuid, 'dead' from generate_series(1, $3::int) n`,
        [product.tenant, conversation, many],
      ),
      sql().query(
        `insert into notice (tenant_id, account_id, id, key, kind, conversation_id, team, who)
         select $1, $4, gen_random_uuid(), 'x' || $2 || n, 'assigned', $2::uuid, 'support', 'Somebody' from generate_series(1, $3::int) n`,
        [product.tenant, conversation, many, limited.id],
      ),
    ];
    await Promise.all(tell(shown.conversation, 1));
    await Promise.all(tell(hidden.conversation, 120));
    for (const list of ["mail.list", "notice.list"]) {
      const listed = JSON.stringify((await limited.run(list)).data);
      expect([list, listed.split(shown.conversation)]).toEqual([list, [expect.anything(), expect.anything()]]);
      expect(listed).not.toContain(hidden.conversation);
    }
  });

  it("has its socket begin anew when its role reaches elsewhere", async () => {
    const other = await limited.desk();
    const begun = performance.now();
    await admin.run("role.update", { role: "shop", permissions: "conversations.read", teams: "sales" });
    expect(await other.ended).toMatchObject({ code: 1013 });
    expect(performance.now() - begun).toBeLessThan(1000);
    expect((await get(limited, "/api/v1/conversations")).body).not.toContain(shown.conversation);
  });
});
