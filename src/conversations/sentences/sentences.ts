import { type Language, pickLanguage } from "../../protocol/languages.ts";
import { de } from "./de.ts";
import { en, type Sentences } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ptBR } from "./ptBR.ts";

export type { Sentences };

/** A sentence, to be said in whatever language the visitor reads. */
export type Say = (say: Sentences) => string;

const spoken: Record<Language, Sentences> = { en, "pt-BR": ptBR, es, fr, de };

/** The server's sentences for a visitor of this locale; English where it isn't spoken here, or not known. */
export function sentencesIn(locale: string | null | undefined): Sentences {
  return spoken[languageOf(locale)];
}

/** What a visitor of this locale reads of what is spoken here. */
export function languageOf(locale: string | null | undefined): Language {
  return pickLanguage(locale ? [locale] : []);
}
