/** A word of a text, folded for comparison, and where it stands: in UTF-16 units. */
export interface Word {
  word: string;
  from: number;
  to: number;
}

// Scripts that write no spaces: each sign counts as a word, so that a part of a sentence is found as a phrase.
const spaceless =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
const anyWord = new RegExp(`[${spaceless}]\\p{M}*|(?:(?![${spaceless}])[\\p{L}\\p{N}\\p{M}])+`, "gu");
// Most texts are plain, and looking for scripts takes ten times as long.
const plainWord = /[A-Za-z0-9]+/g;
const isPlain = /^[\x20-\x7e\s]*$/;
/** Longer ones are no words that anybody looks for. */
const longest = 60;

/** The words of a text in their order. Letters and digits make a word, everything else parts them: `ORD-17` is two. */
export function wordsOf(text: string): Word[] {
  const pattern = isPlain.test(text) ? plainWord : anyWord;
  return Array.from(text.matchAll(pattern), (match) => ({
    word: fold(match[0]).slice(0, longest),
    from: match.index,
    to: match.index + match[0].length,
  })).filter(({ word }) => word !== "");
}

/** Without case, accents and width: `É` and `ｅ` are `e`. */
function fold(word: string): string {
  if (isPlain.test(word)) return word.toLowerCase();
  return word
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

/**
 * The words of a text as PostgreSQL's `tsvector`, each under its tenant's sign: whoever looks for a word in one tenant reads no other's
 * part of the index, however often the word stands there. Positions beyond 16,383 don't exist (PostgreSQL, 12.1), nor are they needed.
 */
export function searchVector(tenant: string, text: string): string {
  const places = new Map<string, number[]>();
  for (const [index, { word }] of wordsOf(text).entries()) {
    const known = places.get(word);
    if (known === undefined) places.set(word, [index + 1]);
    else if (known.length < 250) known.push(index + 1);
  }
  const sign = tenantSign(tenant);
  return [...places].map(([word, positions]) => `'${sign}${word}':${positions.join(",")}`).join(" ");
}

/** The end of the tenant's id: two tenants that share it share no more than a part of the index, since every statement names its tenant. */
export function tenantSign(tenant: string): string {
  return tenant.slice(-4);
}
