import { type Inline, parseMarkdown, plainly } from "./markdown.ts";
import { Link } from "./Plain.tsx";

/** Text with the marks that a chat knows; without `marks` only links and smileys. `elsewhere` says that a link opens in a new tab. */
export function Marked({ text, elsewhere, marks = true }: { text: string; elsewhere: string; marks?: boolean }) {
  if (!marks) return <Inlines pieces={plainly(text)} elsewhere={elsewhere} />;
  return parseMarkdown(text).map((part, index) => {
    if (part.kind === "text") return <Inlines key={index} pieces={part.inside} elsewhere={elsewhere} />;
    if (part.kind === "code") return <pre key={index}>{part.code}</pre>;
    const items = part.items.map((pieces, place) => (
      <li key={place}>
        <Inlines pieces={pieces} elsewhere={elsewhere} />
      </li>
    ));
    return part.start === undefined ? (
      <ul key={index}>{items}</ul>
    ) : (
      <ol key={index} start={part.start}>
        {items}
      </ol>
    );
  });
}

function Inlines({ pieces, elsewhere }: { pieces: readonly Inline[]; elsewhere: string }) {
  return pieces.map((piece, index) => {
    if (typeof piece === "string") return piece;
    if ("href" in piece) return <Link key={index} link={piece} elsewhere={elsewhere} />;
    if (piece.kind === "code") return <code key={index}>{piece.code}</code>;
    const inside = <Inlines pieces={piece.inside} elsewhere={elsewhere} />;
    return piece.kind === "bold" ? <b key={index}>{inside}</b> : <i key={index}>{inside}</i>;
  });
}
