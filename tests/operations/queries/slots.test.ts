import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkQuery } from "../../../src/operations/queries/checkQuery.ts";
import { bound, list, optional, refusal, required, session } from "./checking.ts";

describe("slots", () => {
  test("a value is bound by its type, in the dialect's own way", async () => {
    const text = "select * from t where a = :a and b > :b and c = :c and d >= :d and e < :e and f = :f";
    const parameters = [
      required("a"),
      required("b", "decimal"),
      required("c", "integer"),
      required("d", "date"),
      required("e", "instant"),
      required("f", "boolean"),
    ];
    const values = { a: "x'; drop table t --", b: "1.10", c: 5, d: "2026-11-21", e: "2026-11-21T10:00:00.5Z", f: true };
    expect(await bound("postgresql", text, parameters, values)).toEqual([
      "select * from t where a = $1 and b > $2::numeric and c = $3::integer and d >= $4::date and e < $5::timestamptz and f = $6::boolean",
      "x'; drop table t --",
      "1.10",
      "5",
      "2026-11-21",
      "2026-11-21T10:00:00.5Z",
      "true",
    ]);
    expect(await bound("mariadb", text, parameters, values)).toEqual([
      "select * from t where a = ? and b > cast(? as decimal(65,30)) and c = ? and d >= cast(? as date) and e < cast(? as datetime(6)) and f = ?",
      "x'; drop table t --",
      "1.10",
      5,
      "2026-11-21",
      "2026-11-21 10:00:00.500",
      1,
    ]);
  });

  test("the same name twice is one value to PostgreSQL, so that it may stand in GROUP BY too", async () => {
    const parameters = [required("unit")];
    expect(
      await bound("postgresql", "select date_trunc(:unit, a) from t group by date_trunc(:unit, a)", parameters, { unit: "day" }),
    ).toEqual(["select date_trunc($1, a) from t group by date_trunc($1, a)", "day"]);
  });

  test("an integer past 32 bits is a bigint", async () => {
    expect(await bound("postgresql", "select :n", [required("n", "integer")], { n: 4_294_967_296 })).toEqual([
      "select $1::bigint",
      "4294967296",
    ]);
  });

  test.each([
    ["postgresql", "select ':no', E'\\':no', $$:no$$, $q$:no$q$, \":no\", a::text, b[1:2], b[1:no] from t -- :no"],
    ["postgresql", "select 1 /* :no /* :no */ :no */, U&':no', 'it''s :no'"],
    ["mariadb", "select ':no', \":no\", `:no`, 'it\\'s :no', 'it''s :no' # :no"],
    ["mysql", "select 1 /* :no */, 'a' -- :no"],
  ] as const)("%s: nothing is a slot in strings, quoted names, comments, casts or slices: %s", async (dialect, text) => {
    const [, ...values] = await bound(dialect, text);
    expect(values).toEqual([]);
  });

  test("a slot stands beside a cast, in an index and in a slice's start", async () => {
    expect(
      await bound("postgresql", "select :a::text, b[:i], b[:i:2] from t", [required("a"), required("i", "integer")], { a: "x", i: 1 }),
    ).toEqual(["select $1::text, b[$2::integer], b[$2::integer:2] from t", "x", "1"]);
  });

  test("a list takes as many placeholders as it has values", async () => {
    const text = "select * from t where a in (:ids) and b not in ( :ids )";
    expect(await bound("postgresql", text, [list("ids")], { ids: [1, 2] })).toEqual([
      "select * from t where a in ($1::integer, $2::integer) and b not in ($1::integer, $2::integer)",
      "1",
      "2",
    ]);
    expect(await bound("mysql", text, [list("ids")], { ids: [1, 2] })).toEqual([
      "select * from t where a in (?, ?) and b not in (?, ?)",
      1,
      2,
      1,
      2,
    ]);
  });

  test("an optional part goes where a value in it was left out, and stays for an empty list", async () => {
    const text = "select * from t where true [[and region = :region]] [[and id in (:ids)]]";
    const parameters = [optional("region"), { ...list("ids"), required: false }];
    expect(await bound("postgresql", text, parameters, {})).toEqual(["select * from t where true  "]);
    expect(await bound("postgresql", text, parameters, { region: "north" })).toEqual([
      "select * from t where true and region = $1 ",
      "north",
    ]);
    expect(await bound("postgresql", text, parameters, { ids: [] })).toEqual(["select * from t where true  and id = any ('{}')"]);
  });

  test("an array in an array is no optional part", async () => {
    expect(await bound("postgresql", "select array[[1, 2], [3, 4]], a[b[1]] from t")).toEqual([
      "select array[[1, 2], [3, 4]], a[b[1]] from t",
    ]);
  });

  test("what is missing has its default, and a name of every object has no value", async () => {
    expect(await bound("postgresql", "select :a", [{ ...optional("a"), default: "x" }], {})).toEqual(["select $1", "x"]);
    expect(await refusal("postgresql", "select :a", [required("a")], {})).toBe('"a" has no value.');
    expect(await refusal("postgresql", "select :constructor", [required("constructor")], {})).toBe('"constructor" has no value.');
  });

  test("who asks comes from the session, whatever the caller says, and its condition never goes", async () => {
    const text = "select * from t where owner = :me and team in (:team) and tenant = :tenant";
    expect(await bound("postgresql", text, [], { me: "somebody-else", team: ["x"], tenant: "y" })).toEqual([
      "select * from t where owner = $1 and team in ($2, $3) and tenant = $4",
      "account-1",
      "team-1",
      "team-2",
      "tenant-1",
    ]);
    const query = await checkQuery("postgresql", "select * from t where true [[and owner = :me and a = :a]]", [optional("a")], "read");
    const nobody = { ...session, me: undefined };
    expect(() => query.bind({ a: "x" }, nobody)).toThrow("signed in as nobody");
    expect(await refusal("postgresql", "select :me", [required("me")], {})).toContain("who asks");
    const withoutTeams = (await checkQuery("postgresql", "select 1 from t where team in (:team)", [], "read")).bind(
      {},
      { ...session, team: [] },
    );
    expect(withoutTeams.text).toBe("select 1 from t where team = any ('{}')");
  });

  test("whatever is given as a value, the statement's text stays the same", async () => {
    const query = await checkQuery("postgresql", "select * from t where a = :a", [required("a")], "read");
    const { text } = query.bind({ a: "x" }, session);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (a) => {
        expect(query.bind({ a }, session)).toMatchObject({ text, values: [a] });
      }),
    );
  });
});
