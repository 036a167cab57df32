import type { Sql, TransactionalSql } from "../../platform/database/database.ts";
import { createTurnstile } from "../../platform/process/turnstile.ts";

/** Each holds one of the process' ten connections for as long as it takes, which may be a minute. */
const turn = createTurnstile(2);

/** One transaction over many; of these a process does two at once, so that whoever asks for one entity finds a connection. */
export async function asOne<Result>(sql: TransactionalSql, work: (tx: Sql) => Promise<Result>): Promise<Result> {
  return await turn(async () => await sql.transaction(work));
}
