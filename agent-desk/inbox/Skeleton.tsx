import parts from "../look/parts.module.css";
import styles from "./List.module.css";

/** Where nothing is known yet. */
export function ListSkeleton() {
  return (
    <div aria-busy="true">
      <span class={parts.hidden} role="status">
        Loading the conversations
      </span>
      {[58, 42, 66, 50, 38].map((width) => (
        <div key={width} class={styles.waitingRow}>
          <span class={parts.skeleton} style={`width: ${width}%`} />
          <span class={parts.skeleton} style={`width: ${(width * 1.4).toFixed(0)}%`} />
        </div>
      ))}
    </div>
  );
}
