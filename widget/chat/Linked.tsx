import { Marked, Plain } from "../../src/client/Marked.tsx";
import { texts } from "../texts/texts.ts";

/** A visitor's text as they wrote it; the others' with the marks that a chat knows. */
export function Linked({ text, marks = false }: { text: string; marks?: boolean }) {
  return marks ? <Marked text={text} elsewhere={texts.opensElsewhere} /> : <Plain text={text} elsewhere={texts.opensElsewhere} />;
}
