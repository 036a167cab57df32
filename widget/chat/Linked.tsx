import { splitLinks } from "../../src/client/links.ts";
import { texts } from "../texts/texts.ts";

/** Text as it was written, with its http and https addresses as links. Never markup. */
export function Linked({ text }: { text: string }) {
  return splitLinks(text).map((piece, index) =>
    typeof piece === "string" ? (
      piece
    ) : (
      <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow" title={texts.opensElsewhere}>
        {piece.text}
      </a>
    ),
  );
}
