import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeRequest } from "../../../src/operations/requests/credential.ts";
import { defineRequest } from "../../../src/operations/requests/defineRequest.ts";
import { fillRequest } from "../../../src/operations/requests/fillRequest.ts";
import type { Parameter, ParameterValues } from "../../../src/protocol/operations.ts";

const rules = { stage: "production", allowHosts: new Set<string>() } as const;
const text = (name: string, more: Partial<Parameter> = {}): Parameter => ({ name, type: "text", required: true, ...more });

function fill(written: unknown, parameters: readonly Parameter[], values: ParameterValues) {
  return fillRequest(defineRequest(written, parameters, rules), parameters, values, rules);
}

describe("4.6 a value stays where it stands", () => {
  const orders = { url: "https://api.example.com/v1/orders/{{id}}/lines?q={{q}}" };
  const parameters = [text("id"), text("q", { required: false })];

  it.each([
    ["a/b", "a%2Fb"],
    ["../../admin", "..%2F..%2Fadmin"],
    ["%2e%2e", "%252e%252e"],
    ["..%2f", "..%252f"],
    ["..;", "..%3B"],
    ["a?b=c", "a%3Fb%3Dc"],
    ["a#b", "a%23b"],
    ["a\\b", "a%5Cb"],
    ["a b\r\nHost: c", "a%20b%0D%0AHost%3A%20c"],
    ["@evil.example.com", "%40evil.example.com"],
    ["café", "caf%C3%A9"],
    ["\ud800", "%EF%BF%BD"],
    ["{{q}}", "%7B%7Bq%7D%7D"],
  ])("in a path: %j", (id, encoded) => {
    expect(fill(orders, parameters, { id }).url).toBe(`https://api.example.com/v1/orders/${encoded}/lines`);
    expect(fill(orders, parameters, { id: "1", q: id }).url).toBe(`https://api.example.com/v1/orders/1/lines?q=${encoded}`);
  });

  it.each(["..", ".", ""])("refuses %j as a whole segment, which would lead elsewhere however it is written", (id) => {
    expect(() => fill(orders, parameters, { id })).toThrow(expect.objectContaining({ code: "invalid_value", path: "args.id" }));
  });

  it("whatever it is, scheme, host, path and query have the form that was defined", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (id, q) => {
        fc.pre(id !== "" && id !== "." && id !== "..");
        const url = new URL(fill(orders, parameters, { id, q }).url);
        expect(url.origin).toBe("https://api.example.com");
        expect(url.pathname.split("/")).toHaveLength(5);
        expect([...url.searchParams.keys()]).toEqual(["q"]);
        expect(url.searchParams.get("q")).toBe(q.toWellFormed());
        expect(decodeURIComponent(url.pathname.split("/")[3] ?? "")).toBe(id.toWellFormed());
        expect(url.hash).toBe("");
      }),
    );
  });

  it("in JSON, by its type, never spliced", () => {
    const body = {
      name: "{{name}}",
      qty: "{{qty}}",
      price: "{{price}}",
      rush: "{{rush}}",
      tags: "{{tags}}",
      note: "For {{name}}",
      gone: "{{gone}}",
      list: ["{{gone}}", 1],
    };
    const of: Parameter[] = [
      text("name"),
      text("qty", { type: "integer" }),
      text("price", { type: "decimal" }),
      text("rush", { type: "boolean" }),
      text("tags", { list: true }),
      text("gone", { required: false }),
    ];
    const name = 'x", "admin": true, "y": "\n{{qty}}';
    const filled = fill({ method: "POST", url: "https://api.example.com/", body }, of, {
      name,
      qty: 3,
      price: "012.50",
      rush: false,
      tags: ["a", '"b'],
    });
    expect(filled.body).toBe(
      `{"name":${JSON.stringify(name)},"qty":3,"price":12.50,"rush":false,"tags":["a","\\"b"],"note":${JSON.stringify(`For ${name}`)},"list":[1]}`,
    );
    expect(filled.headers["Content-Type"]).toBe("application/json");
    expect(() =>
      fill({ method: "POST", url: "https://api.example.com/", body: ["{{price}}"] }, [text("price", { type: "decimal" })], {
        price: "1e5",
      }),
    ).toThrow("no number");
  });

  it("in JSON that is written as a text, with slots bare or in quotation marks", () => {
    const written = {
      method: "POST",
      url: "https://api.example.com/",
      body: '{"a": {{qty}}, "b": "{{qty}}", "c": "no {{qty}}", "__proto__": {"x": 1}}',
    };
    expect(fill(written, [text("qty", { type: "integer" })], { qty: 5 }).body).toBe('{"a":5,"b":5,"c":"no 5","__proto__":{"x":1}}');
  });

  it("whatever it is, JSON has the members that were defined", () => {
    const written = { method: "POST", url: "https://api.example.com/", body: { a: "{{v}}", b: ["x{{v}}y"] } };
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (v) => {
        expect(JSON.parse(fill(written, [text("v")], { v }).body ?? "")).toEqual({ a: v.toWellFormed(), b: [`x${v.toWellFormed()}y`] });
      }),
    );
  });

  it("in a form, a text and a header", () => {
    const form = {
      method: "POST",
      url: "https://api.example.com/",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: "a={{v}}&b=x+y&t={{tags}}&o={{o}}",
    };
    const of = [text("v"), text("tags", { list: true }), text("o", { required: false })];
    expect(fill(form, of, { v: "1&admin=1", tags: ["p", "q"] }).body).toBe("a=1%26admin%3D1&b=x+y&t=p&t=q");
    expect(fill({ ...form, body: { a: "{{v}}", n: 5, t: "{{tags}}", o: "{{o}}" } }, of, { v: "ü", tags: ["p"] }).body).toBe(
      "a=%C3%BC&n=5&t=p",
    );
    const plain = { method: "POST", url: "https://api.example.com/", headers: { "X-Day": "{{o}}" }, body: "Hello {{v}}!" };
    const filled = fill(plain, [text("v"), text("o", { required: false })], { v: "{{o}}" });
    expect(filled).toMatchObject({ body: "Hello {{o}}!", headers: { "Content-Type": "text/plain; charset=utf-8" } });
    expect(filled.headers).not.toHaveProperty("X-Day");
    for (const o of ["a\r\nX-Evil: 1", "a\0", "é"])
      expect(() => fill(plain, [text("v"), text("o", { required: false })], { v: "1", o })).toThrow(
        expect.objectContaining({ path: "args.o" }),
      );
  });

  it("repeats a pair of the query for each of several values", () => {
    const of = [text("ids", { type: "integer", list: true })];
    expect(fill({ url: "https://api.example.com/?id={{ids}}&x=1" }, of, { ids: [1, 2] }).url).toBe(
      "https://api.example.com/?id=1&id=2&x=1",
    );
  });
});

