import { Marked } from "../../src/client/Marked.tsx";
import type { Mentioned } from "../../src/protocol/mentions.ts";
import { useDesk } from "../shell/deskContext.ts";
import styles from "./Mentions.module.css";
import { piecesOf } from "./mentionsIn.ts";

/** A note's text, with a chip for each whom it names; those whose name doesn't stand in it come behind it. */
export function NoteText({ text, mentions }: { text: string; mentions: readonly Mentioned[] }) {
  const pieces = piecesOf(text, mentions);
  const behind = mentions.filter((each) => !pieces.includes(each));
  return (
    <>
      {pieces.map((piece, index) =>
        typeof piece === "string" ? (
          <Marked key={index} text={piece} elsewhere="opens in a new tab" marks={false} />
        ) : (
          <Name key={index} of={piece} />
        ),
      )}
      {behind.map((each) => (
        <span key={each.id}>
          {" "}
          <Name of={each} />
        </span>
      ))}
    </>
  );
}

function Name({ of: { id, name } }: { of: Mentioned }) {
  const { account } = useDesk();
  return <span class={id === account.id ? `${styles.name} ${styles.me}` : styles.name}>@{name}</span>;
}
