import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Keys } from "../keys/keys.ts";

/** Names a browser in which somebody signed in to this account, to it alone: it lets nobody in, it only keeps strangers' tries apart from theirs. */
export function newDevice(keys: Pick<Keys, "requests">, email: string): string {
  const nonce = randomBytes(16).toString("base64url");
  return `${nonce}.${mark(keys, nonce, email).toString("base64url")}`;
}

/** The device's own name, if it is one of this account. */
export function knownDevice(keys: Pick<Keys, "requests">, email: string, presented: string | undefined): string | undefined {
  const [nonce = "", marked = ""] = (presented ?? "").slice(0, 200).split(".");
  const given = Buffer.from(marked, "base64url");
  const right = mark(keys, nonce, email);
  return given.length === right.length && timingSafeEqual(given, right) ? nonce : undefined;
}

function mark(keys: Pick<Keys, "requests">, nonce: string, email: string): Buffer {
  return createHmac("sha256", keys.requests).update(`device ${nonce} ${email}`).digest();
}
