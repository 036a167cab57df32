import type { TenantSql } from "../../platform/database/database.ts";
import { storableJson } from "../../platform/database/storable.ts";

/** Whose word it is: a session's or an API key's, or that of whoever chats in a conversation. */
export type Holder = { account: string; session: string } | { conversation: string };

export interface NewConfirmation {
  codeHash: Buffer;
  command: string;
  requestHash: Buffer;
  /** Only where the word alone comes back, as in a chat. */
  args: object | undefined;
  expiresAt: Date;
}

export async function insertConfirmation(sql: Pick<TenantSql, "query">, holder: Holder, confirmation: NewConfirmation): Promise<void> {
  const { codeHash, command, requestHash, args, expiresAt } = confirmation;
  const [account, session, conversation] = idsOf(holder);
  await sql.query(
    `insert into confirmation (tenant_id, code_hash, account_id, session_id, conversation_id, command, request_hash, args, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [codeHash, account, session, conversation, command, requestHash, args === undefined ? null : storableJson(args), expiresAt],
  );
}

export interface UsedConfirmation {
  command: string;
  requestHash: Buffer;
  args: Record<string, unknown> | null;
}

/** One statement, so that of two at once one wins. Undefined where it was used, is over, or is somebody else's. Primary key. */
export async function useConfirmation(
  sql: Pick<TenantSql, "query">,
  holder: Holder,
  { codeHash, usedBy, now }: { codeHash: Buffer; usedBy: string; now: Date },
): Promise<UsedConfirmation | undefined> {
  const [, session, conversation] = idsOf(holder);
  const [used] = await sql.query<UsedConfirmation>(
    `update confirmation set used_by = $3
      where tenant_id = $1 and code_hash = $2 and used_by is null and expires_at > $4
        and session_id is not distinct from $5::uuid and conversation_id is not distinct from $6::uuid
     returning command, request_hash as "requestHash", args`,
    [codeHash, usedBy, now, session, conversation],
  );
  return used;
}

/** The command that was run with it by this very run. Primary key. */
export async function findUsedBy(sql: Pick<TenantSql, "query">, codeHash: Buffer, usedBy: string): Promise<string | undefined> {
  const [found] = await sql.query<{ command: string }>(
    "select command from confirmation where tenant_id = $1 and code_hash = $2 and used_by = $3",
    [codeHash, usedBy],
  );
  return found?.command;
}

function idsOf(holder: Holder): [string | null, string | null, string | null] {
  return "session" in holder ? [holder.account, holder.session, null] : [null, null, holder.conversation];
}
