import { describe, expect, it } from "vitest";
import { defineRequest } from "../../../src/operations/requests/defineRequest.ts";
import type { Parameter } from "../../../src/protocol/operations.ts";
import { Refusal } from "../../../src/protocol/refusal.ts";
import { allowedAddresses, refusedAddresses } from "./addresses.ts";

const rules = { stage: "production", allowHosts: new Set<string>() } as const;
const id: Parameter = { name: "id", type: "text", required: true };
const day: Parameter = { name: "day", type: "date", required: false };
const tags: Parameter = { name: "tags", type: "text", required: true, list: true };
const base = { method: "POST", url: "https://api.example.com/v1/orders/{{id}}" };

function refusal(written: unknown, parameters: readonly Parameter[] = [id]): Refusal {
  try {
    defineRequest(written, parameters, rules);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error(`was taken: ${JSON.stringify(written)}`);
}

describe("4.6 the address", () => {
  it("sec/sql/62 is refused in every spelling of a private place, and where two readers could differ", () => {
    expect(refusedAddresses.length).toBeGreaterThan(190);
    for (const url of refusedAddresses) {
      expect(refusal({ method: "GET", url }, []), url).toMatchObject({ code: "invalid_value", path: "request.url" });
    }
  });

  it("is taken where it is public", () => {
    for (const url of allowedAddresses) expect(defineRequest({ url }, [], rules)).toEqual({ method: "GET", url, headers: {} });
  });

  it.each([
    ["https://{{id}}.example.com/", "At character 9: no slot may stand in the host"],
    ["https://api.example.com:{{id}}/", "At character 25: no slot may stand in the host"],
    ["{{id}}://api.example.com/", "At character 1: an address begins with https://"],
    ["https://{{id}}/", "no slot may stand in the host"],
    ["https://api.example.com{{id}}/", "At character 24: no slot may stand in the host"],
    ["https://a:b@api.example.com/{{id}}", "At character 12: no name and no password"],
    ["https://api.example.com/a\\{{id}}", "At character 26: a backslash"],
    ["https://api.example.com/a\t{{id}}", "At character 26: a tab"],
    ["https://api.example.com/{{id}}#x", "At character 31: what stands behind a #"],
    ["https://api.example.com/a/../{{id}}", "At character 27: a path is written without . and .."],
    ["https://api.example.com/%2e%2E/{{id}}", "At character 25: a path is written without"],
    ["https://api.example.com/%zz/{{id}}", "At character 25: behind a % stand two digits"],
    ["https://api.example.com/?{{id}}=1", "At character 26: a slot stands for a value"],
    ["https://api.example.com/{{id}", "At character 25: two braces open here"],
    ["https://api.example.com/{{{id}}}", "At character 25: two braces open here"],
    ["https://api.example.com/{{orderId}}", "At character 25: {{orderId}} is no parameter"],
    ["https://api.example.com/{{id}}?api_key=abc", '"api_key" seems to have a secret'],
    ["https://api.example.com/{{id}}?q=ghp_0123456789abcdefghijklmnopqrstuvwxyz", '"q" seems to have a secret'],
  ])("is refused where it is %s", (url, message) => {
    const told = refusal({ method: "GET", url });
    expect(told).toMatchObject({ code: "invalid_value", path: "request.url" });
    expect(told.message).toContain(message);
  });

  it("takes no secret, no several values and nothing that may be missing in its path", () => {
    const secret: Parameter = { name: "api_key", type: "text", required: true };
    expect(refusal({ url: "https://api.example.com/{{api_key}}" }, [secret]).message).toContain("named like a secret");
    expect(refusal({ url: "https://api.example.com/?k={{api_key}}" }, [secret]).message).toContain("named like a secret");
    expect(refusal({ url: "https://api.example.com/{{tags}}" }, [tags]).message).toContain("several values");
    expect(refusal({ url: "https://api.example.com/{{day}}" }, [day]).message).toContain("may be left out");
    const withDefault = { ...day, default: "2026-11-21" };
    expect(defineRequest({ url: "https://api.example.com/{{day}}" }, [withDefault], rules).url).toContain("{{day}}");
  });
});

describe("4.6 the method, headers and body", () => {
  it.each(["TRACE", "CONNECT", "OPTIONS", "get it", ""])("refuses the method %s", (method) => {
    expect(refusal({ ...base, method })).toMatchObject({ path: "request.method" });
  });

  it("refuses a body where there is none", () => {
    for (const method of ["GET", "HEAD"]) expect(refusal({ ...base, method, body: { a: 1 } })).toMatchObject({ path: "request.body" });
    const typed = { "Content-Type": "application/json" };
    for (const body of [null, ""])
      expect(defineRequest({ ...base, method: "GET", headers: typed, body }, [id], rules)).not.toHaveProperty("body");
    expect(defineRequest({ ...base, method: "delete", body: { a: 1 } }, [id], rules).method).toBe("DELETE");
  });

  it.each([
    ...[
      "Host",
      "content-length",
      "Transfer-Encoding",
      "Cookie",
      "Set-Cookie",
      "Connection",
      "Keep-Alive",
      "TE",
      "Trailer",
      "Upgrade",
      "Expect",
    ],
    ...["Proxy-Authorization", "Accept-Encoding", "Authorization", "X-Api-Key", "X-{{id}}", "X Foo", "X-Foo:", "X\r\nFoo", ""],
  ])("refuses the header %j", (name) => {
    expect(refusal({ ...base, headers: { [name]: "1" } })).toMatchObject({ code: "invalid_value", path: `request.headers.${name}` });
  });

  it.each(["a\rb", "a\nHost: b", "a\0b", "caf\u00e9", "a\u2028b"])("refuses the value %j in a header", (value) => {
    const told = refusal({ ...base, headers: { "X-Foo": value } });
    expect(told).toMatchObject({ path: "request.headers.X-Foo" });
    expect(told.message).toMatch(/^At character [24]: /);
  });

  it("refuses a header twice, a content type with a slot, and a repeat header that is set already", () => {
    expect(refusal({ ...base, headers: { "X-Foo": "1", "x-foo": "2" } })).toMatchObject({ path: "request.headers.x-foo" });
    expect(refusal({ ...base, headers: { "Content-Type": "{{id}}" } })).toMatchObject({ path: "request.headers.Content-Type" });
    expect(refusal({ ...base, headers: { "idempotency-key": "1" }, repeatHeader: "Idempotency-Key" })).toMatchObject({
      path: "request.repeatHeader",
    });
  });

  it("names the member and the character of a body that is wrong", () => {
    expect(refusal({ ...base, body: { order: { items: [{ name: "{{x}}" }] } } })).toMatchObject({
      path: "request.body.order.items.0.name",
    });
    expect(refusal({ ...base, body: { "{{id}}": 1 } })).toMatchObject({ path: "request.body.{{id}}" });
    expect(refusal({ ...base, body: '{"a": {{id}}, "b": }' }).message).toContain("At character 20: this isn't JSON");
    const json = { "Content-Type": "application/json" };
    for (const [body, character] of [
      ["{", 2],
      ["[1,]", 4],
      ['{"a" 1}', 6],
      ["nope", 1],
      ['{"a": "x\n"}', 7],
      ["[1] 2", 5],
      ['{"a":1,}', 8],
      ["01", 2],
      ["[}", 2],
    ])
      expect(refusal({ ...base, headers: json, body }).message, String(body)).toContain(`At character ${character}:`);
    expect(refusal({ ...base, headers: { "Content-Type": "text/csv" }, body: { a: 1 } })).toMatchObject({ path: "request.body" });
    expect(refusal({ ...base, headers: { "Content-Type": "multipart/form-data" }, body: "x" }).message).toContain("multipart");
    expect(refusal({ ...base, body: { token: `ghp_${"a1".repeat(18)}` } }).message).toContain("make it the credential");
    let deep: unknown = "{{id}}";
    for (let level = 0; level < 70; level++) deep = [deep];
    expect(refusal({ ...base, body: deep }).message).toContain("deeper");
  });

  it.each([
    "{{constructor.constructor('return process')()}}",
    "{{id | upper}}",
    "{{#each id}}",
    "{{=1+1}}",
    "{{ }}",
    "{{__proto__.x}}",
    "{{id}} {{",
  ])("sec/sql/59 refuses what is no slot: %s", (text) => {
    expect(refusal({ ...base, body: { a: text } }).message).toContain("two braces open here");
    expect(refusal({ ...base, headers: { "X-A": text } }).message).toContain("two braces open here");
    expect(refusal({ ...base, body: text }).message).toContain("two braces open here");
    expect(refusal({ ...base, url: `https://api.example.com/?a=${text.replaceAll(" ", "")}` }).message).toContain("two braces open here");
  });

  it("takes a thousand slots and no more, and each parameter is used and stands once", () => {
    const body = (slots: number) => Array.from({ length: slots }, () => "{{id}}");
    expect(defineRequest({ ...base, body: body(999) }, [id], rules).body).toHaveLength(999);
    expect(refusal({ ...base, body: body(1001) }).message).toContain("1000");
    expect(refusal(base, [id, day])).toMatchObject({
      path: "parameters.1.name",
      message: expect.stringContaining("`day` is used nowhere"),
    });
    expect(refusal(base, [id, id])).toMatchObject({ path: "parameters.1.name" });
    for (const name of ["__proto__", "constructor", "toString"])
      expect(refusal({ url: `https://api.example.com/{{${name}}}` }, []).code).toBe("invalid_value");
  });

  it("refuses what an API call hasn't", () => {
    expect(refusal({ ...base, script: "1" })).toMatchObject({ path: "request.script" });
    expect(refusal({ ...base, headers: { a: 1 } })).toMatchObject({ path: "request.headers.a" });
    expect(refusal("GET /")).toMatchObject({ path: "request" });
    expect(refusal({ ...base, credential: { kind: "basic", password: "x" } })).toMatchObject({ path: "request.credential.password" });
    expect(refusal({ ...base, answer: { as: "sentence", text: "{{a + b}}" } })).toMatchObject({ path: "request.answer.text" });
  });

  it("4.6 refuses a credential that could go elsewhere or twice", () => {
    const refused = (credential: unknown, more = {}) => refusal({ ...base, ...more, credential }).path;
    expect(refused({ kind: "key", in: "header", name: "Host" })).toBe("request.credential.name");
    expect(refused({ kind: "key", in: "query", name: "a&b" })).toBe("request.credential.name");
    expect(refused({ kind: "key", in: "path", name: "a" })).toBe("request.credential.in");
    expect(refused({ kind: "key", in: "header", name: "X-Foo" }, { headers: { "x-foo": "1" } })).toBe("request.credential.name");
    expect(refused({ kind: "basic", user: "a:b" })).toBe("request.credential.user");
    for (const tokenUrl of refusedAddresses.filter((address) => !address.includes("\u0430")))
      expect(refused({ kind: "clientCredentials", tokenUrl, clientId: "a" }), tokenUrl).toBe("request.credential.tokenUrl");
  });
});
