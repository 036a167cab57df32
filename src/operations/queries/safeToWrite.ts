import type { Statement } from "./bindQuery.ts";
import { checkStatement } from "./safeToRead.ts";

/**
 * Whether a statement may write: one INSERT, or one UPDATE or DELETE with a WHERE, with what a query may read inside it. Refusal `invalid_value` in
 * words, with the character.
 */
export async function safeToWrite(statement: Pick<Statement, "dialect" | "text" | "source">): Promise<void> {
  await checkStatement(statement, "write");
}
