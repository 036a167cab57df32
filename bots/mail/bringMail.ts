import { v7 as newId } from "uuid";
import { z } from "zod";
import type { Keys } from "../../src/access/keys/keys.ts";
import type { Platform } from "../../src/platform/platform.ts";
import { mailKey } from "./mailSecret.ts";
import { findTenantOfMail } from "./mailStore.ts";
import { signatureOf } from "./webhookSignature.ts";

interface Outside extends Pick<Platform, "database" | "clock"> {
  keys: Pick<Keys, "mailWebhooks">;
  publicUrl: string;
}

const answer = z.object({
  result: z.string().optional(),
  reason: z.string().optional(),
  error: z.object({ message: z.string() }).optional(),
});
const timeoutMs = 10_000;

/**
 * Brings a mail that answers one of ours as the tenant's mail server would: by the documented webhook, signed. Answers why it was not
 * received, in a sentence, or nothing.
 */
export async function bringMail({ database, clock, keys, publicUrl }: Outside, answered: string, raw: Buffer): Promise<string | undefined> {
  const tenant = await findTenantOfMail(database.acrossTenants, answered);
  if (tenant === undefined) return "No tenant has sent this mail; its row may be older than 90 days.";
  const [id, timestamp] = [`msg_${newId()}`, `${Math.floor(clock.now() / 1000)}`];
  const response = await fetch(`${publicUrl}/channels/mail/messages?tenant=${encodeURIComponent(tenant.slug)}`, {
    method: "POST",
    headers: {
      "content-type": "message/rfc822",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": signatureOf(mailKey(keys, tenant.id, tenant.epoch), { id, timestamp }, raw),
    },
    body: new Uint8Array(raw),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const { result, reason, error } = answer.parse(await response.json());
  if (result === "received") return undefined;
  return error?.message ?? `It was passed over: ${reason ?? "unknown"}.`;
}
