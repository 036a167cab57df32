import { Plus } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { Button } from "../look/Button.tsx";
import { Empty } from "../look/Empty.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import styles from "./Settings.module.css";

interface PageLook {
  /** What stands here, in a sentence. */
  about: string;
  /** The button for a new one; none where it is not this person's to make. */
  add?: { label: string; command: string; onClick: () => void } | null | undefined;
  /** Why nothing could be read. */
  wrong?: string | null | undefined;
  /** How many there are; null while nobody knows. */
  count: number | null;
  icon: ComponentChildren;
  /** What is said where there are none, and what follows from it. */
  empty: string;
  emptyHint?: string | undefined;
  children: ComponentChildren;
}

/** A page of settings: what it is for, the first step, and what there is. */
export function Page({ about, add, wrong = null, count, icon, empty, emptyHint, children }: PageLook) {
  const button = (small: boolean) =>
    add && (
      <Button small={small} tone="primary" tip={add.label} command={add.command} onClick={add.onClick}>
        <Plus aria-hidden="true" /> {add.label}
      </Button>
    );
  const hint = emptyHint ?? (add === null ? "An admin makes them." : undefined);
  return (
    <div class={styles.page}>
      <div class={styles.top}>
        <p>{about}</p>
        {count !== 0 && button(true)}
      </div>
      <Wrong>{wrong}</Wrong>
      {count === null && wrong === null && <span class={parts.skeleton} style="width: 60%" />}
      {count === 0 && (
        <Empty icon={icon} title={empty}>
          {hint !== undefined && <p>{hint}</p>}
          {button(false)}
        </Empty>
      )}
      {children}
    </div>
  );
}
