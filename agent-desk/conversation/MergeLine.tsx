import { Merge } from "lucide-preact";
import { exactTime } from "../../src/client/relativeTime.ts";
import type { MergedConversation } from "../../src/protocol/desk.ts";
import { Button } from "../look/Button.tsx";
import { route } from "../shell/route.ts";
import { act, acting } from "./act.ts";
import { placeOf } from "./merged.ts";
import styles from "./Timeline.module.css";

/** Who merged what into this conversation, and the way back. */
export function MergeLine({ merge }: { merge: MergedConversation }) {
  const { conversation } = route.value;
  const busy = acting.value?.command === "conversation.unmerge";
  return (
    <li class={styles.divider}>
      <span class={styles.merge} title={exactTime(merge.at)}>
        <Merge aria-hidden="true" /> {merge.by} merged a conversation into this one: {placeOf(merge)}
        <Button
          small
          tone="plain"
          disabled={busy}
          command="conversation.unmerge"
          onClick={() => conversation !== null && act("unmerge", conversation, { merged: merge.id })}
        >
          {busy ? "Undoing…" : "Undo"}
        </Button>
      </span>
    </li>
  );
}
