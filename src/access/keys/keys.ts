import { hkdfSync } from "node:crypto";

/** One key for each purpose, so that what one of them leaks says nothing about another. 32 bytes each. */
export interface Keys extends Purposes {
  /** Names the root key from which they come, and tells nothing of it: stands in tokens and with sealed secrets. */
  id: string;
  /** Those of the root key before, while it is rotated. */
  before?: Keys;
}

interface Purposes {
  /** Signs access tokens (HS256). */
  accessTokens: Buffer;
  /** From it and a used refresh token its successor is computed, the same in every process. */
  refreshTokens: Buffer;
  /** Fingerprints requests that may carry a password, so that what is stored can't be tried offline. */
  requests: Buffer;
  /** From it each inbox's secret is derived, with which its site signs who its visitors are. */
  visitorIdentities: Buffer;
  /** Seals secrets at rest (AES-256-GCM). */
  secrets: Buffer;
  /** Signs the addresses of files (HMAC-SHA256). */
  fileAddresses: Buffer;
  /** Signs the addresses of charts' pictures (HMAC-SHA256). */
  chartPictures: Buffer;
  /** Signs the addresses to which mails are answered. */
  mailReplies: Buffer;
  /** From it the pair is computed by which push services know us. */
  push: Buffer;
  /** From it each tenant's secret for the mail that is brought to us is computed. */
  mailWebhooks: Buffer;
}

/**
 * HKDF-SHA256 (RFC 5869) with the purpose as info; the number in it changes when a key has to be rotated. With `oldRootKey`, the root key is
 * being rotated: what the old keys signed still counts, and everything new is made with the new ones.
 */
export function deriveKeys(rootKey: string, oldRootKey?: string): Keys {
  const key = (purpose: string) => Buffer.from(hkdfSync("sha256", rootKey, "switchboard", purpose, 32));
  return {
    id: key("key id 1").toString("hex").slice(0, 8),
    ...(oldRootKey === undefined ? {} : { before: deriveKeys(oldRootKey) }),
    accessTokens: key("access tokens 1"),
    refreshTokens: key("refresh tokens 1"),
    requests: key("requests 1"),
    visitorIdentities: key("visitor identities 1"),
    secrets: key("secrets 1"),
    fileAddresses: key("file addresses 1"),
    chartPictures: key("chart pictures 1"),
    push: key("push 1"),
    mailReplies: key("mail replies 1"),
    mailWebhooks: key("mail webhooks 1"),
  };
}

/** The key of this purpose, and while the root key is rotated the old one too: to check what is shown, never to make something new. */
export function acceptedKeys<Purpose extends keyof Purposes>(keys: Pick<Keys, Purpose | "before">, purpose: Purpose): Buffer[] {
  const own: Pick<Purposes, Purpose> = keys;
  return [own[purpose], ...(keys.before === undefined ? [] : [keys.before[purpose]])];
}
