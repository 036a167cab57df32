import { ArrowLeft, Plus } from "lucide-preact";
import { lazy, Suspense } from "preact/compat";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { BlueprintView } from "../../src/protocol/blueprints.ts";
import { allowed } from "../commands/allowed.ts";
import { sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { ConnectionNotice } from "../shell/ConnectionNotice.tsx";
import desk from "../shell/Desk.module.css";
import { go } from "../shell/route.ts";
import { BlueprintList } from "./BlueprintList.tsx";
import { listBlueprints } from "./blueprints.ts";
import styles from "./Data.module.css";
import { type DataPlace, dataAddress, newBlueprintAddress } from "./dataRoute.ts";
import { EntitiesPane } from "./EntitiesPane.tsx";

const BlueprintPane = lazy(() => import("./editor/BlueprintPane.tsx").then(({ BlueprintPane: found }) => ({ default: found })));

const ImportPane = lazy(() => import("./import/ImportPane.tsx").then(({ ImportPane: found }) => ({ default: found })));

/** What a company's things are made of, and the things themselves. */
export function DataPage({ place }: { place: DataPlace }) {
  const [blueprints, setBlueprints] = useState<readonly BlueprintView[] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const again = useCallback(
    () =>
      listBlueprints().then(
        (found) => {
          setBlueprints(found);
          setWrong(null);
        },
        (error: unknown) => setWrong(sentence(error)),
      ),
    [],
  );
  useEffect(() => void again(), [again]);
  const isOpen = place.page !== "list";
  const mayMake = allowed.value.has("blueprint.create");
  return (
    <main class={`${desk.pane} ${styles.page}`} data-part="data" aria-label="Data">
      <div class={desk.head}>
        <span class={isOpen ? styles.back : desk.back}>
          <Button
            tone="plain"
            label={isOpen ? "All blueprints" : "Back to the inbox"}
            onClick={() => {
              if (isOpen) location.hash = dataAddress;
              else go({});
            }}
          >
            <ArrowLeft />
          </Button>
        </span>
        <h1 class={desk.grow}>Data</h1>
        {mayMake && place.page !== "newBlueprint" && blueprints?.length !== 0 && (
          <Button
            small
            tone={isOpen ? undefined : "primary"}
            tip="New blueprint"
            command="blueprint.create"
            onClick={() => {
              location.hash = newBlueprintAddress;
            }}
          >
            <Plus aria-hidden="true" /> New blueprint
          </Button>
        )}
      </div>
      <ConnectionNotice />
      <div class={styles.columns} data-open={isOpen && blueprints?.length !== 0}>
        {(!isOpen || blueprints?.length !== 0) && (
          <BlueprintList
            blueprints={blueprints}
            wrong={wrong}
            open={place.page === "list" || place.page === "newBlueprint" ? null : place.key}
            isNarrow={isOpen}
            onChanged={again}
          />
        )}
        {place.page === "entities" && <EntitiesPane key={`${place.key} ${place.look}`} place={place} />}
        {place.page === "import" && (
          <Suspense fallback={<section aria-busy="true" />}>
            <ImportPane key={`${place.key} ${place.id}`} of={place.key} id={place.id} />
          </Suspense>
        )}
        {(place.page === "blueprint" || place.page === "newBlueprint") && (
          <Suspense fallback={<section aria-busy="true" />}>
            <BlueprintPane
              key={place.page === "blueprint" ? place.key : "+new"}
              of={place.page === "blueprint" ? place.key : null}
              part={place.part}
              onChanged={again}
            />
          </Suspense>
        )}
      </div>
    </main>
  );
}
