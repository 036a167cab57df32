import { randomInt } from "node:crypto";

/** Of these a secret is made: RFC 4648's, in which nothing looks like something else. */
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export const secretLifeMs = 24 * 3_600_000;

/** 160 random bits, as eight groups of four to read from a terminal. */
export function newSecret(): string {
  return Array.from({ length: 8 }, () => Array.from({ length: 4 }, () => alphabet.charAt(randomInt(alphabet.length))).join("")).join("-");
}

/** The same for however it was typed: small letters, without the dashes, with blanks. What isn't a secret stays as it is. */
export function asTyped(text: string): string {
  const letters = text.replace(/[\s-]/g, "").toUpperCase();
  return /^[A-Z2-7]{32}$/.test(letters) ? letters : text;
}