it("4.6 says which value is missing, takes its default, and refuses one that nobody declared", () => {
  const written = { url: "https://api.example.com/{{orderId}}" };
  expect(() => fill(written, [text("orderId")], {})).toThrow(
    expect.objectContaining({ message: "`orderId` has no value.", path: "args.orderId" }),
  );
  expect(fill(written, [text("orderId", { default: "7" })], {}).url).toBe("https://api.example.com/7");
  expect(() => fill(written, [text("orderId")], { orderId: "1", other: "2" })).toThrow(expect.objectContaining({ path: "args.other" }));
});

it("a plan shows the call with dots in place of what is secret", () => {
  const written = { method: "PUT", url: "https://api.example.com/{{id}}?a=1", body: { a: 1 }, repeatHeader: "Idempotency-Key" };
  const shown = (credential: unknown) => describeRequest(fill({ ...written, credential }, [text("id")], { id: "7" }));
  expect(shown({ kind: "bearer" })).toEqual({
    method: "PUT",
    url: "https://api.example.com/7?a=1",
    headers: { Authorization: "Bearer ••••", "Content-Type": "application/json", "Idempotency-Key": "of this run" },
    body: '{"a":1}',
  });
  expect(shown({ kind: "key", in: "query", name: "key" }).url).toBe("https://api.example.com/7?a=1&key=••••");
  expect(shown({ kind: "key", in: "header", name: "X-Api-Key" }).headers["X-Api-Key"]).toBe("••••");
});
