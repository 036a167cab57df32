import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Keys } from "./keys.ts";

const algorithm = "aes-256-gcm";
const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM. `purpose` says what it is and whose: sealed for one account it can't be opened as another's (it is the associated data). */
export function sealSecret({ id, secrets }: Pick<Keys, "id" | "secrets">, purpose: string, plain: string): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, secrets, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(purpose));
  const sealed = Buffer.concat([iv, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${id}:${sealed.toString("base64url")}`;
}

/** Throws where the text was sealed for something else, with another root key, or was changed. */
export function openSecret(keys: Pick<Keys, "id" | "secrets" | "before">, purpose: string, text: string): string {
  const [id, encoded = ""] = text.split(":");
  const sealer = [keys, ...(keys.before === undefined ? [] : [keys.before])].find((known) => known.id === id);
  if (sealer === undefined) throw new Error(`a secret is sealed with the key "${id}", which is not known here`);
  const sealed = Buffer.from(encoded, "base64url");
  const decipher = createDecipheriv(algorithm, sealer.secrets, sealed.subarray(0, ivBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(purpose)).setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes, -tagBytes)), decipher.final()]).toString("utf8");
}

/** The same text sealed with the key of today; undefined where it is already. */
export function resealSecret(keys: Pick<Keys, "id" | "secrets" | "before">, purpose: string, text: string): string | undefined {
  return text.startsWith(`${keys.id}:`) ? undefined : sealSecret(keys, purpose, openSecret(keys, purpose, text));
}
