import { ArrowUp } from "lucide-preact";
import type { RefObject } from "preact";
import type { EntityRows } from "../entityRows.ts";
import styles from "./Table.module.css";

/** How many came since and aren't shown; they are when asked for, from the first on. */
export function NewsButton({ rows, scroller }: { rows: Pick<EntityRows, "news" | "readAgain">; scroller?: RefObject<HTMLElement | null> }) {
  const count = rows.news.value.size;
  if (count === 0) return null;
  const show = () => {
    scroller?.current?.scrollTo({ top: 0 });
    void rows.readAgain();
  };
  return (
    <button type="button" class={styles.news} onClick={show}>
      <ArrowUp aria-hidden="true" /> {count.toLocaleString()} new
    </button>
  );
}
