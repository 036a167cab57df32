import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forgetUnsentFiles } from "../../src/files/forgetFiles.ts";
import type { FileBlock } from "../../src/protocol/blocks.ts";
import type { DeskClient } from "../fixtures/deskClient.ts";
import type { Agent, TestProduct } from "../fixtures/product.ts";
import { onePixel } from "../fixtures/uploads.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";
import { openUploading, type Uploading } from "./uploading.ts";

let product: TestProduct;
let agent: Agent;
let desk: DeskClient;
let page: VisitorClient;
let conversation: string;
let visitor: string;
let staff: string;
let put: Uploading["put"];
let another: Uploading["another"];
beforeAll(async () => {
  ({ product, agent, desk, page, conversation, visitor, staff, put, another } = await openUploading());
});
afterAll(() => product.stop());

const say = async (files: string[], text = "", clientId: string = randomUUID()) => {
  page.send({ type: "message", clientId, text, files });
  return await page.until("ack", (ack) => ack.clientId === clientId);
};
const sayRefused = async (files: string[], text = "") => {
  const clientId = randomUUID();
  page.send({ type: "message", clientId, text, files });
  return (await page.until("error", ({ ref }) => ref === clientId)).error;
};
const fileOf = (blocks: readonly { type: string }[] | undefined) => blocks?.find((block): block is FileBlock => block.type === "file");

describe("a message with files", () => {
  test("both sides see them, the text is complete by itself, and the visitor's other pages too", async () => {
    const watched = await desk.watch(`conversation:${conversation}`);
    const [shot, doc] = [await put(visitor, onePixel, { name: "shot.png" }), await put(visitor, "%PDF-1.7", { name: "doc.pdf" })];
    const second = await product.openVisitor();
    await second.hello({ token: visitor.split(":")[1] });
    const ack = await say([shot.id, doc.id], "Look at this");
    await watched.until((topic) => topic.messages().some(({ seq }) => seq === ack.seq));
    const seen = watched.messages().find(({ seq }) => seq === ack.seq);
    expect(seen?.text).toBe("Look at this\n[shot.png]\n[doc.pdf]");
    expect(seen?.blocks).toMatchObject([
      { type: "file", id: shot.id, name: "shot.png", mediaType: "image/png", size: onePixel.length, width: 1, height: 1 },
      { type: "file", id: doc.id, name: "doc.pdf", mediaType: "application/pdf", size: 8 },
    ]);
    const there = await second.until("message", ({ seq }) => seq === ack.seq);
    for (const block of [fileOf(seen?.blocks), fileOf(there.blocks)]) {
      expect((await fetch(block?.url ?? "")).status).toBe(200);
      expect((await fetch(block?.previewUrl ?? "")).status).toBe(200);
    }
  });

  test("the same message again has them again, another doesn't; the text may be empty", async () => {
    const { id } = await put(visitor, "a");
    const clientId = randomUUID();
    const [first, again] = [await say([id], "", clientId), await say([id], "", clientId)];
    expect(again.seq).toBe(first.seq);
    expect(await sayRefused([id], "once more")).toMatchObject({ code: "invalid_value", path: "files.0" });
    expect(await sayRefused([], "  ")).toMatchObject({ code: "nothing_to_send" });
    const answer = await page.answerTo(first);
    expect(answer.text).toContain("can't look into files");
  });

  test("only own files of this side are sent: none of another visitor, of an agent, of another tenant, and none that never was", async () => {
    const { who } = await another();
    const foreign = await product.addTenant("other-files");
    const theirs = [
      (await put(who, "another visitor's")).id,
      (await put(staff, "an agent's")).id,
      (await put(`Bearer ${(await product.agent(foreign.email)).token}`, "another tenant's")).id,
      randomUUID(),
      "../../etc/passwd",
    ];
    const own = (await put(visitor, "mine")).id;
    for (const id of theirs) expect(await sayRefused([own, id], "x")).toMatchObject({ code: "invalid_value", path: "files.1" });
    // What was refused is still free.
    await say([own], "now");
  });

  test("a message that is refused gives its files back", async () => {
    const { id } = await put(staff, "for later");
    const refused = await desk.refused({ type: "message", conversation, text: "not mine", files: [id] });
    expect(refused.error.code).toBe("not_your_conversation");
    const clientId = randomUUID();
    desk.send({ type: "note", conversation, clientId, text: "", files: [id] });
    await desk.until("ack", (ack) => ack.clientId === clientId);
  });

  test("what is said after files comes after them", async () => {
    const { id } = await put(visitor, "a");
    const ids = [randomUUID(), randomUUID()];
    page.send({ type: "message", clientId: ids[0], text: "first", files: [id] });
    page.send({ type: "message", clientId: ids[1], text: "second" });
    const acks = await Promise.all(ids.map((clientId) => page.until("ack", (ack) => ack.clientId === clientId)));
    expect((acks[1]?.seq ?? 0) > (acks[0]?.seq ?? 0)).toBe(true);
  });

  test("a note's files are for colleagues only, over a reload too", async () => {
    const { id } = await put(staff, onePixel, { name: "secret.png" });
    const clientId = randomUUID();
    desk.send({ type: "note", conversation, clientId, text: "between us", files: [id] });
    await desk.until("ack", (ack) => ack.clientId === clientId);
    const fresh = await (await agent.desk()).watch(`conversation:${conversation}`);
    await fresh.until((topic) => topic.notes().some(({ text }) => text === "between us\n[secret.png]"));
    expect(fileOf(fresh.notes().at(-1)?.blocks)?.previewUrl).toContain("?k=p");
    const read = async (who: string) => (await fetch(`${product.url}/api/v1/files/${id}`, { headers: { authorization: who } })).status;
    expect([await read(staff), await read(visitor)]).toEqual([200, 404]);
  });
});

