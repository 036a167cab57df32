import { createHash, randomInt } from "node:crypto";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const length = 24;
const groups = 4;
export const recoveryCodeCount = 10;

/** Ten codes of 120 bits: more than anybody can try out, so that SHA-256 is enough at rest (ASVS 6.5.2). */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodeCount }, () => grouped(Array.from({ length }, () => letters.charAt(randomInt(32))).join("")));
}

/** As a person may have copied it: with or without its dashes, small or large. Undefined where it can be none. */
export function readRecoveryCode(written: string): string | undefined {
  const code = written.normalize("NFKC").replace(/[\s-]/gu, "").toUpperCase();
  return /^[A-Z2-7]{24}$/.test(code) ? code : undefined;
}

/** Of a code without dashes. */
export function hashOfRecoveryCode(code: string): Buffer {
  return createHash("sha256").update(code).digest();
}

function grouped(code: string): string {
  return Array.from({ length: groups }, (_, index) => code.slice((index * length) / groups, ((index + 1) * length) / groups)).join("-");
}
