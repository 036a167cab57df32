import { CircleSlash } from "lucide-preact";
import { Button } from "../look/Button.tsx";
import { Kbd } from "../look/Kbd.tsx";
import { act, acting } from "./act.ts";
import styles from "./Composer.module.css";
import type { Remedy, ReplyRight } from "./mayReply.ts";
import { Unsendable } from "./Unsendable.tsx";

interface ClosedToLook {
  conversation: string;
  right: ReplyRight & { may: false };
  /** What I had begun to write to the customer. */
  draft: string;
  onNote: () => void;
  onDiscard: () => void;
}

/** Why I can't write to the customer here, with the step that changes it. */
export function ClosedTo({ conversation, right, draft, onNote, onDiscard }: ClosedToLook) {
  return (
    <div class={styles.closedTo}>
      <CircleSlash aria-hidden="true" />
      <div>
        <b>{right.reason}</b>
        {draft !== "" && (
          <>
            <p class={styles.draft}>Your draft is kept: {draft}</p>
            <p class={styles.ways}>
              <Unsendable text={draft} onNote={onNote} onDiscard={onDiscard} />
            </p>
          </>
        )}
      </div>
      {right.remedy !== null && <Way conversation={conversation} remedy={right.remedy} />}
    </div>
  );
}

const labels: Record<Remedy, string> = { take: "Take", "take-over": "Take over", reopen: "Reopen" };

function Way({ conversation, remedy }: { conversation: string; remedy: Remedy }) {
  const busy = acting.value?.conversation === conversation;
  return (
    <Button
      tone="primary"
      small
      disabled={busy}
      command={`conversation.${remedy}`}
      keys={remedy === "take" ? "A" : undefined}
      onClick={() => act(remedy, conversation)}
    >
      {busy ? "One moment…" : labels[remedy]}
      {remedy === "take" && <Kbd>A</Kbd>}
    </Button>
  );
}
