export type Piece = string | { href: string; text: string };

// Only what begins with http:// or https:// becomes a link: `javascript:` and its kind stay text.
const address = /\bhttps?:\/\/[^\s<>"'`\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/giu;
const closing: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** Text as pieces, of which some are links. Joined, their texts are the text again. */
export function splitLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(address)) {
    const shownText = withoutTrailing(match[0]);
    const href = safeAddress(shownText);
    if (href === undefined) continue;
    if (match.index > done) pieces.push(text.slice(done, match.index));
    pieces.push({ href, text: shownText });
    done = match.index + shownText.length;
  }
  if (done < text.length) pieces.push(text.slice(done));
  return pieces;
}

/** The sentence's punctuation and the bracket around the address are not its own. */
function withoutTrailing(found: string): string {
  const last = found.at(-1) ?? "";
  const opening = closing[last];
  const unbalanced = opening !== undefined && found.split(opening).length < found.split(last).length;
  return /[.,;:!?…*_]/u.test(last) || unbalanced ? withoutTrailing(found.slice(0, -1)) : found;
}

/** The address as a browser writes it; undefined for what is not of http or https. */
export function safeAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, href } = new URL(text);
  return (protocol === "http:" || protocol === "https:") && host !== "" ? href : undefined;
}
