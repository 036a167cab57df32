import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openProduct, type TestProduct } from "../fixtures/product.ts";
import { openRawSocket, type RawSocket } from "../fixtures/rawSocket.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";

// Section by section what goes in, and what the page gets for it.

let product: TestProduct;
/** Another tenant's inboxes, there before the first look at them, which is kept for 5 s. */
let elsewhere: { inbox: string };
let foreign: { inbox: string };
beforeAll(async () => {
  product = await openProduct();
  elsewhere = await product.addTenant("elsewhere", "https://elsewhere.example");
  foreign = await product.addTenant("foreign");
});
afterAll(() => product.stop());

describe("the upgrade", () => {
  it.each<[string, Record<string, string>]>([
    ["an absent origin", {}],
    ["an empty origin", { Origin: "" }],
    ["the origin null", { Origin: "null" }],
    ["another site", { Origin: "https://evil.example" }],
    ["another port", { Origin: "http://127.0.0.1:1" }],
    ["another scheme", { Origin: "https://127.0.0.1" }],
    ["another name of this machine", { Origin: "http://localhost" }],
  ])("is refused with 403: %s", async (_name, headers) => {
    for (const path of ["/ws/visitor", "/ws/desk"]) {
      const raw = await openRawSocket(product.port, path, headers);
      expect(raw.status).toBe(403);
      raw.end();
    }
  });

  it.each([
    (url: string) => `${url}.evil.example`,
    (url: string) => `${url}/`,
    (url: string) => `${url}@evil.example`,
    (url: string) => url.replace("127.0.0.1", "127.0.0.1.evil.example"),
    (url: string) => url.toUpperCase(),
    (url: string) => url.replace("http", "https"),
    (url: string) => `${url}, ${url}`,
    (url: string) => `${url} `.replace("127", "１２７"),
  ])("is refused to a look-alike %#", async (change) => {
    const raw = await openRawSocket(product.port, "/ws/visitor", { Origin: change(product.url) });
    expect(raw.status).toBe(403);
    raw.end();
  });

  it("answers with the one shape of an error", async () => {
    const response = await fetch(`${product.url}/ws/visitor`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: "not_found" } });
  });

  it("is refused with 404 at another path", async () => {
    const raw = await openRawSocket(product.port, "/ws/other", { Origin: product.url });
    expect(raw.status).toBe(404);
    raw.end();
  });

  it("agrees to no compression, whatever the page offers", async () => {
    const page = await product.openVisitor({ "Sec-WebSocket-Extensions": "permessage-deflate" });
    expect(page.socket.extensions).toBe("");
    await page.close();
  });
});

