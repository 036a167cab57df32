import { createHmac, timingSafeEqual } from "node:crypto";

/** Standard Webhooks 1.0.0, "Verifying webhook authenticity": older or newer than this is refused. */
const toleranceSeconds = 300;

export interface SignatureHeaders {
  id: string;
  timestamp: string;
  /** `v1,<base64>`, several where keys are being changed. */
  signature: string;
}

/** The header of a body that is signed with this key. */
export function signatureOf(key: Buffer, { id, timestamp }: Omit<SignatureHeaders, "signature">, body: Buffer): string {
  return `v1,${digest(key, { id, timestamp }, body).toString("base64")}`;
}

/**
 * Whether the body was signed with this key, now. Over the bytes: the library of Standard Webhooks reads a body as UTF-8, and a mail may have any
 * other encoding in it.
 */
export function isSigned(key: Buffer, { id, timestamp, signature }: SignatureHeaders, body: Buffer, nowMs: number): boolean {
  if (id === "" || id.length > 200 || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > toleranceSeconds) return false;
  const expected = digest(key, { id, timestamp }, body);
  return signature
    .split(" ")
    .slice(0, 10)
    .some((each) => {
      const given = each.startsWith("v1,") ? Buffer.from(each.slice(3), "base64") : undefined;
      return given?.length === expected.length && timingSafeEqual(given, expected);
    });
}

function digest(key: Buffer, { id, timestamp }: Omit<SignatureHeaders, "signature">, body: Buffer): Buffer {
  return createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
}
