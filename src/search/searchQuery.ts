import { Refusal } from "../protocol/refusal.ts";
import type { Hit } from "../protocol/search.ts";
import { tenantSign, wordsOf } from "./words.ts";

/** What somebody looks for: all terms, each the words of a phrase in their order; of the last one's last word the beginning is enough. */
export interface SearchQuery {
  terms: { words: string[]; prefix: boolean }[];
}

const mostWords = 20;

/**
 * `late parcel`, `"late parcel"`, `ORD-17`: words stand anywhere, what stands in quotes or hangs together by signs stands together.
 * Refusal `invalid_value` where there is no word in it.
 */
export function readSearch(text: string): SearchQuery {
  const pieces = [...text.matchAll(/"([^"]*)"?|(\S+)/gu)];
  const terms = pieces
    .map((piece, index) => ({
      words: wordsOf(piece[1] ?? piece[2] ?? "").map(({ word }) => word),
      prefix: piece[2] !== undefined && index === pieces.length - 1,
    }))
    .filter(({ words }) => words.length > 0);
  const count = terms.reduce((sum, { words }) => sum + words.length, 0);
  if (count === 0) throw new Refusal("invalid_value", "Write at least one word to look for.", { path: "text" });
  if (count > mostWords) throw new Refusal("invalid_value", `${mostWords} words are the limit; yours has ${count}.`, { path: "text" });
  return { terms };
}

/** As PostgreSQL's `tsquery`, for the words of one tenant. The words are letters and digits only: nothing in them can mean anything else. */
export function toTsQuery(tenant: string, { terms }: SearchQuery): string {
  const sign = tenantSign(tenant);
  return terms
    .map(({ words, prefix }) => {
      const parts = words.map((word, index) => `'${sign}${word}'${prefix && index === words.length - 1 ? ":*" : ""}`);
      return parts.length === 1 ? (parts[0] ?? "") : `(${parts.join(" <-> ")})`;
    })
    .join(" & ");
}

/** Where in a text its words stand. */
export function hitsIn(text: string, { terms }: SearchQuery): Hit[] {
  const found = wordsOf(text);
  const hits: Hit[] = [];
  for (const { words, prefix } of terms) {
    for (let at = 0; at + words.length <= found.length; at++) {
      const fits = words.every((word, index) => {
        const here = found[at + index]?.word ?? "";
        return prefix && index === words.length - 1 ? here.startsWith(word) : here === word;
      });
      const [first, last] = [found[at], found[at + words.length - 1]];
      if (fits && first !== undefined && last !== undefined) hits.push([first.from, last.to]);
    }
  }
  return hits.sort((a, b) => a[0] - b[0]);
}

const before = 60;
const longest = 180;

/** The part of a text around its first hit, and the hits in it. */
export function excerptOf(text: string, query: SearchQuery): { excerpt: string; hits: Hit[] } {
  const hits = hitsIn(text, query);
  const from = text.length <= longest ? 0 : Math.max(0, Math.min((hits[0]?.[0] ?? 0) - before, text.length - longest));
  const to = Math.min(text.length, from + longest);
  const [head, tail] = [from > 0 ? "…" : "", to < text.length ? "…" : ""];
  const cut = text.slice(from, to).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, " ");
  return {
    excerpt: `${head}${cut}${tail}`,
    hits: hits
      .filter(([start, end]) => start >= from && end <= to)
      .map(([start, end]): Hit => [start - from + head.length, end - from + head.length]),
  };
}
