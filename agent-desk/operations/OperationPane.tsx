import { useCallback, useEffect, useState } from "preact/hooks";
import { sentence } from "../commands/run.ts";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import styles from "./Bench.module.css";
import { draftOf } from "./draft.ts";
import { type Known, showOperation } from "./operations.ts";
import { Workbench } from "./Workbench.tsx";

/** One operation, with its latest version. */
export function OperationPane({ name, onChanged }: { name: string; onChanged: () => void }) {
  const [known, setKnown] = useState<Known | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const load = useCallback(
    () =>
      showOperation(name).then(
        (found) => {
          setKnown(found);
          setWrong(null);
        },
        (error: unknown) => setWrong(sentence(error)),
      ),
    [name],
  );
  useEffect(() => void load(), [load]);
  if (known === null)
    return (
      <section class={styles.bench} aria-busy={wrong === null}>
        <div class={styles.work}>{wrong === null ? <span class={parts.skeleton} style="width: 60%" /> : <Wrong>{wrong}</Wrong>}</div>
      </section>
    );
  const changed = async () => {
    await load();
    onChanged();
  };
  return <Workbench stored={known.operation} versions={known.versions} begin={draftOf(known.operation)} onSaved={changed} />;
}
