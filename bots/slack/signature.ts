import { createHmac, timingSafeEqual } from "node:crypto";

/** "Verifying requests from Slack": older than this is refused, and by us newer as well, which Bolt's own check doesn't limit. */
const toleranceSeconds = 300;

/**
 * Whether these bytes were signed with this app's secret, now. Bolt's check reads them as text, takes whatever stands behind a second `=`, and any
 * time to come. A secret that is missing or blank signs nothing.
 */
export function isFromSlack(
  secret: string | undefined,
  { timestamp, signature }: { timestamp: string | undefined; signature: string | undefined },
  body: Buffer,
  nowMs: number,
): boolean {
  if (secret === undefined || secret.trim() === "") return false;
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  if (signature === undefined || !/^v0=[0-9a-f]{64}$/.test(signature)) return false;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > toleranceSeconds) return false;
  const expected = createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest();
  return timingSafeEqual(Buffer.from(signature.slice(3), "hex"), expected);
}
