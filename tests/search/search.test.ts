import { afterAll, beforeAll, expect, it } from "vitest";
import type { SearchAnswer } from "../../src/protocol/search.ts";
import { indexEverything, indexLately } from "../../src/search/indexMessages.ts";
import { explainFindMessages } from "../../src/search/searchStore.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct();
  agent = await product.agent();
});
afterAll(() => product.stop());

async function found(query: string, as = agent): Promise<SearchAnswer> {
  const response = await fetch(`${product.url}/api/v1/search?${query}`, { headers: { authorization: `Bearer ${as.token}` } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text);
}

it("finds what was said a moment ago, in its tenant only, by its beginning and by a phrase", async () => {
  const { page, conversation } = await product.visit();
  await page.say("Where is my Übergepäck ORD-17?");
  await expect.poll(async () => (await found("text=ubergep")).messages.length).toBe(1);
  const [message] = (await found("text=ORD-17")).messages;
  expect(message).toMatchObject({ conversation, seq: 1, author: { kind: "visitor" }, hits: [[23, 29]] });
  expect((await found("text=%2217%20ord%22")).messages).toEqual([]);
  expect((await found("text=my%20nothing")).messages).toEqual([]);

  const other = await product.addTenant("others");
  expect((await found("text=ubergep", await product.agent(other.email))).messages).toEqual([]);
  expect(await agent.run("search", { text: "ubergep" })).toMatchObject({ messages: [{ text: expect.stringContaining("Übergepäck") }] });
  await page.close();
});

it("finds what stands in a note, says that it is one, and pages over notes and messages alike", async () => {
  const { page, conversation } = await product.visit();
  await page.answerTo(await page.say("the zeppelin is late"));
  for (const text of ["zeppelin of a good customer", "another zeppelin note"]) await agent.run("conversation.note", { conversation, text });
  await indexLately(product);
  const all = (await found("text=zeppelin")).messages;
  expect(all).toMatchObject([
    { excerpt: "another zeppelin note", note: expect.any(String), seq: 2, author: { kind: "agent", name: agent.name }, hits: [[8, 16]] },
    { excerpt: "zeppelin of a good customer", note: expect.any(String), seq: 2, conversation },
    { excerpt: "the zeppelin is late", note: null, seq: 1, author: { kind: "visitor" } },
  ]);
  const paged = [];
  for (let cursor: string | null = ""; cursor !== null && paged.length < 9; ) {
    const next: SearchAnswer = await found(`text=zeppelin&limit=1${cursor === "" ? "" : `&cursor=${cursor}`}`);
    paged.push(...next.messages);
    cursor = next.nextCursor;
  }
  expect(paged).toEqual(all);
  expect(await agent.run("search", { text: "another zepp" })).toMatchObject({ messages: [{ text: expect.stringContaining(", note: ") }] });
  const sql = product.database.forTenant(product.tenant);
  expect(await explainFindMessages(sql, `'${product.tenant.slice(-4)}zeppelin'`)).toContain("message_search_words");
  // No door of a visitor's leads here: what their page was told has no note in it.
  expect(JSON.stringify(page.frames)).not.toContain("good customer");
  await page.close();
});

it("finds people by what they are called now, and conversations by their people and tags", async () => {
  const { page, conversation } = await product.visit();
  const sql = product.database.forTenant(product.tenant);
  const [row] = await sql.query<{ id: string }>("select contact_id as id from conversation where tenant_id = $1 and id = $2", [
    conversation,
  ]);
  await agent.run("contact.update", { contact: row?.id, name: "Zoë Quartz", email: "zoe@quartz.example" });
  await indexLately(product);
  expect((await found("text=zoe")).contacts.map(({ name }) => name)).toEqual(["Zoë Quartz"]);
  expect((await found("text=zoe@quartz")).conversations).toMatchObject([{ id: conversation, contact: { name: "Zoë Quartz" } }]);
  await agent.run("tag.create", { name: "Wholesale" });
  await agent.run("conversation.tag", { conversation, tag: "Wholesale" });
  expect((await found("text=whole")).conversations.map(({ id }) => id)).toEqual([conversation]);
  await page.close();
});

it("pages through what was said, the newest first, and asks the index of words for what is rare", async () => {
  const { page, conversation } = await product.visit();
  const sql = product.database.forTenant(product.tenant);
  await sql.query(
    `insert into message (tenant_id, conversation_id, seq, key, author_kind, author_name, text, at)
     select $1, $2, n, 'k' || n, 'visitor', 'Visitor', 'granite number ' || n, now() - make_interval(secs => 7000 - n) from generate_series(1, 3000) n`,
    [conversation],
  );
  await sql.query("update conversation set last_seq = 3000 where tenant_id = $1 and id = $2", [conversation]);
  await indexEverything(product);
  const first = await found("text=granite&limit=5");
  expect(first.messages.map(({ seq }) => seq)).toEqual([3000, 2999, 2998, 2997, 2996]);
  const second = await found(`text=granite&limit=5&cursor=${first.nextCursor}`);
  expect(second.messages.map(({ seq }) => seq)).toEqual([2995, 2994, 2993, 2992, 2991]);
  expect((await found("text=17%20granite")).messages.map(({ seq }) => seq)).toEqual([17]);
  await indexEverything(product);
  const [count] = await sql.query<{ n: number }>("select count(*) as n from message_search where tenant_id = $1 and conversation_id = $2", [
    conversation,
  ]);
  expect(count?.n).toBe(3000);
  const sign = product.tenant.slice(-4);
  expect(await explainFindMessages(sql, `'${sign}grani':*`)).toContain("message_search_words");
  await page.close();
});

it.each([
  ["text=", "text"],
  ["text=%3F", "text"],
  [`text=${"a".repeat(201)}`, "text"],
  ["text=a&limit=51", "limit"],
  ["text=a&cursor=x", "cursor"],
  ["text=a&sort=at", "sort"],
])("refuses %s by name", async (query, path) => {
  await expect(found(query)).rejects.toThrow(new RegExp(`^Error: 422 .*"path":"${path}"|^422 .*"path":"${path}"`));
});
