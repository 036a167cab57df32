import { CircleCheck, Pause, Play } from "lucide-preact";
import { useState } from "preact/hooks";
import type { ImportView } from "../../../src/protocol/imports.ts";
import { sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import { Wrong } from "../../look/Wrong.tsx";
import { manyOf } from "../blueprints.ts";
import { entitiesAddress, importAddress } from "../dataRoute.ts";
import styles from "./Import.module.css";
import { cancelImport, pauseImport, startImport, takeErrors } from "./imports.ts";
import { countsInWords } from "./importWords.ts";

/** How far an import is, and what became of its rows. */
export function ProgressView({ view, onView }: { view: ImportView; onView: (view: ImportView) => void }) {
  const [wrong, setWrong] = useState<string | null>(null);
  const { blueprint, state, position, rows, counts, fault, name } = view;
  const act = (what: (view: ImportView) => Promise<ImportView>) => () => {
    setWrong(null);
    void what(view).then(onView, (error: unknown) => setWrong(sentence(error)));
  };
  const isOver = state === "done" || state === "cancelled";
  const behind = state === "done" ? rows : position;
  return (
    <>
      <p class={styles.told} role="status">
        {state === "done" && <CircleCheck aria-hidden="true" />}
        <b>{name}</b>
        <span>
          {words[state]}: {behind.toLocaleString()} of {rows.toLocaleString()} rows
        </span>
      </p>
      <progress class={styles.progress} value={behind} max={rows} aria-label={`How far ${name} is`} />
      <p>{countsInWords(counts)}</p>
      {fault !== null && <Wrong>{fault}</Wrong>}
      <Wrong>{wrong}</Wrong>
      <div class={styles.actions}>
        {state === "going" && (
          <Button onClick={act(pauseImport)}>
            <Pause aria-hidden="true" /> Pause
          </Button>
        )}
        {state === "paused" && (
          <Button tone="primary" command={`${blueprint}.import`} onClick={act(startImport)}>
            <Play aria-hidden="true" /> Go on
          </Button>
        )}
        {!isOver && <Button onClick={act(cancelImport)}>Cancel the rest</Button>}
        {counts.failed > 0 && (
          <Button onClick={() => void takeErrors(view).catch((error: unknown) => setWrong(sentence(error)))}>Save the errors as CSV</Button>
        )}
        {isOver && (
          <>
            <a href={entitiesAddress(blueprint)}>Show {manyOf(blueprint).toLocaleLowerCase()}</a>
            <a href={importAddress(blueprint)}>Import another file</a>
          </>
        )}
      </div>
    </>
  );
}

const words: Readonly<Record<ImportView["state"], string>> = {
  draft: "Not begun",
  going: "Coming in",
  paused: "Paused",
  done: "Done",
  cancelled: "Cancelled",
};
