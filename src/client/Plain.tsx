import { type Piece, splitLinks } from "./links.ts";

/** Text as it was written, with its http and https addresses as links. Never markup. `elsewhere` says that a link opens in a new tab. */
export function Plain({ text, elsewhere }: { text: string; elsewhere: string }) {
  return splitLinks(text).map((piece, index) =>
    typeof piece === "string" ? piece : <Link key={index} link={piece} elsewhere={elsewhere} />,
  );
}

export function Link({ link: { href, text }, elsewhere }: { link: Exclude<Piece, string>; elsewhere: string }) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={`${new URL(href).host}, ${elsewhere}`}>
      {text}
    </a>
  );
}
