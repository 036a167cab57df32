import { type Piece, splitLinks } from "./links.ts";
import { withSmileys } from "./smileys.ts";

/** The marks that a chat knows: bold, italic, code, links, lists. Everything else stays the text that it is. */
export type Inline = Piece | { kind: "bold" | "italic"; inside: Inline[] } | { kind: "code"; code: string };
export type Part =
  | { kind: "text"; inside: Inline[] }
  | { kind: "list"; start: number | undefined; items: Inline[][] }
  | { kind: "code"; code: string };

// No look-behind: a browser that doesn't know it would refuse the whole file.
const marks =
  /`([^`\n]+)`|\[([^\]\n]{1,200})\]\((https?:\/\/[^\s()<>]{1,2000})\)|\*\*(\S|\S[^\n]*?\S)\*\*|(^|[^\p{L}\p{N}*_])([*_])([^\s*_]|[^\s*_][^*_\n]*?[^\s*_])\6(?![\p{L}\p{N}*_])/u;
const item = /^ {0,3}(?:[-*•]|(\d{1,3})[.)]) +(\S.*)$/u;
const fence = /^```\w*$/;

/** A text as what is to be drawn; never markup. */
export function parseMarkdown(text: string): Part[] {
  const parts: Part[] = [];
  const lines = text.split("\n");
  let plain: string[] = [];
  const endText = () => {
    if (plain.length > 0) parts.push({ kind: "text", inside: parseInline(plain.join("\n")) });
    plain = [];
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const closing = fence.test(line) ? lines.indexOf("```", at + 1) : -1;
    if (closing > at) {
      endText();
      parts.push({ kind: "code", code: lines.slice(at + 1, closing).join("\n") });
      at = closing;
      continue;
    }
    const found = item.exec(line);
    if (found === null) {
      plain.push(line);
      continue;
    }
    const start = found[1] === undefined ? undefined : Number(found[1]);
    const before = plain.length === 0 ? parts.at(-1) : undefined;
    endText();
    if (before?.kind === "list" && (before.start === undefined) === (start === undefined)) before.items.push(parseInline(found[2] ?? ""));
    else parts.push({ kind: "list", start, items: [parseInline(found[2] ?? "")] });
  }
  endText();
  return parts;
}

function parseInline(text: string): Inline[] {
  const pieces: Inline[] = [];
  let rest = text;
  for (let found = marks.exec(rest); found !== null; found = marks.exec(rest)) {
    const [all, code, label, address = "", bold, before = "", , italic] = found;
    pieces.push(...plainly(rest.slice(0, found.index) + before));
    if (code !== undefined) pieces.push({ kind: "code", code });
    else if (label !== undefined) pieces.push(...linked(label, address, all));
    else pieces.push({ kind: bold === undefined ? "italic" : "bold", inside: parseInline(bold ?? italic ?? "") });
    rest = rest.slice(found.index + all.length);
  }
  return [...pieces, ...plainly(rest)];
}

/** Only an address that would be a link by itself becomes one. */
function linked(label: string, address: string, all: string): Inline[] {
  const [piece, ...more] = splitLinks(address);
  return typeof piece === "object" && more.length === 0 ? [{ href: piece.href, text: label }] : [all];
}

/** Text without marks, with its addresses as links and its smileys drawn. */
export function plainly(text: string): Piece[] {
  return splitLinks(text).map((piece) => (typeof piece === "string" ? withSmileys(piece) : piece));
}
