import { PenLine } from "lucide-preact";
import { namesOf } from "../live/lookers.ts";
import { useDesk } from "../shell/deskContext.ts";
import styles from "./Conversation.module.css";

/** A word before two answer at once. */
export function AlsoWriting({ conversation }: { conversation: string }) {
  const writing = (useDesk().lookers.value.get(conversation) ?? []).filter((looker) => looker.writing);
  return (
    <p class={writing.length === 0 ? styles.never : styles.alsoWriting} role="status">
      {writing.length > 0 && (
        <>
          <PenLine aria-hidden="true" /> <bdi>{namesOf(writing)}</bdi> {writing.length === 1 ? "is" : "are"} writing an answer.
        </>
      )}
    </p>
  );
}
