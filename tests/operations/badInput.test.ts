import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { createSourceDatabase, type SourceDatabase } from "../fixtures/sourceDatabase.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";

/** Each case of 4.5 and 4.6 through the doors, by which its rule is reached: what a person gets, and what never happens. */
let product: TestProduct;
let admin: Agent;
let shop: SourceDatabase;
let page: VisitorClient;
beforeAll(async () => {
  const url = inject("databaseUrl");
  product = await openProduct({ allowHosts: new URL(url).host });
  [admin, shop] = await Promise.all([product.agent("admin@demo.example"), createSourceDatabase(url, "postgresql")]);
  ({ page } = await product.visit());
  const { dialect: kind, host, port, database, user, password } = shop.settings;
  await ask("POST", "/data-sources", { name: "shop", kind, host, port, database, user, password, tls: false });
  await shop.ask(
    "create table person (name text, born date, score numeric); insert into person values ('50%', '2000-01-01', 1.5), ('a_b', '2001-01-01', 2)",
  );
  const parameters = [
    { name: "name", type: "text", required: true },
    { name: "born", type: "date" },
    { name: "least", type: "decimal" },
    { name: "rank", type: "integer" },
    { name: "among", type: "text", list: true },
  ];
  const sql =
    "select name from person where name = :name [[and born = :born]] [[and score >= :least]] [[and 1 = :rank]] [[and name in (:among)]]";
  const made = await ask("POST", "/operations", {
    ...{ name: "find-person", kind: "query", summary: "Finds somebody.", audience: "visitor", parameters },
    query: { dataSource: "shop", sql },
  });
  expect([made.status, made.body.error]).toEqual([201, undefined]);
  await ask("POST", "/operations/find-person/publish");
});
afterAll(async () => {
  await product.stop();
  await shop.drop();
});

