import { Plain } from "../../src/client/Plain.tsx";
import { texts } from "../texts/texts.ts";
import { fetchMore } from "./fetchMore.ts";

/** What may be a mark or a smiley; whether it is one, the part that draws it knows. */
const hint = /[*_`]|\]\(|^ {0,3}([-•]|\d+[.)]) |(<3|[:;]-?[()DPO])(\s|$)/mu;

/** A visitor's text as they wrote it; the others' with the marks that a chat knows, which are fetched when the first comes. */
export function Linked({ text, marks = false }: { text: string; marks?: boolean }) {
  const more = hint.test(text) ? fetchMore() : undefined;
  if (more === undefined || more === "failed") return <Plain text={text} elsewhere={texts.opensElsewhere} />;
  return <more.Marked text={text} elsewhere={texts.opensElsewhere} marks={marks} />;
}
