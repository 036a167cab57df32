import { Mark } from "../look/Mark.tsx";
import styles from "./Starting.module.css";

/** Nothing is known yet: the sign, and after a second what is waited for. */
export function Starting({ problem }: { problem: string | undefined }) {
  return (
    <main class={styles.page} aria-busy={problem === undefined}>
      <Mark />
      <p role="status" class={problem === undefined ? styles.later : undefined}>
        {problem ?? "Opening the desk…"}
      </p>
      {problem !== undefined && <p class={styles.faint}>It is tried again by itself.</p>}
    </main>
  );
}
