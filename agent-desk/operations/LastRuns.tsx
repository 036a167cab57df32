import { useEffect, useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import type { RunAnswer } from "../../src/protocol/commands.ts";
import { sentence } from "../commands/run.ts";
import { Chip } from "../look/Chip.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { runAddress } from "../runs/runsRoute.ts";
import { stateTones, stateWords } from "../runs/runWords.ts";
import { requestAsMe } from "../session/session.ts";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import styles from "./Bench.module.css";

/** Who ran it last, and how that ended, as far as I may see it. Live. */
export function LastRuns({ name }: { name: string }) {
  const { runs } = useDesk();
  const [last, setLast] = useState<readonly RunAnswer[] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const told = runs.told.value;
  useEffect(() => {
    let isMine = true;
    const filter = encodeURIComponent(JSON.stringify({ command: { eq: name } }));
    requestAsMe<{ items: RunAnswer[] }>({ method: "GET", path: `runs?limit=5&filter=${filter}` }).then(
      ({ items }) => isMine && setLast(items),
      (error: unknown) => isMine && setWrong(sentence(error)),
    );
    return () => {
      isMine = false;
    };
  }, [name, told]);
  return (
    <section>
      <h3>Last runs</h3>
      <Wrong>{wrong}</Wrong>
      {last?.length === 0 && <p class={parts.hint}>Nobody ran it yet.</p>}
      <ol class={styles.versions}>
        {last?.map(({ id, state, by, createdAt }) => (
          <li key={id}>
            <a class={parts.grow} href={runAddress(id)}>
              {by.name},{" "}
              <time dateTime={createdAt} title={exactTime(createdAt)}>
                {relativeTime(createdAt, now.value)}
              </time>
            </a>
            <Chip tone={stateTones[state]}>{stateWords[state]}</Chip>
          </li>
        ))}
      </ol>
    </section>
  );
}
