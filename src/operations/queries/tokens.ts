import type { Dialect } from "./dialect.ts";
import { QueryFault } from "./queryFault.ts";

/** A piece of a query as its database's own scanner cuts it. Indexes are UTF-16 units. */
export interface Token {
  kind: "word" | "quotedName" | "string" | "comment" | "number" | "slot" | "symbol" | "space";
  from: number;
  to: number;
  text: string;
}

const space = /[ \t\r\n]+/y;
const word = /[\p{L}_][\p{L}\p{M}\p{N}_$]*/uy;
const number = /(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[\p{L}\p{N}_]*/uy;
const slot = /:[A-Za-z_][A-Za-z0-9_]*/y;
const dollarTag = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const placeholder: Readonly<Record<Dialect, RegExp>> = { postgresql: /\$\d+/y, mysql: /\?/y, mariadb: /\?/y };
const plain = /[!-/:-@[-^{-~]/y;

/**
 * Cuts a query as PostgreSQL (`standard_conforming_strings`) or MySQL and MariaDB (backslashes escape, `"` quotes strings) would: both are set so
 * on each connection. What servers read in different ways, by version or by setting, is refused. Throws a `QueryFault`.
 */
export function cutTokens(dialect: Dialect, text: string, stage: "written" | "bound" = "written"): Token[] {
  const tokens: Token[] = [];
  const brackets: string[] = [];
  for (let at = 0; at < text.length; at = tokens.at(-1)?.to ?? text.length) {
    const last = tokens.findLast(({ kind }) => kind !== "space" && kind !== "comment");
    const bracket = bracketAt(text, at, brackets, last);
    if (bracket !== undefined) tokens.push(until(text, at, "symbol", at + bracket.length));
    else if (brackets.at(-1) === "[" && text[at] === ":" && isOperand(last)) tokens.push(until(text, at, "symbol", at + 1));
    else if (stage === "bound" && match(placeholder[dialect], text, at) !== undefined) {
      tokens.push(until(text, at, "symbol", at + (match(placeholder[dialect], text, at)?.length ?? 0)));
    } else tokens.push(dialect === "postgresql" ? postgresqlToken(text, at, tokens) : mysqlToken(text, at));
  }
  return tokens;
}

/** `[[` and `]]` of an optional part, told from an array in an array (`array[[1], [2]]`) and from an index in an index. */
function bracketAt(text: string, at: number, open: string[], last: Token | undefined): string | undefined {
  const character = text[at];
  if (character === "[") {
    const isPart = text[at + 1] === "[" && !open.includes("[") && !/^array$/i.test(last?.text ?? "");
    open.push(isPart ? "[[" : "[");
    return open.at(-1);
  }
  if (character !== "]") return undefined;
  const closed = open.pop() === "[[" ? "]]" : "]";
  if (closed === "]]" && text[at + 1] !== "]") throw new QueryFault("An optional part ends with ]]; found ]", at);
  return closed;
}

/** Whether a colon behind this stands between the two ends of an array's slice: `[1:last]`. */
function isOperand(token: Token | undefined): boolean {
  return token !== undefined && (token.kind !== "symbol" || token.text === ")" || token.text === "]");
}

function postgresqlToken(text: string, at: number, before: readonly Token[]): Token {
  const two = text.slice(at, at + 2);
  if (two === "--") return until(text, at, "comment", lineEnd(text, at));
  if (two === "/*") return until(text, at, "comment", nestedEnd(text, at));
  const character = text[at] ?? "";
  if (character === "'") return until(text, at, "string", quotedEnd(text, at, "'", escapes(text, at, before)));
  if (character === '"') return until(text, at, "quotedName", quotedEnd(text, at, '"', false));
  if (character === "$") {
    const tag = match(dollarTag, text, at);
    if (tag === undefined) throw new QueryFault("A value is written as :name, not as $1; found $", at);
    const end = text.indexOf(tag, at + tag.length);
    if (end < 0) throw new QueryFault(`The string that begins with ${tag} has no end`, at);
    return until(text, at, "string", end + tag.length);
  }
  if (two === "::" || two === ":=") return until(text, at, "symbol", at + 2);
  return shared(text, at);
}

function mysqlToken(text: string, at: number): Token {
  const two = text.slice(at, at + 2);
  if (two === "--") {
    // MySQL takes two dashes without a space for two signs, others for a comment.
    if (!/^\s?$/.test(text.slice(at + 2, at + 3)))
      throw new QueryFault("Put a space behind the dashes of a comment, or between two signs", at);
    return until(text, at, "comment", lineEnd(text, at));
  }
  if (two === "/*") {
    if (/^\/\*M?!/i.test(text.slice(at, at + 4)))
      throw new QueryFault("A comment that the server runs (/*! … */) isn't allowed; found one", at);
    const end = text.indexOf("*/", at + 2);
    if (end < 0) throw new QueryFault("The comment has no end", at);
    return until(text, at, "comment", end + 2);
  }
  const character = text[at] ?? "";
  if (character === "#") return until(text, at, "comment", lineEnd(text, at));
  if (character === "'" || character === '"') return until(text, at, "string", quotedEnd(text, at, character, true));
  if (character === "`") return until(text, at, "quotedName", quotedEnd(text, at, "`", false));
  if (character === "?") throw new QueryFault("A value is written as :name, not as ?; found ?", at);
  if (character === "@") throw new QueryFault("Variables (@name, @@name) aren't allowed; found @", at);
  if (two === ":=") throw new QueryFault("Nothing may be assigned; found :=", at);
  return shared(text, at);
}

function shared(text: string, at: number): Token {
  const found = (kind: Token["kind"], pattern: RegExp) => {
    const matched = match(pattern, text, at);
    return matched === undefined ? undefined : until(text, at, kind, at + matched.length);
  };
  const token = found("space", space) ?? found("word", word) ?? found("number", number) ?? found("slot", slot) ?? found("symbol", plain);
  if (token === undefined) throw new QueryFault("This character isn't allowed outside quotes", at);
  return token;
}

function escapes(text: string, at: number, before: readonly Token[]): boolean {
  const prefix = before.at(-1);
  return prefix?.kind === "word" && prefix.to === at && /^e$/i.test(text.slice(prefix.from, at));
}

function quotedEnd(text: string, at: number, quote: string, backslashes: boolean): number {
  for (let index = at + 1; index < text.length; index += 1) {
    if (backslashes && text[index] === "\\") index += 1;
    else if (text[index] === quote) {
      if (text[index + 1] !== quote) return index + 1;
      index += 1;
    }
  }
  throw new QueryFault(`The quote ${quote} has no end`, at);
}

function nestedEnd(text: string, at: number): number {
  let depth = 0;
  for (let index = at; index < text.length - 1; index += 1) {
    const two = text.slice(index, index + 2);
    if (two === "/*") depth += 1;
    if (two === "*/") depth -= 1;
    if (two === "/*" || two === "*/") index += 1;
    if (depth === 0) return index + 1;
  }
  throw new QueryFault("The comment has no end", at);
}

function lineEnd(text: string, at: number): number {
  const end = text.slice(at).search(/[\r\n]/);
  return end < 0 ? text.length : at + end;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function until(text: string, from: number, kind: Token["kind"], to: number): Token {
  return { kind, from, to, text: text.slice(from, to) };
}