async function ask(method: string, path: string, body?: object | string) {
  const response = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${admin.token}`, "idempotency-key": randomUUID() },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: text === "" ? undefined : JSON.parse(text) };
}
const find = (args: object | string) => ask("POST", "/commands/find-person/runs", typeof args === "string" ? `{"args":${args}}` : { args });

/** A sentence with a stable code, a place and the request's id, and nothing of ours. */
function isWhole(error: Record<string, unknown>): void {
  expect(error).toMatchObject({ code: expect.stringMatching(/^[a-z_]+$/), message: expect.any(String), requestId: expect.any(String) });
  expect(String(error["message"])).not.toMatch(/\bat \/|node_modules|select name from|127\.0\.0\.1|\$1/);
}

describe("4.5 a value of a query", () => {
  it.each<[what: string, args: object | string, path: string, message: RegExp]>([
    ["missing", {}, "args.name", /"name" is missing/],
    ["empty", { name: "" }, "args.name", /"name" is missing/],
    ["extra", { name: "a", other: 1 }, "args.other", /no argument "other"/],
    ["of the prototype", '{"name":"a","__proto__":{"x":1}}', "args.__proto__", /__proto__|no argument/],
    ["a list for one", { name: ["a", "b"] }, "args.name", /must be a text/],
    ["an object", { name: { toString: "x" } }, "args.name", /must be a text/],
    ["a number for a text", { name: 12 }, "args.name", /must be a text/],
    ["of 4,001 letters", { name: "x".repeat(4001) }, "args.name", /at most 4000 characters long; it has 4001/],
    ["with U+0000", { name: "a\u0000b" }, "args.name", /U\+0000/],
    ["half a surrogate pair", '{"name":"\\ud800"}', "args.name", /a database can hold|surrogate|well/],
    ["no number", { name: "a", least: "NaN" }, "args.least", /a number like 12\.50/],
    ["without an end", { name: "a", least: "Infinity" }, "args.least", /a number like 12\.50/],
    ["beyond all numbers", '{"name":"a","least":1e400}', "args.least", /a number/],
    ["with an exponent", { name: "a", least: "1e3" }, "args.least", /a number like 12\.50/],
    ["of too many digits", { name: "a", least: "9".repeat(31) }, "args.least", /a number like 12\.50/],
    ["a fraction for a whole number", { name: "a", rank: 1.5 }, "args.rank", /a whole number/],
    ["beyond whole numbers", '{"name":"a","rank":9007199254740993}', "args.rank", /a whole number/],
    ["no day", { name: "a", born: "2026-02-30" }, "args.born", /a date like/],
    ["a word for a day", { name: "a", born: "infinity" }, "args.born", /a date like/],
    ["a list in a list", { name: "a", among: [["a"]] }, "args.among.0", /must be a text/],
    ["a number in a list", { name: "a", among: ["a", 1] }, "args.among.1", /must be a text/],
    ["of 201 in a list", { name: "a", among: Array(201).fill("a") }, "args.among", /200 values are the most; there are 201/],
  ])("that is %s is refused at its place", async (_what, args, path, message) => {
    const { status, body } = await find(args);
    expect([status, body.error?.code, body.error?.path]).toEqual([422, "invalid_value", path]);
    expect(body.error.message).toMatch(message);
    isWhole(body.error);
  });

  it.each([
    "'; drop table person; --",
    '" or 1=1',
    "$1",
    ":name",
    "{{name}}",
    "\\'; select 1",
    "%",
    "_",
    "5_%",
    "a\nb",
    "０",
    "'' or ''=''",
  ])("is a value and nothing else: %j", async (name) => {
    const { status, body } = await find({ name });
    expect([status, body.state, body.data?.rows]).toEqual([200, "succeeded", []]);
    expect(await shop.ask("select name from person order by name")).toHaveLength(2);
  });

  it.each(["50%", "a_b"])("is found as it is written, though it looks like a pattern: %j", async (name) => {
    expect((await find({ name })).body.data.rows).toEqual([[name]]);
    expect((await find({ name, among: [name, "'"] })).body.data.rows).toEqual([[name]]);
    expect((await find({ name, among: [] })).body.data.rows).toEqual([]);
  });

  it.each([
    ["find-person", /"name" is missing.*find-person \{name\}/s],
    ["find-person least:abc name:x", /"least" must be a number like 12\.50/],
    ["find-person x born:2026-02-30", /a date like/],
    ["find-person name:a name:b", /given twice/],
    ["find-person “50%”", /^1 row/],
  ])("in the chat is told in one line, with how it is written: %s", async (line, told) => {
    const { text } = await page.answerTo(await page.say(line));
    expect(text).toMatch(told);
    expect(text.split("\n").length).toBeLessThan(4);
  });
});

describe("4.5 a query", () => {
  const saved = (sql: string, parameters: object[] = [], name = "never") =>
    ask("POST", "/operations", { name, kind: "query", summary: "Never.", parameters, query: { dataSource: "shop", sql } });

  it.each<[sql: string, message: RegExp, character?: number]>([
    ["", /The query is empty/],
    ["  \n\t", /The query is empty/],
    ["-- nothing\n/* at all */", /The query is empty/],
    ["select 1; select 2", /found SELECT at character 11|Only one/, 11],
    ["select 1; COMMIT", /Only one SELECT is allowed; found COMMIT at character 11/, 11],
    ["COMMIT; create table x (a int)", /found COMMIT at character 1/, 1],
    ["set transaction read write; select 1", /found SET at character 1/, 1],
    ["reset all", /found RESET/, 1],
    ["begin; select 1", /found BEGIN/, 1],
    ["do $$ begin end $$", /found DO/, 1],
    ["call p()", /found CALL/, 1],
    ["copy person to stdout", /found COPY/, 1],
    ["listen x", /found LISTEN/, 1],
    ["lock table person in access exclusive mode", /found LOCK/, 1],
    ["explain analyze delete from person", /EXPLAIN|explain/],
    ["with x as (delete from person returning *) select * from x", /DELETE|changes/i],
    ["select * into y from person", /INTO/i],
    ["select * from person for update", /FOR UPDATE|for update|locks/i],
    ["select (select (select pg_sleep(9)))", /pg_sleep isn't among/],
    ['select U&"pg\\005fsleep"(9)', /pg_sleep|isn't/],
    ["select pg_catalog.pg_read_file('/etc/passwd')", /pg_read_file/],
    ["select lo_import('/etc/passwd')", /lo_import/],
    ["select set_config('statement_timeout', '0', false)", /set_config/],
    ["select query_to_xml('delete from person', true, true, '')", /query_to_xml/],
    ["select * from dblink('host=x', 'select 1') as t(a int)", /dblink/],
    ["select name from person where name = :nobody", /":nobody" is no parameter/],
    ["select nam from person where", /syntax error/],
  ])("that may not run is refused when it is saved and when it is tried, with the rule in words: %s", async (sql, message, character) => {
    for (const asked of [await saved(sql), await ask("POST", "/operations/try", { kind: "query", query: { dataSource: "shop", sql } })]) {
      expect([asked.status, asked.body.error?.path]).toEqual([422, "query.sql"]);
      expect(asked.body.error.message).toMatch(message);
      if (character !== undefined) expect(asked.body.error.character).toBe(character);
      expect(asked.body.error).toMatchObject({ requestId: expect.any(String) });
    }
    expect(await shop.ask("select name from person")).toHaveLength(2);
  });

  it("may have a semicolon in a text, and at its end", async () => {
    for (const sql of ["select ';' as a, 'COMMIT; --' as b", "select 1 as one;", "select 1 as one ; -- ;"])
      expect((await ask("POST", "/operations/try", { kind: "query", query: { dataSource: "shop", sql } })).status, sql).toBe(200);
  });

  it("is nobody's to whom it isn't shared, who hear what they would hear of none", async () => {
    const agent = await product.agent();
    await saved("select 1 as one", [], "for-nobody");
    await ask("POST", "/operations/for-nobody/publish");
    const { code, message } = await agent.refused("for-nobody");
    const absent = await agent.refused("for-nobodx");
    expect([code, message.replace("for-nobody", "")]).toEqual([absent.code, absent.message.replace("for-nobodx", "")]);
  });

  it("whose table or right is gone says so, and what a person without the right may see", async () => {
    await shop.ask("create table going (a int)");
    await saved("select a from going", [], "going");
    await ask("POST", "/operations/going/publish");
    await shop.ask("drop table going");
    const { body } = await ask("POST", "/commands/going/runs", { args: {} });
    expect(body.error.message).toMatch(/"going" does not exist/);
    isWhole(body.error);
  });
});

describe("4.6 an API call", () => {
  const id = { name: "id", type: "text", required: true };
  const base = { url: "https://api.example.com/orders/{{id}}" };

  it.each<[what: string, request: object, path: string, message: RegExp]>([
    ["without a scheme", { url: "api.example.com/{{id}}" }, "request.url", /https:\/\//],
    ["a file", { url: "file:///etc/{{id}}" }, "request.url", /https:\/\//],
    ["gopher", { url: "gopher://api.example.com/{{id}}" }, "request.url", /https:\/\//],
    ["a name and password", { url: "https://a:b@api.example.com/{{id}}" }, "request.url", /no name and no password/],
    ["a backslash", { url: "https://api.example.com\\{{id}}" }, "request.url", /backslash/],
    ["a tab", { url: "https://api.example.com/\t{{id}}" }, "request.url", /a tab/],
    ["a line break", { url: "https://api.example.com/\n{{id}}" }, "request.url", /line break|a newline|At character/],
    ["a fragment", { url: "https://api.example.com/{{id}}#x" }, "request.url", /#/],
    ["port 0", { url: "https://api.example.com:0/{{id}}" }, "request.url", /port/],
    ["port 25", { url: "https://api.example.com:25/{{id}}" }, "request.url", /port/],
    ["port 5432", { url: "https://api.example.com:5432/{{id}}" }, "request.url", /port/],
    ["a private number", { url: "https://169.254.169.254/{{id}}" }, "request.url", /may not be asked/],
    ["IPv6 of this machine", { url: "https://[::ffff:127.0.0.1]/{{id}}" }, "request.url", /may not be asked/],
    ["a slot in the host", { url: "https://{{id}}.example.com/" }, "request.url", /no slot may stand in the host/],
    ["a slot in the scheme", { url: "{{id}}://api.example.com/" }, "request.url", /https:\/\//],
    ["a slot in the port", { url: "https://api.example.com:{{id}}/" }, "request.url", /no slot may stand in the host/],
    ["an undefined slot", { url: "https://api.example.com/{{orderId}}" }, "request.url", /\{\{orderId\}\} is no parameter/],
    ["a secret in the address", { url: "https://api.example.com/{{id}}?api_key=abcdefgh" }, "request.url", /secret/],
    ["CR LF in a header", { ...base, headers: { "X-A": "a\r\nHost: b" } }, "request.headers.X-A", /./],
    ["U+0000 in a header", { ...base, headers: { "X-A": "a\u0000b" } }, "request.headers.X-A", /./],
    ["Host", { ...base, headers: { Host: "x" } }, "request.headers.Host", /./],
    ["Content-Length", { ...base, headers: { "Content-Length": "1" } }, "request.headers.Content-Length", /./],
    ["Transfer-Encoding", { ...base, headers: { "Transfer-Encoding": "chunked" } }, "request.headers.Transfer-Encoding", /./],
    ["Cookie", { ...base, headers: { Cookie: "a=b" } }, "request.headers.Cookie", /./],
    ["a hop's own header", { ...base, headers: { Connection: "close" } }, "request.headers.Connection", /./],
    ["a secret as a header", { ...base, headers: { Authorization: "Bearer abc" } }, "request.headers.Authorization", /credential/],
    ["TRACE", { ...base, method: "TRACE" }, "request.method", /one of GET/],
    ["CONNECT", { ...base, method: "CONNECT" }, "request.method", /one of GET/],
    ["GET with a body", { ...base, body: { a: 1 } }, "request.body", /GET has no body/],
    [
      "broken JSON",
      { ...base, method: "POST", headers: { "Content-Type": "application/json" }, body: '{"a": ' },
      "request.body",
      /isn't JSON/,
    ],
    ["what it hasn't", { ...base, redirect: "follow" }, "request.redirect", /no field "redirect"/],
  ])("with %s is refused where it stands, when it is saved and when it is tried", async (_what, request, path, message) => {
    const body = { kind: "request", parameters: [id], request };
    for (const asked of [
      await ask("POST", "/operations", { ...body, name: "never", summary: "Never." }),
      await ask("POST", "/operations/try", { ...body, values: { id: "1" } }),
    ]) {
      expect([asked.status, asked.body.error?.code, asked.body.error?.path]).toEqual([422, "invalid_value", path]);
      expect(asked.body.error.message).toMatch(message);
    }
  });

  it("refuses more than 30 parameters and those that need each other in a circle", async () => {
    const many = Array.from({ length: 1000 }, (_, n) => ({ name: `p${n}`, type: "text", required: true }));
    const asked = await ask("POST", "/operations", { name: "never", kind: "request", summary: "Never.", parameters: many, request: base });
    expect([asked.status, asked.body.error.path, asked.body.error.message]).toEqual([
      ...[422, "parameters", "30 parameters are the most; there are 1000."],
    ]);
    const looping = { ...id, default: "{{id}}" };
    const made = await ask("POST", "/operations", {
      name: "looks-at-itself",
      kind: "request",
      summary: "x",
      parameters: [looping],
      request: base,
    });
    // A value is never looked through for slots, so nothing goes around.
    expect([made.status, made.body.error]).toEqual([201, undefined]);
    expect(
      (await ask("POST", "/operations/try", { kind: "request", parameters: [looping], request: { ...base, method: "POST" }, values: {} }))
        .text,
    ).toContain("orders/%7B%7Bid%7D%7D");
  });
});
