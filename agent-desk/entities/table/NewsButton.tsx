import { ArrowUp } from "lucide-preact";
import styles from "./Table.module.css";

/** How many came since and aren't shown; they are when asked for. */
export function NewsButton({ count, onShow }: { count: number; onShow: () => void }) {
  if (count === 0) return null;
  return (
    <button type="button" class={styles.news} onClick={onShow}>
      <ArrowUp aria-hidden="true" /> {count.toLocaleString()} new
    </button>
  );
}
