import { useEffect, useState } from "preact/hooks";
import type { BlueprintView, IndexView } from "../../../src/protocol/blueprints.ts";
import { Chip } from "../../look/Chip.tsx";
import { listIndexes } from "../blueprints.ts";
import styles from "./Editor.module.css";

const lookAgainMs = 3000;
const states = {
  making: { tone: "accent", label: "being made" },
  ready: { tone: "good", label: "ready" },
  failed: { tone: "bad", label: "failed" },
} as const;

/** How far the indexes are of the version that is saved; looked at again as long as one is being made. */
export function IndexStates({ stored: { key, fields } }: { stored: BlueprintView }) {
  const [indexes, setIndexes] = useState<readonly IndexView[]>([]);
  useEffect(() => {
    if (!fields.some(({ indexed }) => indexed === true)) return;
    let timer = 0;
    const look = async () => {
      // Whoever looks in vain looks again.
      const found = await listIndexes(key).catch(() => null);
      if (found !== null) setIndexes(found);
      if (found === null || found.some(({ state }) => state === "making")) timer = window.setTimeout(look, lookAgainMs);
    };
    void look();
    return () => clearTimeout(timer);
  }, [key, fields]);
  if (indexes.length === 0) return null;
  return (
    <section aria-label="Indexes">
      <h3>Indexes</h3>
      <ul class={styles.indexes}>
        {indexes.map(({ field, state, reason }) => (
          <li key={field}>
            <span>{fields.find((one) => one.key === field)?.name ?? field}</span>
            <Chip tone={states[state].tone}>{states[state].label}</Chip>
            {reason !== undefined && <p>{reason}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
