import type { Sql } from "../../platform/database/database.ts";

/**
 * Does the work in either case, and keeps what it wrote only where it is meant: whoever waits for the answer can't tell from its time which it was.
 * In a transaction.
 */
export async function rehearsed<Result>(tx: Sql, meant: boolean, work: () => Promise<Result>): Promise<Result> {
  await tx.query("savepoint rehearsal");
  const result = await work();
  await tx.query(meant ? "release savepoint rehearsal" : "rollback to savepoint rehearsal");
  return result;
}
