import type { Language } from "../../languages.ts";
import { Refusal } from "../../refusal.ts";
import { sentencesOf } from "../../sentence.ts";
import { de } from "./de.ts";
import { en, type ListSentences } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ptBR } from "./ptBR.ts";

export type { ListSentences };

const spoken = { en, "pt-BR": ptBR, es, fr, de } satisfies Record<Language, ListSentences>;
const told = sentencesOf<ListSentences>(spoken);

/** How conditions are read out. */
export function conditionsIn(language: Language): ListSentences["conditions"] {
  return spoken[language].conditions;
}

/** The refusal `invalid_value` of a request for a list. */
export function refused(path: string, say: (say: ListSentences) => string): Refusal {
  return new Refusal("invalid_value", told(say), { path });
}
