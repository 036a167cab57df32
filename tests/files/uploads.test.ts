import { request } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxFileBytes } from "../../src/protocol/files.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import type { TestProduct } from "../fixtures/product.ts";
import { onePixel } from "../fixtures/uploads.ts";
import { openUploading, type Uploading } from "./uploading.ts";

let product: TestProduct;
let visitor: string;
let staff: string;
let put: Uploading["put"];
let another: Uploading["another"];
beforeAll(async () => {
  ({ product, visitor, staff, put, another } = await openUploading());
});
afterAll(() => product.stop());

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
