import { Refusal } from "../../../protocol/refusal.ts";
import { sentencesOf } from "../../../protocol/sentence.ts";
import { de } from "./de.ts";
import { type DefinitionSentences, en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ptBR } from "./ptBR.ts";

export type DefinitionSay = (say: DefinitionSentences) => string;

/** What is told of definitions: `toldOf((say) => say.needsField)`. */
export const toldOf = sentencesOf<DefinitionSentences>({ en, "pt-BR": ptBR, es, fr, de });

/** The refusal `invalid_value` of what doesn't fit in a definition. */
export function wrong(path: string, say: DefinitionSay): Refusal {
  return new Refusal("invalid_value", toldOf(say), { path });
}
