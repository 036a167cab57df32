import { describe, expect, it } from "vitest";
import type { SqlList } from "../../../src/platform/lists/listSql.ts";
import { listSql } from "../../../src/platform/lists/listSql.ts";

const list: SqlList = {
  order: "-at",
  unique: "id",
  fields: {
    id: { type: "id", sql: "id" },
    name: { type: "text", sql: "name", optional: true },
    qty: { type: "integer", sql: "qty" },
    price: { type: "decimal", sql: "price" },
    state: { type: "choice", sql: "state", choices: ["open", "done"] },
    day: { type: "date", sql: "day" },
    at: { type: "instant", sql: "at" },
  },
};
const ask = (request: object) => listSql(list, { limit: 10, ...request }, 2);

describe("sec/sql/51 a list's filter, order and cursor", () => {
  it.each([
    ["no JSON", "{", "filter"],
    ["a text", '"x"', "filter"],
    ["a list", "[]", "filter"],
    ["null", "null", "filter"],
    ["an unknown field", '{"secret": {"eq": 1}}', "filter.secret"],
    ["__proto__", '{"__proto__": {"eq": 1}}', "filter.__proto__"],
    ["constructor", '{"constructor": {"eq": 1}}', "filter.constructor"],
    ["a value without an operator", '{"state": "open"}', "filter.state"],
    ["an unknown operator", '{"state": {"like": "x"}}', "filter.state.like"],
    ["an operator of another type", '{"qty": {"contains": "1"}}', "filter.qty.contains"],
    ["a text for a number", '{"qty": {"gte": "5"}}', "filter.qty.gte"],
    ["a broken number", '{"qty": {"eq": 1.5}}', "filter.qty.eq"],
    ["a number beyond 2^53", '{"qty": {"eq": 9007199254740993}}', "filter.qty.eq"],
    ["no decimal", '{"price": {"lt": "1e400"}}', "filter.price.lt"],
    ["no choice", '{"state": {"eq": "gone"}}', "filter.state.eq"],
    ["null for a value", '{"name": {"eq": null}}', "filter.name.eq"],
    ["a date that isn't", '{"day": {"eq": "2026-02-30"}}', "filter.day.eq"],
    ["the year 0", '{"day": {"eq": "0000-01-01"}}', "filter.day.eq"],
    ["an instant without a zone", '{"at": {"lt": "2026-01-01T00:00:00"}}', "filter.at.lt"],
    ["an instant before the year 1", '{"at": {"lt": "0001-01-01T00:00:00+10:00"}}', "filter.at.lt"],
    ["empty that is no truth value", '{"name": {"empty": "yes"}}', "filter.name.empty"],
    ["a value for in", '{"qty": {"in": 1}}', "filter.qty.in"],
    ["a wrong one among in", '{"qty": {"in": [1, "2"]}}', "filter.qty.in.1"],
    ["too many for in", JSON.stringify({ qty: { in: Array.from({ length: 201 }, () => 1) } }), "filter.qty.in"],
    ["U+0000", '{"name": {"eq": "a\\u0000"}}', "filter.name.eq"],
    ["or that is no list", '{"or": {"qty": {"eq": 1}}}', "filter.or"],
    ["something wrong within", '{"or": [{}, {"not": {"qty": {"eq": "x"}}}]}', "filter.or.1.not.qty.eq"],
    ["nine levels", `${'{"not":'.repeat(9)}{}${"}".repeat(9)}`, "filter"],
    ["51 conditions", JSON.stringify({ or: Array.from({ length: 51 }, () => ({ qty: { eq: 1 } })) }), "filter"],
  ])("refuses %s by its path", (_what, filter, path) => {
    expect(() => ask({ filter })).toThrow(
      expect.objectContaining({ code: "invalid_value", path, message: expect.stringMatching(/^.{10,}\.$/) }),
    );
  });

  it.each(["", "nothing", "name,name", "name,,qty", "-", "--name", "name desc", "id,name,qty,price,state,day", "toString"])(
    "refuses the order %j",
    (sort) => {
      expect(() => ask({ sort })).toThrow(expect.objectContaining({ code: "invalid_value", path: "sort" }));
    },
  );

  const cursorOf = (...values: unknown[]) => Buffer.from(JSON.stringify(values)).toString("base64url");
  const id = "0190a000-0000-7000-8000-000000000000";
  it.each([
    ["nonsense", "%%%"],
    ["of another order", cursorOf("qty,id", "1", id)],
    ["that lacks a value", cursorOf("-at,-id", "1")],
    ["with one too many", cursorOf("-at,-id", "1", id, "x")],
    ["with SQL in it", cursorOf("-at,-id", "1) or (1=1", id)],
    ["with null for what is never empty", cursorOf("-at,-id", null, id)],
    ["with a number", cursorOf("-at,-id", 1, id)],
    ["with a time out of all bounds", cursorOf("-at,-id", "9".repeat(18), id)],
  ])("refuses a cursor %s", (_what, cursor) => {
    expect(() => ask({ cursor })).toThrow(expect.objectContaining({ code: "invalid_value", path: "cursor" }));
  });

  it("binds every value, and says of the request nothing but what it bound", () => {
    const evil = "x'; drop table run; --";
    const { where, values, orderBy } = ask({
      filter: JSON.stringify({ name: { eq: evil, contains: "50%_" }, state: { in: ["open"] } }),
      sort: "-name",
    });
    expect(where).toBe("((name = $2::text and name ilike $3 and state = any($4::text[])))");
    expect(values).toEqual([evil, "%50\\%\\_%", ["open"], 11]);
    expect(orderBy).toBe("name desc nulls last, id desc");
  });

  it("asks for what is behind a place in one comparison, as the index is sorted", () => {
    expect(ask({ cursor: cursorOf("-at,-id", "1700000000000000", id) }).where).toBe(
      "((at, id) < ((timestamptz 'epoch' + $2::bigint * interval '1 microsecond'), $3::uuid))",
    );
  });

  it("names the fields that there are", () => {
    const message = 'There is no field "satte" in this list; there are id, name, qty, price, state, day, at.';
    expect(() => ask({ filter: '{"satte": {"eq": "open"}}' })).toThrow(message);
  });
});
