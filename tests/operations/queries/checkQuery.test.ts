import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkQuery } from "../../../src/operations/queries/checkQuery.ts";
import type { Dialect } from "../../../src/operations/queries/dialect.ts";
import { safeToRead } from "../../../src/operations/queries/safeToRead.ts";
import type { Parameter, ParameterValues } from "../../../src/protocol/operations.ts";

const session = { me: "account-1", team: ["team-1", "team-2"], tenant: "tenant-1" };
const required = (name: string, type: Parameter["type"] = "text"): Parameter => ({ name, type, required: true });
const optional = (name: string, type: Parameter["type"] = "text"): Parameter => ({ name, type, required: false });
const list = (name: string, type: Parameter["type"] = "integer"): Parameter => ({ name, type, required: true, list: true });

async function bound(
  dialect: Dialect,
  text: string,
  parameters: Parameter[] = [],
  values: ParameterValues = {},
  purpose: "read" | "write" = "read",
) {
  const { text: statement, values: given } = (await checkQuery(dialect, text, parameters, purpose)).bind(values, session);
  return [statement, ...given];
}

async function refusal(
  dialect: Dialect,
  text: string,
  parameters: Parameter[] = [],
  values: ParameterValues = {},
  purpose: "read" | "write" = "read",
) {
  return await bound(dialect, text, parameters, values, purpose).then(
    (found) => `allowed: ${found.join(" ")}`,
    (error: Error) => error.message,
  );
}

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

describe("what is refused is said in words, with the character", () => {
  test.each<[Dialect, string, Parameter[], string]>([
    ["postgresql", "select 1; COMMIT", [], "Only one SELECT is allowed; found COMMIT at character 11."],
    ["mariadb", "select 1; COMMIT", [], "Only one SELECT is allowed; found COMMIT at character 11."],
    ["postgresql", "  -- x\n set transaction read write", [], "Only one SELECT is allowed; found SET at character 9."],
    ["mysql", "handler t open", [], "Only one SELECT is allowed; found HANDLER at character 1."],
    ["postgresql", "", [], "The query is empty."],
    ["mysql", " -- only this\n", [], "The query is empty."],
    [
      "postgresql",
      "select '😀é', pg_sleep(1)",
      [],
      "The function pg_sleep isn't among those that a query may call; found at character 14.",
    ],
    ["mariadb", "select '😀é', `sleep`(1)", [], "The function sleep isn't among those that a query may call; found at character 14."],
    [
      "postgresql",
      "select :a, pg_sleep(1)",
      [required("a")],
      "The function pg_sleep isn't among those that a query may call; found at character 12.",
    ],
    [
      "postgresql",
      "select :long_name_here, :b from t, pg_shadow",
      [required("long_name_here"), required("b")],
      "The system's table pg_shadow can't be read; found at character 36.",
    ],
    [
      "mysql",
      "select :long_name_here\n from mysql.user",
      [required("long_name_here")],
      "The system's table mysql.user can't be read; found at character 30.",
    ],
    [
      "postgresql",
      "select ('x'::text).pg_read_file",
      [],
      "PostgreSQL takes (…).pg_read_file for a call of the function pg_read_file, which isn't allowed; found at character 8.",
    ],
    ["postgresql", "select * frm t x", [], 'PostgreSQL says: syntax error at or near "frm" at character 10.'],
    ["mysql", "select * frm t x", [], "The query isn't understood: expected: end of statement, found: frm at character 10."],
    [
      "postgresql",
      "select * from t for update",
      [],
      "FOR UPDATE or another lock of rows isn't allowed in a query; found it at character 15.",
    ],
    [
      "mysql",
      "select 1 /*!50000 into outfile 'x' */",
      [],
      "A comment that the server runs (/*! … */) isn't allowed; found one at character 10.",
    ],
    ["postgresql", "select :b", [], '":b" is no parameter of this query; found at character 8.'],
    ["postgresql", "select 1", [required("b")], 'The parameter "b" is not used; write :b in the query or delete it.'],
    [
      "postgresql",
      "select :b",
      [optional("b")],
      '":b" may be left out, so it stands in [[…]], has a default or is required; found at character 8.',
    ],
    ["postgresql", "select * from t where a = :ids", [list("ids")], '":ids" is a list and is written as in (:ids); found at character 27.'],
    ["postgresql", "select 1 [[, 2]]", [], "An optional part needs a :name in it; this one ends at character 15."],
    ["postgresql", "select 1 [[, :a", [optional("a")], "The optional part has no ]]; it begins at character 10."],
    [
      "postgresql",
      "select 1 [[, :a [[, :b]] ]]",
      [optional("a"), optional("b")],
      "An optional part can't stand in another at character 17.",
    ],
    [
      "postgresql",
      "select * from t where true [[; delete from t where a = :a]]",
      [optional("a")],
      "Only one SELECT is allowed; found DELETE at character 32.",
    ],
    ["mysql", "select a from t where b = ?", [], "A value is written as :name, not as ?; found ? at character 27."],
    ["postgresql", "select 1\u00a0", [], "This character isn't allowed outside quotes at character 9."],
    ["postgresql", "select 'open", [], "The quote ' has no end at character 8."],
  ])("%s: %s", async (dialect, text, parameters, message) => {
    const values = Object.fromEntries(parameters.map(({ name, list: isList }) => [name, isList === true ? [1] : "x"]));
    expect(await refusal(dialect, text, parameters, values)).toBe(message);
  });
});

