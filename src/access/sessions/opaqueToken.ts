import { createHash, createHmac, randomBytes } from "node:crypto";

/** 256 random bits, as text for a cookie or a frame. Nothing but its holder knows it: what is stored is `hashOfToken`. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** SHA-256: enough for 256 random bits, which nobody can try out. */
export function hashOfToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** The token that follows a used one: the same for whoever asks, so that two tabs with one cookie go on with one session. */
export function successorOf(token: string, key: Buffer): string {
  return createHmac("sha256", key).update(token).digest("base64url");
}
