import { Button } from "../look/Button.tsx";
import styles from "./UnderWayList.module.css";
import { stop, underWay } from "./underWay.ts";

/** What runs and takes its time, with the way to stop it. `over` lies over the page, in a corner. */
export function UnderWayList({ over = false }: { over?: boolean }) {
  return (
    <div class={over ? styles.over : undefined} role="status">
      {underWay.value.map(({ id, command, told, stopping }) => (
        <div key={id} class={styles.run}>
          <span>
            <b>{command}</b> {stopping ? "is stopping…" : told === "" ? "is running…" : `is running: ${told}`}
          </span>
          <Button small disabled={stopping} command="run.cancel" tip={`Stops ${command}`} onClick={() => void stop(id)}>
            Stop {command}
          </Button>
        </div>
      ))}
    </div>
  );
}
