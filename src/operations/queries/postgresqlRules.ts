import { hasSqlDetails, loadModule, parseSync } from "libpg-query";
import { postgresqlCatalogues, postgresqlFunctions } from "./postgresqlFunctions.ts";
import { clauseNames, nodeNames, operators, statementWords, writeClauses } from "./postgresqlGrammar.ts";
import { indexOfCharacter, QueryFault } from "./queryFault.ts";

type Tree = { readonly [key: string]: unknown };

interface Walk {
  text: string;
  /** Bytes of UTF-8 up to where the last node with a place stood. */
  location: number;
  /** Names under which a function's rows go, and the columns that they are known to have. */
  functionRows: Map<string, Set<string>>;
}

/**
 * PostgreSQL's own grammar decides what a statement is; here every node that it finds must be on the lists. Throws a `QueryFault`.
 */
export async function checkPostgresql(text: string, purpose: "read" | "write"): Promise<void> {
  await loadModule();
  const statements = parse(text);
  const [first, second] = statements;
  const wanted = purpose === "read" ? "Only one SELECT is allowed" : "Only one INSERT, UPDATE or DELETE is allowed";
  if (first === undefined) throw new QueryFault("The query is empty");
  const kind = Object.keys(tree(first["stmt"]))[0] ?? "";
  const mayBe = purpose === "read" ? ["SelectStmt"] : ["InsertStmt", "UpdateStmt", "DeleteStmt"];
  const start = (statement: Tree) => startOf(text, Number(statement["stmt_location"] ?? 0));
  if (!mayBe.includes(kind)) throw new QueryFault(`${wanted}; found ${wordAt(text, start(first))}`, start(first));
  if (second !== undefined) throw new QueryFault(`${wanted}; found ${wordAt(text, start(second))}`, start(second));
  const root = tree(tree(first["stmt"])[kind]);
  const walk: Walk = { text, location: Number(first["stmt_location"] ?? 0), functionRows: new Map() };
  collectFunctionRows(root, walk);
  if (purpose === "read") visit({ [kind]: root }, walk);
  else visitWrite(kind, root, walk);
}

function parse(text: string): Tree[] {
  try {
    return list(tree(parseSync(text))["stmts"]).map(tree);
  } catch (error) {
    if (!hasSqlDetails(error)) throw new QueryFault("The query is nested too deeply");
    const at = Math.max(0, error.sqlDetails?.cursorPosition ?? 0);
    throw new QueryFault(`PostgreSQL says: ${error.message}`, indexOfCharacter(text, at));
  }
}

function visit(node: unknown, walk: Walk): void {
  if (Array.isArray(node)) {
    for (const each of node) visit(each, walk);
    return;
  }
  if (node === null || typeof node !== "object") return;
  const fields = tree(node);
  if (typeof fields["location"] === "number") walk.location = fields["location"];
  for (const [name, value] of Object.entries(fields)) {
    const isNode = /^[A-Z]/.test(name);
    if (!(isNode ? nodeNames : clauseNames).has(name))
      throw new QueryFault(`${inWords(name)} isn't allowed in a query; found it`, here(walk));
    if (isNode) checkNode(name, tree(value), walk);
    visit(value, walk);
  }
}

/** One INSERT, UPDATE … WHERE or DELETE … WHERE; what stands inside it only reads. */
function visitWrite(kind: string, statement: Tree, walk: Walk): void {
  if (kind !== "InsertStmt" && statement["whereClause"] === undefined) {
    throw new QueryFault(`${inWords(kind)} needs a WHERE, so that it doesn't change every row; it begins`, here(walk));
  }
  for (const [name, value] of Object.entries(statement)) {
    if (name === "onConflictClause" && tree(value)["action"] === "ONCONFLICT_NOTHING") continue;
    if (!writeClauses.has(name)) throw new QueryFault(`${inWords(name)} isn't allowed here; found it`, here(walk));
    if (name === "relation") checkTable(tree(value), walk);
    visit(value, walk);
  }
}

/** The names that a function's rows go by, from anywhere in the statement. */
function collectFunctionRows(node: unknown, walk: Walk): void {
  if (node === null || typeof node !== "object") return;
  for (const [name, value] of Object.entries(node)) {
    if (name === "RangeFunction") {
      const { alias, functions, coldeflist } = tree(value);
      const { FuncCall: call } = tree(list(tree(tree(list(functions)[0])["List"])["items"])[0]);
      const owner = tree(alias)["aliasname"] ?? names(tree(call)["funcname"]).at(-1);
      if (typeof owner !== "string") throw new QueryFault("Give what stands in FROM a name (… as name)");
      const columns = [
        ...names(tree(alias)["colnames"]),
        ...list(coldeflist).map((column) => String(tree(tree(column)["ColumnDef"])["colname"])),
      ];
      walk.functionRows.set(owner, new Set([...(walk.functionRows.get(owner) ?? []), ...columns, owner]));
    }
    collectFunctionRows(value, walk);
  }
}

