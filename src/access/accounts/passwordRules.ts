import { Refusal } from "../../protocol/refusal.ts";
import { isCommonPassword } from "./commonPasswords.ts";

export const passwordLength = { min: 15, max: 128 };

/** Unicode NFKC (NIST 800-63B): the same password from a phone and from a desk keyboard has the same bytes. */
export function normalizePassword(password: string): string {
  return password.normalize("NFKC");
}

/**
 * NIST 800-63B and ASVS 6.2: length, nothing about which characters, nothing that everybody tries, nothing that is known about the account.
 * `context` are words that the password must not consist of beside our own: the tenant, the e-mail, the name. Refusal `invalid_value` says why.
 */
export function checkNewPassword(password: string, context: readonly string[], path: string): void {
  const refuse = (why: string) => new Refusal("invalid_value", why, { path });
  const length = [...normalizePassword(password)].length;
  if (!password.isWellFormed() || password.includes("\0")) throw refuse("The password has a character that can't be typed again.");
  if (length < passwordLength.min) {
    throw refuse(`A password has at least ${passwordLength.min} characters, this one has ${length}; a sentence is easy to remember.`);
  }
  if (length > passwordLength.max) throw refuse(`A password has at most ${passwordLength.max} characters, this one has ${length}.`);
  if (isGuessable(password, context)) throw refuse("This password is among the first that somebody would try; choose another one.");
}

// ASVS 6.1.2: what anybody tries who knows the product and what people do in it.
const ownWords = ["switchboard", "superadmin", "administrator", "admin", "agent", "owner", "supervisor", "support", "helpdesk", "desk"];
const usualWords = ["password", "passwort", "welcome", "changeme", "letmein", "login", "secret", "chat", "inbox", "team"];

// Published as what a good password looks like, after the breaches of the list.
const famous = new Set(["correcthorsebatterystaple", "thequickbrownfox", "thequickbrownfoxjumpsoverthelazydog"]);

const notLetters = /[^\p{L}\p{N}]+/gu;

function isGuessable(password: string, context: readonly string[]): boolean {
  const folded = normalizePassword(password).toLowerCase();
  const letters = folded.replace(notLetters, "");
  if (new Set(folded).size < 5 || isSequence(letters)) return true;
  const core = letters.replace(/^\d+|\d+$/g, "");
  if (famous.has(core)) return true;
  if ([folded, letters, core, repeated(letters), repeated(core)].some(isCommonPassword)) return true;
  const known = [...ownWords, ...usualWords, ...context]
    .flatMap((text) => [text, ...text.split(notLetters)])
    .map((text) => text.toLowerCase().replace(notLetters, ""))
    .filter((text) => text.length > 3)
    .sort((a, b) => b.length - a.length);
  const rest = known.reduce((left, word) => left.replaceAll(word, ""), letters);
  return rest !== letters && rest.replace(/\d+/g, "").length < 5;
}

/** "heronheronheron" is "heron". */
function repeated(text: string): string {
  return /^(.{3,}?)\1+$/u.exec(text)?.[1] ?? "";
}

/** "123456789012345", "abcdefghijklmno": each character follows the one before by the same step. */
function isSequence(text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] ?? 0));
  return steps.length > 0 && new Set(steps.map((step) => (step === -9 ? 1 : step))).size === 1;
}
