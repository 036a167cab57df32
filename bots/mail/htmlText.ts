/** More than any letter has; the rest is not read. */
const mostHtml = 300_000;

// Bounded everywhere, so that no text makes it slow.
const token = /<(\/?)([a-z][a-z0-9:-]{0,30})((?:"[^"]{0,4000}"|'[^']{0,4000}'|[^'"<>]){0,2000})>|[^<]+|</gi;

const blocks = new Set([
  "p",
  "div",
  "br",
  "tr",
  "li",
  "ul",
  "ol",
  "table",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "hr",
  "pre",
  "section",
  "article",
]);
const unseen = new Set(["style", "script", "head", "title", "template", "svg"]);
const quoteClass =
  /\b(gmail_quote|gmail_attr|gmail_signature|yahoo_quoted|yahoo-signature|moz-cite-prefix|moz-signature|protonmail_quote)\b/i;
/** From here on Outlook quotes, whatever the elements say. */
const quoteBegins = /\bid=["']?(appendonsend|divRplyFwdMsg|mail-editor-reference-message-container|ms-outlook-mobile-signature)\b/i;

/** The text of an HTML mail without what its program marked as quoted or as a signature. */
export function htmlText(html: string): string {
  let text = "";
  let skipped: { name: string; depth: number } | undefined;
  for (const [whole, closing, tagName, attributes = ""] of withoutComments(html.slice(0, mostHtml)).matchAll(token)) {
    const name = tagName?.toLowerCase();
    if (skipped !== undefined) {
      if (name === skipped.name && !attributes.endsWith("/")) skipped.depth += closing === "" ? 1 : -1;
      if (skipped.depth === 0) skipped = undefined;
    } else if (name === undefined) {
      text += decoded(whole.replaceAll(/\s+/g, " "));
    } else if (closing === "" && quoteBegins.test(attributes)) {
      break;
    } else if (closing === "" && (name === "blockquote" || unseen.has(name) || quoteClass.test(attributes))) {
      if (!attributes.endsWith("/")) skipped = { name, depth: 1 };
    } else if (blocks.has(name) && !text.endsWith("\n")) {
      text += "\n";
    } else if (name === "br" || (name === "p" && closing !== "")) {
      text += "\n";
    }
  }
  return text
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    .trim();
}

function withoutComments(html: string): string {
  const [before = "", ...rest] = html.split("<!--");
  return [before, ...rest.map((part) => (part.includes("-->") ? part.slice(part.indexOf("-->") + 3) : ""))].join("");
}

const named: Record<string, string> = {
  nbsp: " ",
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  euro: "€",
};

function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code).toWellFormed() : "\uFFFD";
  });
}
