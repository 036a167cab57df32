import type { Language } from "./languages.ts";

/** What a person is told, in each language that is spoken here. */
export type Sentence = (language: Language) => string;

/** The sentences of a catalog: `told((say) => say.missing(name))`. */
export function sentencesOf<Catalog>(spoken: Readonly<Record<Language, Catalog>>): (say: (catalog: Catalog) => string) => Sentence {
  return (say) => (language) => say(spoken[language]);
}

const mostShown = 60;

/** A value in a sentence: its first 60 characters, on one line. */
export function shownShort(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  const line = text.slice(0, mostShown).replaceAll(/[\p{Cc}\p{Cs}]/gu, " ");
  return text.length > mostShown ? `${line}…` : line;
}
