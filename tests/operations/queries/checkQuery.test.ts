import { describe, expect, test } from "vitest";
import type { Dialect } from "../../../src/operations/queries/dialect.ts";
import { safeToRead } from "../../../src/operations/queries/safeToRead.ts";
import type { Parameter } from "../../../src/protocol/operations.ts";
import { list, optional, refusal, required } from "./checking.ts";

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
