import { createHash } from "node:crypto";
import type { Statement } from "./bindQuery.ts";
import { checkMysql } from "./mysqlRules.ts";
import { checkPostgresql } from "./postgresqlRules.ts";
import { QueryFault, refusedQuery } from "./queryFault.ts";

/**
 * Whether a statement may read: it is parsed, and every statement kind, clause, function and catalogue in it must be on a list. The first of several
 * lines: a statement is also sent alone, by the extended protocol, in a read-only transaction. Refusal `invalid_value` in words, with the character.
 */
export async function safeToRead(statement: Pick<Statement, "dialect" | "text" | "source">): Promise<void> {
  await checkStatement(statement, "read");
}

/** Texts that were allowed, by their hash: a text is checked once by a process, however often it runs. Its values are never in it. */
const allowed = new Set<string>();
const mostRemembered = 10_000;

/** As `safeToRead`, for what a statement that reads (one SELECT) or writes (one INSERT, UPDATE or DELETE) may be. */
export async function checkStatement(
  { dialect, text, source }: Pick<Statement, "dialect" | "text" | "source">,
  purpose: "read" | "write",
): Promise<void> {
  const known = createHash("sha256").update(`${dialect} ${purpose} ${text}`).digest("base64");
  if (allowed.has(known)) return;
  try {
    if (dialect === "postgresql") await checkPostgresql(text, purpose);
    else await checkMysql(text, purpose);
    if (allowed.size >= mostRemembered) allowed.clear();
    allowed.add(known);
  } catch (error) {
    if (!(error instanceof QueryFault)) throw error;
    throw refusedQuery(error.at === undefined ? error : new QueryFault(error.message, source.indexOf(error.at)), source.text);
  }
}
