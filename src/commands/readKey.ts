import { Refusal } from "../protocol/refusal.ts";

/** A short name in lower case, as it stands in commands and addresses. Refusal `invalid_value`. */
export function readKey(text: string, path: string): string {
  const key = text.trim().toLowerCase();
  if (/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/.test(key) && key !== "none") return key;
  throw new Refusal("invalid_value", `"${text.slice(0, 60)}" can't be a key; it has letters, digits and hyphens, like main-office.`, {
    path,
  });
}
