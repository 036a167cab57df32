import type { ComponentChildren } from "preact";
import type { Hit } from "../../src/protocol/search.ts";

/** A text with what was found in it marked. */
export function Marked({ text, hits }: { text: string; hits: readonly Hit[] }) {
  const pieces: ComponentChildren[] = [];
  let at = 0;
  for (const [from, to] of hits) {
    if (from < at) continue;
    pieces.push(text.slice(at, from), <mark key={from}>{text.slice(from, to)}</mark>);
    at = to;
  }
  return [...pieces, text.slice(at)];
}
