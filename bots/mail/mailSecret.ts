import { createHmac } from "node:crypto";
import type { Keys } from "../../src/access/keys/keys.ts";

/** A tenant as far as the signatures of its mail server need it. */
export interface SigningTenant {
  id: string;
  /** Counts the changes of the secret. */
  epoch: number;
  /** When it was changed last, or null. */
  rotatedAt: Date | null;
}

const oldSecretCountsMs = 24 * 3_600_000;

/** By which the mail server of a tenant is known. HMAC-SHA256 under a key of its own, so that nothing of it is stored. */
export function mailKey({ mailWebhooks }: Pick<Keys, "mailWebhooks">, tenant: string, epoch: number): Buffer {
  return createHmac("sha256", mailWebhooks)
    .update(epoch === 0 ? tenant : `${tenant} ${epoch}`)
    .digest();
}

/** The same as Standard Webhooks write it. */
export function mailSecret(keys: Pick<Keys, "mailWebhooks">, { id, epoch }: Pick<SigningTenant, "id" | "epoch">): string {
  return `whsec_${mailKey(keys, id, epoch).toString("base64")}`;
}

/** The secret of now, and for a day the one before. */
export function acceptedEpochs({ epoch, rotatedAt }: SigningTenant, nowMs: number): number[] {
  const rotated = rotatedAt?.getTime() ?? Number.NEGATIVE_INFINITY;
  return nowMs - rotated < oldSecretCountsMs ? [epoch, epoch - 1] : [epoch];
}
