import type { Sql } from "../../platform/database/database.ts";
import { endOf } from "./finishMessage.ts";
import type { ChannelOutcome } from "./messageChannel.ts";
import { correctEnd, correctRecipient } from "./scheduledStore.ts";

/** What became of one of a batch whose message had ended, when a service was tried again: the message says so too. */
export async function correctOutcome(tx: Sql, batch: string, { position, state, error }: ChannelOutcome): Promise<void> {
  const message = await correctRecipient(tx, { job: batch, position, state, error });
  if (message !== undefined) await correctEnd(tx, message, await endOf(tx, message));
}