function checkNode(name: string, node: Tree, walk: Walk): void {
  if (typeof node["location"] === "number") walk.location = node["location"];
  if (name === "FuncCall") checkFunction(names(node["funcname"]), walk);
  if (name === "RangeVar") checkTable(node, walk);
  if (name === "A_Expr") checkOperator(names(node["name"]), walk);
  if (name === "SortBy" && node["useOp"] !== undefined) checkOperator(names(node["useOp"]), walk);
  if (name === "SubLink" && node["operName"] !== undefined) checkOperator(names(node["operName"]), walk);
  if (name === "ColumnRef") checkColumn(names(node["fields"]), walk);
  if (name === "A_Indirection") checkIndirection(node, walk);
}

function checkFunction(path: readonly string[], walk: Walk): void {
  const [name = "", schema, ...more] = path.toReversed();
  const isOurs = more.length === 0 && (schema === undefined || schema === "pg_catalog") && postgresqlFunctions.has(name);
  if (!isOurs) throw new QueryFault(`The function ${path.join(".")} isn't among those that a query may call; found`, here(walk));
}

function checkTable({ catalogname, schemaname, relname }: Tree, walk: Walk): void {
  if (catalogname !== undefined) throw new QueryFault("Another database can't be named; found one", here(walk));
  const name = String(relname);
  const isSystem = schemaname === "pg_catalog" || schemaname === "pg_toast" || (schemaname === undefined && name.startsWith("pg_"));
  if (isSystem && !postgresqlCatalogues.has(name)) throw new QueryFault(`The system's table ${name} can't be read; found`, here(walk));
}

function checkOperator(path: readonly string[], walk: Walk): void {
  const [name = "", schema, ...more] = path.toReversed();
  if (more.length === 0 && (schema === undefined || schema === "pg_catalog") && operators.has(name)) return;
  throw new QueryFault(`The operator ${path.join(".")} isn't among those that a query may use; found`, here(walk));
}

/**
 * PostgreSQL takes `value.name` for `name(value)` where the value has no such column: `(text '/etc/passwd').pg_read_file` and
 * `select t.pg_sleep from generate_series(5, 5) t` call it (tried on 15).
 */
function checkIndirection(node: Tree, walk: Walk): void {
  for (const part of list(node["indirection"])) {
    const name = tree(tree(part)["String"])["sval"];
    if (typeof name !== "string" || fieldsOfFunctions.has(name) || postgresqlFunctions.has(name)) continue;
    throw new QueryFault(`PostgreSQL takes (…).${name} for a call of the function ${name}, which isn't allowed; found`, here(walk));
  }
}

function checkColumn(path: readonly string[], walk: Walk): void {
  const [column = "", owner] = path.toReversed();
  const known = owner === undefined ? undefined : walk.functionRows.get(owner);
  if (known === undefined || known.has(column) || fieldsOfFunctions.has(column) || postgresqlFunctions.has(column)) return;
  throw new QueryFault(`PostgreSQL takes ${path.join(".")} for a call of the function ${column}, which isn't allowed; found`, here(walk));
}

/** Columns that functions of the list give their rows, and no function is called. */
const fieldsOfFunctions = new Set(["key", "value", "ordinality"]);

function inWords(name: string): string {
  return statementWords[name] ?? name;
}

/** The word that stands at an index, past what isn't a word's beginning. */
function wordAt(text: string, at: number): string {
  return /^[^\s;(]+/.exec(text.slice(at))?.[0]?.toUpperCase() ?? "nothing";
}

function here({ text, location }: Walk): number {
  return Buffer.from(text).subarray(0, Math.max(0, location)).toString().length;
}

/** Where a statement's first word stands: the parser counts from the end of the one before. */
function startOf(text: string, bytes: number): number {
  const from = here({ text, location: bytes, functionRows: new Map() });
  return from + (/^[\s;]*/.exec(text.slice(from))?.[0].length ?? 0);
}

function names(value: unknown): string[] {
  return list(value).flatMap((each) => {
    const name = tree(tree(each)["String"])["sval"];
    return typeof name === "string" ? [name] : [];
  });
}

function tree(value: unknown): Tree {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? { ...value } : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
