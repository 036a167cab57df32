import { X } from "lucide-preact";
import styles from "./Fields.module.css";
import { namedOf } from "./named.ts";

interface ChosenLook {
  /** Ids, or what was typed. */
  items: readonly string[];
  onRemove: (item: string) => void;
}

/** Those of several that are chosen, each with a way off. */
export function Chosen({ items, onRemove }: ChosenLook) {
  return (
    <ul class={styles.chosen}>
      {items.map((item) => {
        const title = namedOf(item)?.title ?? item;
        return (
          <li key={item}>
            <span dir="auto">{title}</span>
            <button type="button" aria-label={`Take ${title} off`} onClick={() => onRemove(item)}>
              <X aria-hidden="true" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
