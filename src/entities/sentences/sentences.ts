import { sentencesOf } from "../../protocol/sentence.ts";
import { de } from "./de.ts";
import { type EntitySentences, en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ptBR } from "./ptBR.ts";

export type { EntitySentences };

/** What is told of entities: `told((say) => say.missing(name))`. */
export const told = sentencesOf<EntitySentences>({ en, "pt-BR": ptBR, es, fr, de });

/** What a value, or a field, must be: the end of `mustBe`. */
export type Rule = (say: EntitySentences) => string;