describe("the first frame", () => {
  let page: VisitorClient;
  beforeEach(async () => {
    page = await product.openVisitor();
  });

  it.each<[string, (inbox: string) => string | object]>([
    ["a message", () => ({ type: "message", clientId: "a", text: "hello" })],
    ["typing", () => ({ type: "typing", on: true })],
    ["an unknown frame", () => ({ type: "subscribe" })],
    ["no JSON", () => "hello"],
    ["a list", () => "[]"],
    ["null", () => "null"],
    ["a hello without an inbox", () => ({ type: "hello" })],
    ["a hello whose inbox is a number", () => ({ type: "hello", inbox: 7 })],
    ["a hello to an inbox that there is not", () => ({ type: "hello", inbox: "nobody" })],
    ["a hello with a false token", (inbox) => ({ type: "hello", inbox, token: "x".repeat(43) })],
    ["a hello with a token that is a list", (inbox) => ({ type: "hello", inbox, token: [] })],
    ["a hello with after as a text", (inbox) => ({ type: "hello", inbox, after: "1e3" })],
    ["a hello with a negative after", (inbox) => ({ type: "hello", inbox, after: -1 })],
    ["a hello with an after that can't be told from its neighbour", (inbox) => ({ type: "hello", inbox, after: 2 ** 53 })],
    ["a hello with a fraction for after", (inbox) => ({ type: "hello", inbox, after: 1.5 })],
  ])("ends the socket with 4401: %s", async (_name, frame) => {
    page.send(frame(product.inbox));
    expect((await page.ended).code).toBe(4401);
    expect(page.of("welcome")).toEqual([]);
  });

  it("may be a ping", async () => {
    page.send({ type: "ping" });
    await page.until("pong");
    await page.hello();
    await page.close();
  });

  it("may carry null for what is left out, fields of a newer page, and the same key twice", async () => {
    const { inbox } = product;
    page.send(
      `{"type":"hello","inbox":"nobody","inbox":${JSON.stringify(inbox)},"token":null,"after":null,"identity":null,"locale":null,"page":null,"colour":"red","__proto__":{"token":"x"},"constructor":{"prototype":{"inbox":"x"}}}`,
    );
    expect((await page.until("welcome")).seq).toBe(0);
    expect({}).not.toHaveProperty("token");
    await page.close();
  });

  it("may not carry an identity that nobody signed", async () => {
    page.send({ type: "hello", inbox: product.inbox, identity: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiIsIm5hbWUiOiJBZG1pbiJ9." });
    expect((await page.until("error")).error).toMatchObject({ code: "invalid_value", path: "identity" });
    expect((await page.ended).code).toBe(4401);
  });

  it("may not open an inbox that doesn't list the page, though another inbox does", async () => {
    page.send({ type: "hello", inbox: elsewhere.inbox });
    expect((await page.ended).code).toBe(4401);
    expect(page.of("welcome")).toEqual([]);
    const theirs = await product.openVisitor({ origin: "https://elsewhere.example" });
    theirs.send({ type: "hello", inbox: elsewhere.inbox });
    await theirs.until("welcome");
    await theirs.close();
  });

  it("sec/tenancy/11 may not open another tenant's chat with this one's token", async () => {
    const { token, conversation } = await page.hello();
    const thief = await product.openVisitor();
    thief.send({ type: "hello", inbox: foreign.inbox, token });
    expect((await thief.ended).code).toBe(4401);
    expect(thief.of("error")).toMatchObject([{ error: { code: "unauthenticated" } }]);
    const honest = await product.openVisitor();
    honest.send({ type: "hello", inbox: foreign.inbox });
    expect((await honest.until("welcome")).conversation).not.toBe(conversation);
    await Promise.all([page.close(), honest.close()]);
  });
});

describe("a frame that makes no sense", () => {
  let page: VisitorClient;
  beforeEach(async () => {
    ({ page } = await product.visit());
  });

  it.each<[string, string | object, string]>([
    ["no JSON", "hello", "invalid_json"],
    ["half of JSON", '{"type":"mess', "invalid_json"],
    ["two values", "{}{}", "invalid_json"],
    ["an empty frame", "", "invalid_json"],
    ["NaN", '{"type":"read","seq":NaN}', "invalid_json"],
    ["a number", "7", "invalid_frame"],
    ["a text", '"message"', "invalid_frame"],
    ["true", "true", "invalid_frame"],
    ["null", "null", "invalid_frame"],
    ["a list", "[]", "invalid_frame"],
    ["an object without a type", "{}", "invalid_frame"],
    ["an unknown type", '{"type":"sudo"}', "invalid_frame"],
    ["a type that is an object", '{"type":{"type":"message"}}', "invalid_frame"],
    ["a type that every object has", '{"type":"constructor"}', "invalid_frame"],
    ["the prototype as its type", '{"__proto__":{"type":"ping"}}', "invalid_frame"],
    ["30,000 lists in one another", "[".repeat(30_000) + "]".repeat(30_000), "invalid_frame"],
    ["a message without a clientId", { type: "message", text: "hello" }, "invalid_frame"],
    ["a message with an empty clientId", { type: "message", clientId: "", text: "hello" }, "invalid_frame"],
    ["an action without a seq", { type: "action", clientId: "a", action: "person" }, "invalid_frame"],
    ["an action on a negative seq", { type: "action", clientId: "a", seq: -1, action: "person" }, "invalid_frame"],
    ["an action on 2^53 + 1", '{"type":"action","clientId":"a","seq":9007199254740993,"action":"person"}', "invalid_frame"],
    ["a second hello with after as a text", { type: "hello", inbox: "x", after: "1e3" }, "invalid_frame"],
    ["a frame of the desk", { type: "watch", topic: "inbox" }, "invalid_frame"],
    ["a note", { type: "note", conversation: randomUUID(), clientId: "a", text: "x" }, "invalid_frame"],
  ])("is answered, and the socket lives: %s", async (_name, frame, code) => {
    page.send(frame);
    const { error } = await page.until("error");
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^[A-Z].*\.$/);
    expect((await page.say("help")).seq).toBe(1);
    await page.close();
  });

  it.each<[string, unknown, string]>([
    ["an object", { type: "b", props: { dangerouslySetInnerHTML: { __html: "x" } } }, "text"],
    ["a list", ["hello"], "text"],
    ["a number", 5, "text"],
    ["null", null, "text"],
    ["nothing", undefined, "text"],
  ])("names the message that it was: the text as %s", async (_name, text, path) => {
    page.send({ type: "message", clientId: "mine", text });
    expect(await page.until("error")).toMatchObject({ ref: "mine", error: { code: "invalid_frame", path } });
    await page.close();
  });

  it("as typing or read is dropped", async () => {
    for (const frame of [
      { type: "typing" },
      { type: "typing", on: "yes" },
      { type: "read" },
      { type: "read", seq: 0 },
      { type: "read", seq: -1 },
      { type: "read", seq: 1.5 },
      { type: "read", seq: "1e3" },
      { type: "read", seq: 2 ** 53 },
      { type: "read", seq: 1_000_000 },
      { type: "read", seq: null },
    ])
      page.send(frame);
    page.send({ type: "ping" });
    await page.until("pong");
    expect(page.of("error")).toEqual([]);
    await page.close();
  });

  it("too often is abuse: 1008 after 20", async () => {
    for (let n = 0; n < 21; n++) page.send("nonsense");
    expect((await page.ended).code).toBe(1008);
    expect(page.of("error")).toHaveLength(20);
  });
});

describe("what is no text frame of the right size", () => {
  let raw: RawSocket;
  beforeEach(async () => {
    raw = await openRawSocket(product.port, "/ws/visitor", { Origin: product.url });
    raw.write(raw.frame(JSON.stringify({ type: "hello", inbox: product.inbox })));
    await expect.poll(() => raw.texts().length, { timeout: 5000 }).toBeGreaterThan(0);
  });

  it.each<[string, number, (raw: RawSocket) => Buffer[]]>([
    ["a binary frame", 1003, (r) => [r.frame(JSON.stringify({ type: "ping" }), { opcode: 2 })]],
    ["an empty binary frame", 1003, (r) => [r.frame("", { opcode: 2 })]],
    ["a frame of 64 KiB and a byte", 1009, (r) => [r.frame("x".repeat(65_537))]],
    [
      "two fragments that are too long together",
      1009,
      (r) => [r.frame("x".repeat(40_000), { fin: false }), r.frame("x".repeat(40_000), { opcode: 0 })],
    ],
    ["a length of 2^62, and nothing after", 1009, () => [Buffer.from([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4])]],
    ["a frame that is not masked", 1002, (r) => [r.frame(JSON.stringify({ type: "ping" }), { masked: false })]],
    ["an unknown opcode", 1002, (r) => [r.frame("x", { opcode: 3 })]],
    ["an unknown control frame", 1002, (r) => [r.frame("x", { opcode: 11 })]],
    ["a reserved bit", 1002, (r) => [r.frame("x", { reserved: 4 })]],
    ["a continuation of nothing", 1002, (r) => [r.frame("x", { opcode: 0 })]],
    ["a new message inside another", 1002, (r) => [r.frame("x", { fin: false }), r.frame("y")]],
    ["a ping of 126 bytes", 1002, (r) => [r.frame("x".repeat(126), { opcode: 9 })]],
    ["a ping in fragments", 1002, (r) => [r.frame("x", { opcode: 9, fin: false })]],
    ["a byte that is no UTF-8", 1007, (r) => [r.frame(Buffer.from([0x22, 0xff, 0x22]))]],
    ["half of a character", 1007, (r) => [r.frame(Buffer.from([0xe2, 0x82]))]],
    ["a surrogate in UTF-8", 1007, (r) => [r.frame(Buffer.from([0xed, 0xa0, 0x80]))]],
    [
      "10,000 fragments of one byte",
      1008,
      (r) => [r.frame("[", { fin: false }), ...Array.from({ length: 10_000 }, () => r.frame(" ", { opcode: 0, fin: false }))],
    ],
  ])("%s closes with %i", async (_name, code, frames) => {
    raw.write(...frames(raw));
    expect(await raw.closed()).toBe(code);
  });

  it("a text in two fragments is a frame like any other", async () => {
    const text = JSON.stringify({ type: "message", clientId: "f", text: "reverse ä b" });
    const bytes = Buffer.from(text);
    const middle = bytes.indexOf("ä") + 1; // in the middle of a character
    raw.write(
      raw.frame(bytes.subarray(0, middle), { fin: false }),
      raw.frame("now?", { opcode: 9 }),
      raw.frame(bytes.subarray(middle), { opcode: 0 }),
    );
    await expect.poll(() => raw.texts().some((frame) => frame.includes('"b ä"')), { timeout: 5000 }).toBe(true);
    raw.end();
  });

  it("a frame of exactly 64 KiB is read", async () => {
    const empty = JSON.stringify({ type: "message", clientId: "big", text: "" });
    raw.write(raw.frame(JSON.stringify({ type: "message", clientId: "big", text: "x".repeat(65_536 - empty.length) })));
    await expect
      .poll(() => raw.texts().some((frame) => frame.includes("text_too_long") && frame.includes('"big"')), { timeout: 5000 })
      .toBe(true);
    raw.end();
  });
});
