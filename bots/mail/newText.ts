import { markers } from "../../src/conversations/delivery/mailWords.ts";

/** `On Mon, 2 Nov 2026 at 10:00, Agent wrote:`, as programs write it in the languages that we write, over one to three lines. */
const attribution =
  /^(?:on\b.{5,300}\bwrote|em\b.{5,300}\bescreveu|el\b.{5,300}\bescribi[oó]|le\b.{5,300}\ba écrit|am\b.{5,300}\bschrieb\b.{0,120})\s*:\s*$/iu;
/** The same with the name first; only on one line, since any sentence could stand above it. */
const shortAttribution = /^.{3,200}\b(?:wrote|escreveu|escribió|a écrit|schrieb)\s*:\s*$/iu;
const separator =
  /^[\s>]*(?:-{2,}\s*(?:original message|mensagem original|mensaje original|message d['’]origine|message original|ursprüngliche nachricht|forwarded message)\s*-{2,}|_{20,})\s*$/iu;
const headerFrom = /^[\s*]*(?:from|de|von)\s*:[\s*]*\S/iu;
const headerNext = /^[\s*]*(?:sent|date|enviado(?: el)?|enviada em|data|fecha|envoyé|gesendet|datum|to|para|à|an)\s*:[\s*]*\S/iu;
const signature =
  /^(?:--\s?|__+|(?:sent|get outlook|enviado|envoyé|gesendet|von meinem|obter o outlook|obtener outlook|télécharger outlook|holen sie sich outlook|outlook für)\b.{0,80}\b(?:iphone|ipad|android|galaxy|samsung|mobile|phone|celular|móvil|smartphone|mail|yahoo|outlook|ios|gesendet|<?https?:\S*)\b.{0,80})$/iu;

const longestAttribution = 500;
/** More than anybody writes; the rest is not read. */
const mostText = 200_000;

/** What a reply says itself: without what it quotes, what its program wrote above the quote, and the signature. */
export function newText(text: string): string {
  const written = text.slice(0, mostText).replaceAll("\r\n", "\n").replaceAll("\r", "\n").replaceAll("\u00a0", " ").split("\n");
  const own = withoutQuotes(written);
  const end = own.findIndex((line) => signature.test(line.trimEnd()));
  return (end === -1 ? own : own.slice(0, end))
    .map((line) => line.trimEnd())
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

function withoutQuotes(written: readonly string[]): string[] {
  const own: string[] = [];
  for (let at = 0; at < written.length; at += 1) {
    const line = written[at] ?? "";
    if (line.startsWith(">")) continue;
    if (separator.test(line) || quotesHeader(written, at) || markers.some((marker) => line.includes(marker))) break;
    const attributed = attributionLines(written, at);
    if (attributed === 0) {
      own.push(line);
      continue;
    }
    // What is quoted with ">" ends by itself: people answer below it. Any other quote goes on to the end.
    const next = written.slice(at + attributed).find((later) => later.trim() !== "");
    if (next !== undefined && !next.startsWith(">")) break;
    at += attributed - 1;
  }
  return own;
}

/** How many lines from here on say who wrote what follows; 0: none. */
function attributionLines(written: readonly string[], at: number): number {
  if ((written[at] ?? "").trim() === "") return 0;
  for (const count of [1, 2, 3]) {
    const lines = written.slice(at, at + count).map((line) => line.trim());
    if (lines.length < count || lines.includes("")) return 0;
    const joined = lines.join(" ");
    if (joined.length > longestAttribution) return 0;
    if (/[\d@]/.test(joined) && (attribution.test(joined) || (count === 1 && shortAttribution.test(joined)))) return count;
  }
  return 0;
}

/** Outlook's block: From, Sent, To, Subject. */
function quotesHeader(written: readonly string[], at: number): boolean {
  if (!headerFrom.test(written[at] ?? "")) return false;
  return written.slice(at + 1, at + 5).filter((line) => headerNext.test(line)).length >= 2;
}
