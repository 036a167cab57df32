import { validate as isId } from "uuid";
import type { Platform } from "../platform/platform.ts";
import type { FileBlock } from "../protocol/blocks.ts";
import { Refusal } from "../protocol/refusal.ts";
import { blockOf } from "./file.ts";
import { type Claim, claimFiles, markSent, releaseFiles } from "./fileStore.ts";

export interface Attached {
  blocks: FileBlock[];
  /** After the commit of the message that has them. */
  sent(): Promise<void>;
  /** The message was refused: they can be sent with another. */
  release(): Promise<void>;
}

/**
 * Gives files to the message that is about to be written under `claim.messageKey`; the same message again gets the same files. Refusal
 * `invalid_value` where one isn't there, isn't the uploader's, belongs to another conversation or was sent before: then none is taken.
 */
export async function attachFiles(
  { database }: Pick<Platform, "database">,
  tenant: string,
  files: readonly string[],
  claim: Claim,
): Promise<Attached> {
  const sql = database.forTenant(tenant);
  const ids = [...new Set(files.map((id) => id.toLowerCase()))];
  const claimed = await claimFiles(sql, ids.filter(isId), claim);
  const byId = new Map(claimed.map((file) => [file.id, file]));
  const fresh = claimed.filter((file) => file.fresh).map(({ id }) => id);
  const release = () => (fresh.length === 0 ? Promise.resolve() : releaseFiles(sql, fresh, claim.messageKey));
  const missing = ids.findIndex((id) => !byId.has(id));
  if (missing >= 0) {
    await release();
    throw new Refusal("invalid_value", "There is no such file to send, or it was sent before; attach it again.", {
      path: `files.${missing}`,
    });
  }
  return {
    blocks: ids.flatMap((id) => byId.get(id) ?? []).map(blockOf),
    // The message is there: what can't be said now, the housekeeping finds out.
    sent: () => markSent(sql, ids, claim.messageKey).catch(() => {}),
    release,
  };
}