describe("what may write", () => {
  test.each<[Dialect, string]>([
    ["postgresql", "insert into t (a) values (1)"],
    ["postgresql", "insert into t (a) select lower(b) from u on conflict do nothing"],
    ["postgresql", "update sales.t as x set a = upper(b), c = default where id in (select id from u)"],
    ["postgresql", "update t set a = u.a from u where u.id = t.id"],
    ["postgresql", "delete from t using u where u.id = t.id"],
    ["postgresql", "with u as (select 1 as id) delete from t where id in (select id from u)"],
    ["mariadb", "insert into t (a) values (1), (2)"],
    ["mariadb", "insert into t (a) select lower(b) from u"],
    ["mysql", "insert into t set a = 1"],
    ["mysql", "update t set a = upper(b) where id in (select id from u)"],
    ["mysql", "update `t` set a = 1 where b like 'where%'"],
    ["mysql", "delete from t where a = 1"],
  ])("%s: %s", async (dialect, text) => {
    expect(await refusal(dialect, text, [], {}, "write")).toBe(`allowed: ${text}`);
  });

  test.each<[Dialect, string, string]>([
    ["postgresql", "update t set a = 1", "UPDATE needs a WHERE"],
    ["postgresql", "delete from t", "DELETE needs a WHERE"],
    ["mysql", "update t set a = 1", "UPDATE needs a WHERE"],
    ["mysql", "delete from t", "DELETE needs a WHERE"],
    ["postgresql", "select 1", "Only one INSERT, UPDATE or DELETE is allowed; found SELECT at character 1"],
    ["mysql", "replace into t values (1)", "found REPLACE at character 1"],
    ["postgresql", "truncate t", "found TRUNCATE at character 1"],
    ["postgresql", "delete from t where a = pg_sleep(1)", "The function pg_sleep"],
    ["mysql", "delete from t where sleep2(1)", "The function sleep2"],
    ["mysql", "update t set a = sleep2(1) where b = 1", "The function sleep2"],
    ["postgresql", "with x as (delete from u returning *) insert into t select * from x", "DELETE isn't allowed"],
    ["postgresql", "insert into t values (1) on conflict (a) do update set a = 1", "ON CONFLICT"],
    ["mysql", "insert into t values (1) on duplicate key update a = 1", "ON DUPLICATE KEY UPDATE"],
    ["postgresql", "delete from t where current of c", "WHERE CURRENT OF"],
    ["postgresql", "update pg_authid set rolsuper = true where true", "The system's table pg_authid"],
    ["mysql", "update mysql.user set a = 1 where true", "The system's table mysql.user"],
    ["mysql", "update t join u set t.a = 1 where true", "Only one table"],
    ["mysql", "delete t from t join u where true", "isn't allowed"],
    ["mysql", "update low_priority t set a = 1 where true", "LOW_PRIORITY"],
    ["mysql", "update t set a = 1 where b = 1 limit 1", "LIMIT isn't allowed"],
    ["postgresql", "delete from t where a = 1; delete from t where a = 2", "found DELETE at character 28"],
    ["postgresql", "delete from t where a = 1 returning *", "RETURNING"],
  ])("%s: %s is refused", async (dialect, text, message) => {
    expect(await refusal(dialect, text, [], {}, "write")).toContain(message);
  });
});

describe("what is hard on a parser", () => {
  const deep = [
    `select ${"(".repeat(400)}1${")".repeat(400)}`,
    `select ${"not ".repeat(3000)}true`,
    `select ${"- ".repeat(3000)}1`,
    `select 1${"+1".repeat(5000)}`,
    `select true${" and true".repeat(2000)}`,
    `select 1${" union select 1".repeat(1000)}`,
    `select ${"case when true then ".repeat(400)}1${" end".repeat(400)}`,
    `select a${".a".repeat(5000)} from t`,
    `select ${"(select ".repeat(300)}1${")".repeat(300)}`,
    `select ${"f(".repeat(1000)}1${")".repeat(1000)}`,
    "select 1".repeat(10_000),
  ];

  test.each(["postgresql", "mysql"] as const)("%s: nothing that is nested deeply breaks it for whoever comes after", async (dialect) => {
    for (const text of deep) {
      const source = { text, indexOf: (index: number) => index };
      await refusal(dialect, text);
      await safeToRead({ dialect, text: "select lower('a')", source });
    }
    expect(await refusal(dialect, `select 1${"+1".repeat(250)}`)).toMatch(/^allowed/);
  });
});
