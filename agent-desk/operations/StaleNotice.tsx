import { CircleAlert } from "lucide-preact";
import type { OperationView } from "../../src/protocol/operations.ts";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import styles from "./Bench.module.css";
import type { Draft } from "./draft.ts";

interface StaleLook {
  stored: OperationView;
  draft: Draft;
  onMine: () => void;
  onTheirs: () => void;
  onCompare: () => void;
}

/** Says that somebody saved a version since mine was begun, and how to go on. */
export function StaleNotice({ stored, draft, onMine, onTheirs, onCompare }: StaleLook) {
  if (draft.seen === null || draft.seen >= stored.latest) return null;
  return (
    <div class={`${parts.notice} ${styles.stale}`} role="status">
      <CircleAlert aria-hidden="true" />
      <span class={parts.grow}>
        {stored.changedBy} saved version {stored.latest} meanwhile; your draft began with version {draft.seen}.
      </span>
      <Button small onClick={onCompare}>
        Compare
      </Button>
      <Button small onClick={onMine}>
        Keep mine, as version {stored.latest + 1}
      </Button>
      <Button small onClick={onTheirs}>
        Take theirs
      </Button>
    </div>
  );
}
