import type { ErrorCode } from "../../../protocol/errors.ts";
import { Refusal } from "../../../protocol/refusal.ts";
import { sentencesOf } from "../../../protocol/sentence.ts";
import { de } from "./de.ts";
import { en, type ImportSentences } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ptBR } from "./ptBR.ts";

export type ImportSay = (say: ImportSentences) => string;

/** What is told of imports: `toldOf((say) => say.onlyHeader)`. */
export const toldOf = sentencesOf<ImportSentences>({ en, "pt-BR": ptBR, es, fr, de });

/** A refusal of a file that is imported, or of what is said of it. */
export function refused(code: ErrorCode, path: string, say: ImportSay, cause?: unknown): Refusal {
  return new Refusal(code, toldOf(say), { path, cause });
}
