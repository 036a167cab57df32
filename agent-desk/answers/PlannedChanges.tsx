import type { PlannedChange } from "../../src/protocol/commands.ts";
import styles from "./Answers.module.css";

/** What a run would do, with what is there before and after, as far as the plan shows it. */
export function PlannedChanges({ changes }: { changes: readonly PlannedChange[] }) {
  return (
    <>
      {changes.map(({ text, before, after }, index) => (
        <div key={index} class={styles.planned}>
          <span>{text}</span>
          {before !== undefined && before !== null && <del>{String(before)}</del>}
          {after !== undefined && after !== null && <ins>{String(after)}</ins>}
        </div>
      ))}
    </>
  );
}
