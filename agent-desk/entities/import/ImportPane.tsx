import { ArrowLeft } from "lucide-preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import type { ImportView } from "../../../src/protocol/imports.ts";
import { sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { manyOf, readBlueprint } from "../blueprints.ts";
import data from "../Data.module.css";
import { entitiesAddress, importAddress } from "../dataRoute.ts";
import { ChooseFile } from "./ChooseFile.tsx";
import { DraftView } from "./DraftView.tsx";
import styles from "./Import.module.css";
import { readImport } from "./imports.ts";
import { ProgressView } from "./ProgressView.tsx";

/** How often what goes on is looked at. */
const lookMs = 1000;

/** A file on its way to become entities: chosen, set, brought in. */
export function ImportPane({ of: key, id }: { of: string; id: string | null }) {
  const [blueprint, setBlueprint] = useState<BlueprintView | null>(null);
  const [view, setView] = useState<ImportView | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const look = useCallback(async () => {
    if (id === null) return;
    await readImport(key, id).then(
      (found) => {
        setView(found);
        setWrong(null);
      },
      (error: unknown) => setWrong(sentence(error)),
    );
  }, [key, id]);
  useEffect(() => {
    readBlueprint(key).then(setBlueprint, (error: unknown) => setWrong(sentence(error)));
  }, [key]);
  useEffect(() => {
    setView(null);
    void look();
  }, [look]);
  const isGoing = view?.state === "going";
  useEffect(() => {
    if (!isGoing) return;
    const timer = setInterval(() => void look(), lookMs);
    return () => clearInterval(timer);
  }, [isGoing, look]);
  const show = (found: ImportView) => {
    setView(found);
    setWrong(null);
    location.hash = importAddress(key, found.id);
  };
  return (
    <section class={data.entities} aria-label={`Import into ${manyOf(key)}`}>
      <div class={data.head}>
        <Button
          small
          tone="plain"
          label={`Back to ${manyOf(key)}`}
          onClick={() => {
            location.hash = entitiesAddress(key);
          }}
        >
          <ArrowLeft />
        </Button>
        <h2>Import into {manyOf(key)}</h2>
        <span class={parts.command}>{key}.import</span>
      </div>
      <div class={styles.body}>
        <Wrong>{wrong}</Wrong>
        {id === null && blueprint !== null && <ChooseFile of={key} onImport={show} />}
        {id !== null && blueprint !== null && view?.state === "draft" && (
          <DraftView key={view.id} blueprint={blueprint} view={view} onView={setView} onStarted={setView} />
        )}
        {view !== null && view.state !== "draft" && <ProgressView view={view} onView={setView} />}
      </div>
    </section>
  );
}
