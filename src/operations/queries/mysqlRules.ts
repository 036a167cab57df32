import { init, parse as parseSql } from "@guanmingchiu/sqlparser-ts";
import { mysqlCatalogues, mysqlFunctions } from "./mysqlFunctions.ts";
import { partWords, refusedWords, treeNames, writeNames } from "./mysqlGrammar.ts";
import { QueryFault } from "./queryFault.ts";
import { cutTokens, type Token } from "./tokens.ts";

type Tree = { readonly [key: string]: unknown };

/** Where the last part with a place stood; made an index only for a fault, since that reads the text. */
class Walk {
  readonly #text: string;
  #line = 1;
  #column = 1;

  constructor(text: string) {
    this.#text = text;
  }

  get at(): number {
    return indexOf(this.#text, this.#line, this.#column);
  }

  moveTo(line: number, column: number): void {
    this.#line = line;
    this.#column = column;
  }
}

/** The parser's stack is torn by 2,000 operators in a row, and it is never well again; 600 it takes. */
const operatorsAtMost = 300;

/**
 * A parser decides what a statement of MySQL or MariaDB is; every part of its tree must be on the lists. It sees the text with strings blanked, so that
 * it can't see another end of a string than the server does. Throws a `QueryFault`.
 */
export async function checkMysql(text: string, purpose: "read" | "write"): Promise<void> {
  const tokens = cutTokens("mysql", text, "bound").filter(({ kind }) => kind !== "space" && kind !== "comment");
  checkStart(tokens, purpose);
  checkWords(tokens, purpose);
  await init();
  const [statement] = parse(blanked(text));
  const [[kind, root] = ["", {}]] = Object.entries(statement ?? {});
  const walk = new Walk(text);
  if (purpose === "read" && kind === "Query") visit(root, walk, treeNames);
  else if (purpose === "write" && kind !== "Query") visitWrite(kind, tree(root), walk);
  else throw new QueryFault(`${partWords[kind] ?? kind} isn't allowed here; it begins`, walk.at);
}

function checkStart(tokens: readonly Token[], purpose: "read" | "write"): void {
  const begins = purpose === "read" ? /^(select|with|values|\()$/i : /^(insert|update|delete)$/i;
  const wanted = purpose === "read" ? "Only one SELECT is allowed" : "Only one INSERT, UPDATE or DELETE is allowed";
  const first = tokens[0];
  if (first === undefined) throw new QueryFault("The query is empty");
  if (!begins.test(first.text)) throw new QueryFault(`${wanted}; found ${first.text.toUpperCase()}`, first.from);
  const end = tokens.findIndex(({ kind, text }) => kind === "symbol" && text === ";");
  const second = end < 0 ? undefined : tokens.slice(end).find(({ text }) => text !== ";");
  if (second !== undefined) throw new QueryFault(`${wanted}; found ${second.text.toUpperCase()}`, second.from);
}

function checkWords(tokens: readonly Token[], purpose: "read" | "write"): void {
  let operators = 0;
  for (const [index, { kind, text, from }] of tokens.entries()) {
    const word = kind === "word" ? text.toLowerCase() : "";
    // The parser takes them for the table's name, and the table for its alias.
    const isModifier = purpose === "write" && /^(low_priority|quick|delayed|ignore)$/.test(word);
    if (isModifier || refusedWords.has(word)) throw new QueryFault(`${word.toUpperCase()} isn't allowed in a query; found it`, from);
    const phrase = tokens.slice(index, index + 3).map((token) => token.text.toLowerCase());
    if (/^(next|previous) value for$/.test(phrase.join(" "))) throw new QueryFault("A sequence can't be moved; found it", from);
    if (phrase[0] === "lock" && phrase[1] === "in") throw new QueryFault("LOCK IN SHARE MODE isn't allowed in a query; found it", from);
    if (kind === "symbol" ? /^[-+*/%^|&<>=!~]$/.test(text) : isOperator.test(word)) operators += 1;
    if (operators > operatorsAtMost) throw new QueryFault(`A query may have ${operatorsAtMost} operators; found more`, from);
  }
}

const isOperator = /^(and|or|xor|not|like|rlike|regexp|is|in|between|div|mod|union|except|intersect|collate|join)$/;

/** The text as the parser sees it: strings of as many x, and WITH ROLLUP, which it doesn't know, as spaces. */
function blanked(text: string): string {
  return cutTokens("mysql", text, "bound")
    .map(({ kind, text: piece }) =>
      kind === "string" ? `'${piece.slice(1, -1).replace(/[^\r\n]/gu, (one) => "x".repeat([...one].length))}'` : piece,
    )
    .join("")
    .replace(/\bwith(\s+)rollup\b/gi, (found) => " ".repeat(found.length));
}

function parse(text: string): Tree[] {
  try {
    return parseSql(text, "mysql").map(tree);
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const [, reason = "", line, column] = /^sql parser error: (.*?)(?: at Line: (\d+), Column: (\d+))?$/s.exec(message) ?? [];
    if (reason === "" || reason === "recursion limit exceeded") throw new QueryFault("The query is nested too deeply, or not understood");
    throw new QueryFault(
      `The query isn't understood: ${reason[0]?.toLowerCase()}${reason.slice(1)}`,
      line === undefined ? text.length : indexOf(text, Number(line), Number(column)),
    );
  }
}

function visit(node: unknown, walk: Walk, known: ReadonlySet<string>): void {
  if (Array.isArray(node)) {
    for (const each of node) visit(each, walk, known);
    return;
  }
  if (node === null || typeof node !== "object") return;
  for (const [name, value] of Object.entries(node)) {
    if (name === "span") continue;
    if (isEmpty(value)) continue;
    place(value, walk);
    if (!known.has(name)) throw new QueryFault(`${partWords[name] ?? name} isn't allowed in a query; found it near`, walk.at);
    if (name === "Function") checkFunction(tree(value), walk);
    if (name === "Table") checkTable(tree(value), walk);
    visit(value, walk, treeNames);
  }
}

/** One INSERT, UPDATE … WHERE or DELETE … WHERE of one table; what stands inside it only reads. */
function visitWrite(kind: string, statement: Tree, walk: Walk): void {
  const isOne = kind === "Insert" || kind === "Update" || kind === "Delete";
  if (!isOne) throw new QueryFault(`${partWords[kind] ?? kind} isn't allowed here; it begins`, walk.at);
  if (kind !== "Insert" && isEmpty(statement["selection"])) {
    throw new QueryFault(`${partWords[kind]} needs a WHERE, so that it doesn't change every row; it begins`, walk.at);
  }
  for (const [name, value] of Object.entries(statement)) {
    if (isEmpty(value)) continue;
    if (!writeNames.has(name)) throw new QueryFault(`${partWords[name] ?? name} isn't allowed here; it stands in what begins`, walk.at);
    if (name === "source" || name === "selection") visit(value, walk, treeNames);
    else if (name === "assignments") for (const each of list(value)) visit(tree(each)["value"], walk, treeNames);
    else if (name === "table" || name === "from") checkTarget(value, walk);
  }
}

function checkTarget(node: unknown, walk: Walk): void {
  const target = tree(node);
  const tables = "WithFromKeyword" in target ? list(target["WithFromKeyword"]).map(tree) : [target];
  const [only, ...others] = tables;
  const table = tree(tree(only?.["relation"])["Table"]);
  if (others.length > 0 || !isEmpty(only?.["joins"])) throw new QueryFault("Only one table can be written to; more stand behind", walk.at);
  if (!("TableName" in target) && isEmpty(table["name"]))
    throw new QueryFault("Only a table can be written to; something else stands in what begins", walk.at);
  checkTable("TableName" in target ? { name: target["TableName"] } : table, walk);
}

function checkFunction(node: Tree, walk: Walk): void {
  const path = names(node["name"]);
  place(node["name"], walk);
  const [name = "", ...more] = path;
  if (more.length === 0 && mysqlFunctions.has(name.toLowerCase())) return;
  throw new QueryFault(`The function ${path.join(".")} isn't among those that a query may call; found`, walk.at);
}

function checkTable(node: Tree, walk: Walk): void {
  const path = names(node["name"]);
  place(node["name"], walk);
  if (!isEmpty(node["args"])) throw new QueryFault(`The function ${path.join(".")} can't stand in FROM; found`, walk.at);
  const [name = "", schema, ...more] = path.toReversed().map((each) => each.toLowerCase());
  if (more.length > 0) throw new QueryFault("Another database's catalogue can't be named; found one", walk.at);
  if (schema !== undefined && /^(mysql|performance_schema|sys)$/.test(schema))
    throw new QueryFault(`The system's table ${schema}.${name} can't be read; found`, walk.at);
  if (schema === "information_schema" && !mysqlCatalogues.has(name))
    throw new QueryFault(`The system's table ${schema}.${name} can't be read; found`, walk.at);
}

/** Moves to where a node says that it stands. */
function place(node: unknown, walk: Walk): void {
  const start = tree(tree(firstSpan(node))["start"]);
  if (typeof start["line"] === "number" && start["line"] > 0) walk.moveTo(start["line"], Number(start["column"]));
}

function firstSpan(node: unknown): unknown {
  if (Array.isArray(node)) return firstSpan(node[0]);
  const { span, Identifier } = tree(node);
  return span ?? (Identifier === undefined ? undefined : tree(Identifier)["span"]);
}

/** Lines and columns from 1, in characters. */
function indexOf(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return before + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === false || value === "None" || (Array.isArray(value) && value.every(isEmpty));
}

function names(path: unknown): string[] {
  return list(path).map((part) => String(tree(tree(part)["Identifier"])["value"] ?? "?"));
}

function tree(value: unknown): Tree {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? { ...value } : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
