import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forgetUnsentFiles } from "../../src/files/forgetFiles.ts";
import type { FileBlock } from "../../src/protocol/blocks.ts";
import { maxFileBytes } from "../../src/protocol/files.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import type { DeskClient } from "../fixtures/deskClient.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { onePixel, upload } from "../fixtures/uploads.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";

let product: TestProduct;
let agent: Agent;
let desk: DeskClient;
let page: VisitorClient;
let conversation: string;
/** Authorization headers. */
let visitor: string;
let staff: string;

beforeAll(async () => {
  product = await openProduct();
  agent = await product.agent();
  desk = await agent.desk();
  staff = `Bearer ${agent.token}`;
  const visit = await product.visit();
  ({ page, conversation } = visit);
  visitor = `Visitor ${product.inbox}:${visit.welcome.token}`;
});
afterAll(() => product.stop());

const put = (who: string, bytes: Buffer | string, options?: Parameters<typeof upload>[3]) => upload(product.url, who, bytes, options);
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
const another = async () => {
  const visit = await product.visit();
  return { ...visit, who: `Visitor ${product.inbox}:${visit.welcome.token}` };
};

describe("an upload", () => {
  test("a picture is answered with what it is, and its address and preview open", async () => {
    const answer = await put(visitor, onePixel, { name: "../shot.png" });
    expect(answer).toMatchObject({ status: 201, name: "shot.png", type: "image/png", size: onePixel.length, width: 1, height: 1 });
    const response = await fetch(answer.url);
    expect(Buffer.from(await response.arrayBuffer()).equals(onePixel)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "image/png",
      "content-disposition": `inline; filename="shot.png"; filename*=UTF-8''shot.png`,
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "cross-origin",
      "content-security-policy": expect.stringContaining("sandbox"),
    });
    expect(response.headers.get("set-cookie")).toBeNull();
    const preview = await fetch(answer.previewUrl ?? "");
    expect([preview.status, preview.headers.get("content-type")]).toEqual([200, "image/webp"]);
  });

  test.each([
    ["a page called a picture", "<script>alert(document.domain)</script>", "innocent.png", "text/plain; charset=utf-8"],
    ["an SVG", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.svg", "text/plain; charset=utf-8"],
    ["an SVG with a prologue", '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "a.svg", "application/octet-stream"],
    ["an archive that grows", gzipSync(Buffer.alloc(5_000_000)), "../../bomb.gz", "application/gzip"],
  ])("%s is kept as it is and only ever saved", async (_, bytes, name, type) => {
    const answer = await put(visitor, bytes, { name });
    expect(answer).toMatchObject({ status: 201, previewUrl: null });
    const response = await fetch(answer.url);
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("content-disposition")).toMatch(/^attachment; /);
  });

  test.each([
    ["nothing", "", "empty.txt", 422, "nothing_to_send"],
    ["a program", "MZ and so on", "photo\u202Egpj.exe", 415, "unsupported_media_type"],
  ])("%s is refused, and nothing is kept", async (_, bytes, name, status, code) => {
    const { who, conversation: own } = await another();
    expect(await put(who, bytes, { name })).toMatchObject({ status, error: { code, path: "file" } });
    const rows = await product.database
      .forTenant(product.tenant)
      .query("select from file where tenant_id = $1 and conversation_id = $2", [own]);
    expect(rows).toEqual([]);
  });

  test("one byte too many is refused, with the limit; the limit itself is taken", async () => {
    const most = Buffer.alloc(maxFileBytes, "a");
    expect(await put(staff, most)).toMatchObject({ status: 201, size: maxFileBytes });
    const error = { code: "payload_too_large", message: "The file is larger than 20 MB, the limit." };
    expect(await put(staff, Buffer.concat([most, Buffer.from("a")]))).toMatchObject({ status: 413, error });
    const form = new FormData();
    form.append("file", new Blob([most, "a"]), "big.txt");
    const response = await fetch(`${product.url}/api/v1/files`, { method: "POST", headers: { authorization: staff }, body: form });
    expect([response.status, await response.json()]).toMatchObject([413, { error }]);
  });

  test("a form is read to its one file; forms that are none are told", async () => {
    const send = async (body: FormData | string, type?: string) => {
      const headers = { authorization: visitor, ...(type === undefined ? {} : { "content-type": type }) };
      const response = await fetch(`${product.url}/api/v1/files`, { method: "POST", headers, body });
      return [response.status, JSON.parse(await response.text())];
    };
    const form = new FormData();
    form.append("more", "a field");
    form.append("file", new Blob(["hello"]), "Größe.txt");
    expect(await send(form)).toMatchObject([201, { name: "Größe.txt", type: "text/plain", size: 5 }]);
    form.append("file", new Blob(["again"]), "second.txt");
    expect(await send(form)).toMatchObject([422, { error: { message: "One file at a time; send each in a request of its own." } }]);
    const noFile = new FormData();
    noFile.append("file", "a text");
    expect(await send(noFile)).toMatchObject([422, { error: { path: "file" } }]);
    const corpus = [
      ["x", "multipart/form-data"],
      ["x", "multipart/form-data; boundary=b"],
      ['--b\r\nContent-Disposition: form-data; name=""; filename=""\r\n\r\n', "multipart/form-data; boundary=b"],
      ['--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf', "multipart/form-data; boundary=b"],
      [`--b\r\n${"X: y\r\n".repeat(3000)}\r\n--b--`, "multipart/form-data; boundary=b"],
      ["--b--\r\n", "multipart/mixed; boundary=b"],
    ] as const;
    for (const [body, type] of corpus) expect(await send(body, type)).toMatchObject([422, { error: { code: "invalid_value" } }]);
  });

  test("two of one name are two files, each with its own bytes and address", async () => {
    const [one, two] = [await put(visitor, "the first", { name: "a.txt" }), await put(visitor, "the second", { name: "a.txt" })];
    expect([one.name, two.name]).toEqual(["a.txt", "a.txt"]);
    expect(one.id).not.toBe(two.id);
    expect(await Promise.all([one, two].map(async ({ url }) => await (await fetch(url)).text()))).toEqual(["the first", "the second"]);
  });

  test("a body that poses as a form names no file of ours", async () => {
    const body = JSON.stringify({ files: [{ filepath: "/etc/passwd" }] });
    const answer = await put(visitor, body, { name: "a.json", headers: { "content-type": "application/json" } });
    expect(answer).toMatchObject({ status: 201, size: body.length });
    expect(await (await fetch(answer.url)).text()).toBe(body);
  });

  test("who breaks off leaves nothing, and the same key again goes on", async () => {
    const { who, conversation: own } = await another();
    const rows = () =>
      product.database.forTenant(product.tenant).query("select from file where tenant_id = $1 and conversation_id = $2", [own]);
    await new Promise<void>((resolve) => {
      const asked = request(`${product.url}/api/v1/files?name=a.txt`, {
        method: "POST",
        headers: { authorization: who, "content-length": 1000 },
      });
      asked.on("error", () => resolve());
      asked.write("half");
      setTimeout(() => asked.destroy(), 50);
    });
    await expect.poll(() => product.logged.some(({ message }) => message === "a request failed")).toBe(false);
    expect(await rows()).toEqual([]);
    const options = { name: "a.txt", headers: { "idempotency-key": "k1" } };
    const [first, second] = [await put(who, "whole", options), await put(who, "whole", options)];
    expect(second).toMatchObject({ status: 201, id: first.id });
    expect(await put(who, "whole", { ...options, name: "b.txt" })).toMatchObject({ status: 409 });
    expect(await rows()).toHaveLength(1);
  });

  test("what can't be kept to its end is told, and nothing of it is left", async () => {
    const { who, conversation: own } = await another();
    const keep = product.files.put;
    product.files.put = async (key, content) => {
      await keep(key, content);
      if (!key.endsWith(".preview")) throw new Refusal("unavailable", "There is no room.");
    };
    expect(await put(who, onePixel)).toMatchObject({ status: 503, error: { code: "unavailable" } });
    product.files.put = keep;
    const left = await product.database
      .forTenant(product.tenant)
      .query("select from file where tenant_id = $1 and conversation_id = $2", [own]);
    expect(left).toEqual([]);
  });

  test("nobody uploads without a token of theirs", async () => {
    const foreign = await product.addTenant("foreign", "https://foreign.example");
    for (const who of ["", "Visitor", "Visitor x:y", `Visitor ${foreign.inbox}:${visitor.split(":")[1]}`, "Bearer x"])
      expect(await put(who, "x")).toMatchObject({ status: 401, error: { code: "unauthenticated" } });
  });

  test("pages of listed origins may ask from there, others not", async () => {
    const ask = (origin: string) =>
      fetch(`${product.url}/api/v1/files`, { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } });
    const listed = await ask(product.url);
    expect([listed.status, listed.headers.get("access-control-allow-origin")]).toEqual([204, product.url]);
    expect(listed.headers.get("access-control-allow-credentials")).toBeNull();
    const other = await ask("https://evil.example");
    expect([other.status, other.headers.get("access-control-allow-origin")]).toEqual([405, null]);
    expect(await put(visitor, "x", { headers: { origin: "https://evil.example" } })).toMatchObject({ status: 403 });
  });

  test("a visitor's files have a limit together", async () => {
    const { who, conversation: own, welcome } = await another();
    await put(who, "first");
    await product.database
      .forTenant(product.tenant)
      .query("update file set size = 209715100 where tenant_id = $1 and conversation_id = $2", [own]);
    expect(await put(who, "x".repeat(200))).toMatchObject({ status: 429, error: { code: "rate_limited", path: "file" } });
    expect(welcome.conversation).toBe(own);
  });
});

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
