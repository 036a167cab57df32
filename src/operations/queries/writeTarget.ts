import type { Statement } from "./bindQuery.ts";
import { cutTokens } from "./tokens.ts";

/** What a statement that was found safe to write changes. */
export interface WriteTarget {
  kind: "insert" | "update" | "delete";
  /** As written: `sales.targets`, `"Old Table"`. */
  table: string;
  /** By which name the statement knows it. */
  name: string;
  /** From WHERE to the end, and how many values stand before it. */
  condition: string;
  valuesBefore: number;
}

/** Where its table and its condition stand; by tokens, since the parsers don't tell where a clause ends. Only for what `safeToWrite` let through. */
export function writeTarget({ dialect, text }: Pick<Statement, "dialect" | "text">): WriteTarget {
  const tokens = cutTokens(dialect, text, "bound");
  let depth = 0;
  let kind: WriteTarget["kind"] | undefined;
  let where: number | undefined;
  let begin: number | undefined;
  let end: number | undefined;
  for (const { kind: sort, text: piece, from, to } of tokens) {
    if (sort === "symbol" && piece === "(") {
      if (depth === 0 && kind === "insert") end ??= from;
      depth += 1;
    }
    if (sort === "symbol" && piece === ")") depth -= 1;
    if (sort !== "word" || depth > 0) continue;
    const word = piece.toLowerCase();
    if (kind === undefined) {
      if (word !== "insert" && word !== "update" && word !== "delete") continue;
      kind = word;
      begin = to;
    } else if (
      (word === "into" && kind === "insert") ||
      (word === "from" && kind === "delete" && where === undefined && end === undefined)
    ) {
      // `delete from a using b`: the first one only.
      begin = begin === undefined || text.slice(begin, from).trim() === "" ? to : begin;
    } else if (/^(set|values|value|select|with|default|overriding|using|returning)$/.test(word)) end ??= from;
    else if (word === "where") {
      where = from;
      end ??= from;
    }
  }
  const target = text.slice(begin ?? 0, end ?? text.length).trim();
  const [, only = "", table = "", alias] =
    /^(only\s+)?((?:[^\s"`.]+|"(?:[^"]|"")*"|`(?:[^`]|``)*`)(?:\s*\.\s*(?:[^\s"`.]+|"(?:[^"]|"")*"|`(?:[^`]|``)*`))*)(?:\s+(?:as\s+)?([\s\S]+))?$/i.exec(
      target,
    ) ?? [];
  const before = tokens.filter(({ kind: sort, text: piece, to }) => sort === "symbol" && piece === "?" && to <= (where ?? text.length));
  return {
    kind: kind ?? "insert",
    table: `${only}${table}`.trim(),
    name: alias ?? table,
    condition: where === undefined ? "" : text.slice(where),
    valuesBefore: before.length,
  };
}