describe("a download", () => {
  const text = "0123456789";
  let url: string;
  let id: string;
  beforeAll(async () => {
    ({ url, id } = await put(visitor, text, { name: `a"b\\c, größer 100%.txt` }));
  });
  const get = async (range?: string) => {
    const response = await fetch(url, { headers: range === undefined ? {} : { range } });
    return [response.status, await response.text(), response.headers.get("content-range")] as const;
  };

  test("its name is told in both ways", async () => {
    const { headers } = await fetch(url, { method: "HEAD" });
    expect(headers.get("content-disposition")).toBe(
      `attachment; filename="c, gr__er 100_.txt"; filename*=UTF-8''c%2C%20gr%C3%B6%C3%9Fer%20100%25.txt`,
    );
    expect(headers.get("content-length")).toBe("10");
  });

  test("ranges: one is answered, what is beyond is refused, abuse gets the whole", async () => {
    expect(await get("bytes=2-4")).toEqual([206, "234", "bytes 2-4/10"]);
    expect(await get("bytes=-3")).toEqual([206, "789", "bytes 7-9/10"]);
    expect(await get("bytes=8-999")).toEqual([206, "89", "bytes 8-9/10"]);
    expect((await get("bytes=10-"))[0]).toBe(416);
    for (const abuse of ["bytes=0-0,2-2", `bytes=${"0-,".repeat(500)}0-`, "bytes=a-b", "lines=1-2"])
      expect((await get(abuse))[0]).toBe(200);
  });

  test("an address that is false, over, or of another file opens nothing", async () => {
    const other = await put(visitor, "other");
    const k = new URL(url).searchParams.get("k") ?? "";
    const wrong = [
      url.split("?")[0] ?? "",
      url.replace(id, other.id),
      url.replace("k=f", "k=p"),
      url.replace(k, k.replace(/^f\d+/, "f9999999999")),
      url.replace(product.tenant, randomUUID()),
      `${url}x`,
      url.replace(k, "f1.2.é"),
      url.replace(id, "../secret"),
    ];
    for (const address of wrong) expect((await fetch(address)).status).toBe(404);
  });

  test("sec/tenancy/11 who is signed in asks for new addresses of what they may see, and nobody else does", async () => {
    const ask = async (who: string, of = id) => {
      const response = await fetch(`${product.url}/api/v1/files/${of}`, { headers: { authorization: who } });
      return response.status;
    };
    const foreign = await product.addTenant("third-files");
    const colleague = `Bearer ${(await product.agent("agent2@demo.example")).token}`;
    const stranger = `Bearer ${(await product.agent(foreign.email)).token}`;
    const { who } = await another();
    expect([await ask(visitor), await ask(who), await ask(stranger), await ask(colleague)]).toEqual([200, 404, 404, 404]);
    await say([id]);
    expect([await ask(visitor), await ask(who), await ask(stranger), await ask(colleague)]).toEqual([200, 404, 404, 200]);
    expect(await ask(visitor, "nonsense")).toBe(404);
  });
});

describe("what is not sent", () => {
  const remove = async (who: string, id: string) =>
    (await fetch(`${product.url}/api/v1/files/${id}`, { method: "DELETE", headers: { authorization: who } })).status;

  test("is forgotten when its uploader says so, and nobody else", async () => {
    const { id, url } = await put(visitor, "x");
    expect([await remove(staff, id), await remove((await another()).who, id)]).toEqual([404, 404]);
    expect(await remove(visitor, id)).toBe(204);
    expect((await fetch(url)).status).toBe(404);
    expect(await product.files.exists(`${product.tenant}/${id}`)).toBe(false);
    const sent = await put(visitor, "x");
    await say([sent.id]);
    expect(await remove(visitor, sent.id)).toBe(404);
  });

  test("is forgotten after a day, and what was sent stays, even where nobody could say that it was", async () => {
    const [unused, used, unsaid] = [await put(visitor, onePixel), await put(visitor, "b"), await put(visitor, "c")];
    await say([used.id], "one");
    await say([unsaid.id], "two");
    const sql = product.database.forTenant(product.tenant);
    await sql.query("update file set unsent_since = now() - interval '25 hours' where tenant_id = $1 and id = any($2::uuid[])", [
      [unused.id, unsaid.id],
    ]);
    await forgetUnsentFiles(product);
    const place = (id: string) => product.files.exists(`${product.tenant}/${id}`);
    expect(await Promise.all([unused, used, unsaid].map(({ id }) => place(id)))).toEqual([false, true, true]);
    expect(await place(`${unused.id}.preview`)).toBe(false);
    expect((await fetch(unused.url)).status).toBe(404);
    expect((await fetch(unsaid.url)).status).toBe(200);
  });
});
