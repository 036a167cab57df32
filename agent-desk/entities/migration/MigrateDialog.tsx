import { CircleCheck, Pause, Play } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { BlueprintView, Field } from "../../../src/protocol/blueprints.ts";
import type { RunAnswer } from "../../../src/protocol/commands.ts";
import { sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import parts from "../../look/parts.module.css";
import popups from "../../look/popups.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { Choice } from "../../settings/fields.tsx";
import { manyOf, readBlueprint } from "../blueprints.ts";
import styles from "./Migration.module.css";
import { type MigrationPreview, pauseMigration, previewMigration, readRun, startMigration, type Way } from "./migrations.ts";
import { UnfitValues } from "./UnfitValues.tsx";

interface DialogLook {
  stored: BlueprintView;
  /** The version that entities shall come to. */
  to: number;
  onClose: () => void;
}

const askedAfterMs = 300;
const readEveryMs = 500;

/** Brings entities to a version: what would become of them, what to do with what doesn't fit, and how far it is. */
export function MigrateDialog({ stored, to, onClose }: DialogLook) {
  const [way, setWay] = useState<Way>({ to, unfit: "skip", replace: {}, fill: {} });
  const [fields, setFields] = useState<readonly Field[]>([]);
  const [preview, setPreview] = useState<MigrationPreview | null>(null);
  const [run, setRun] = useState<RunAnswer | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const fail = (error: unknown) => setWrong(sentence(error));
  const { key } = stored;
  useEffect(() => void readBlueprint(key, to).then((found) => setFields(found.fields), fail), [key, to]);
  useEffect(() => {
    let isLate = false;
    const later = setTimeout(
      () =>
        void previewMigration(key, way).then(
          (found) => {
            if (isLate) return;
            setPreview(found);
            setWrong(null);
          },
          (error: unknown) => isLate || fail(error),
        ),
      preview === null ? 0 : askedAfterMs,
    );
    return () => {
      isLate = true;
      clearTimeout(later);
    };
  }, [key, JSON.stringify(way)]);
  const isGoing = run?.state === "running";
  useEffect(() => {
    if (run === null || run.state !== "running") return;
    const later = setTimeout(() => void readRun(run.id).then(setRun, fail), readEveryMs);
    return () => clearTimeout(later);
  }, [run]);
  const start = async () => {
    setWrong(null);
    await startMigration(key, way).then(setRun, fail);
  };
  const many = manyOf(key).toLocaleLowerCase();
  return (
    <Dialog title={`Bring ${many} to version ${to}`} command="blueprint.migrate" wide onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <div class={popups.dialogBody}>
          {run === null ? (
            <>
              {preview === null ? <span class={parts.skeleton} style="width: 60%" /> : <Counted preview={preview} many={many} />}
              {preview !== null && (
                <>
                  <UnfitValues unfit={preview.unfit} fields={fields} way={way} onWay={setWay} />
                  {(Object.keys(preview.unfit).length > 0 || way.unfit === "empty") && (
                    <Choice
                      id="migrate-unfit"
                      label="With a value that fits nowhere they"
                      wrong={null}
                      value={way.unfit}
                      options={[
                        { value: "skip", label: "stay as they are" },
                        { value: "empty", label: "come along, and leave that field empty" },
                      ]}
                      onInput={(unfit) => setWay({ ...way, unfit: unfit === "empty" ? "empty" : "skip" })}
                    />
                  )}
                  <Samples rows={preview.rows} />
                </>
              )}
            </>
          ) : (
            <Progress run={run} />
          )}
          <Wrong>{wrong ?? run?.error?.message ?? null}</Wrong>
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={onClose}>{run === null ? "Cancel" : "Close"}</Button>
          {run === null && (
            <Button tone="primary" type="submit" disabled={preview === null || preview.of === 0}>
              Bring them
            </Button>
          )}
          {isGoing && (
            <Button onClick={() => void pauseMigration(run.id).catch(fail)}>
              <Pause aria-hidden="true" /> Pause
            </Button>
          )}
          {(run?.state === "cancelled" || run?.state === "failed" || run?.state === "uncertain") && (
            <Button tone="primary" type="submit">
              <Play aria-hidden="true" /> Go on
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

function Counted({ preview: { to, of, lookedAt, migrated, skipped }, many }: { preview: MigrationPreview; many: string }) {
  if (of === 0)
    return (
      <p>
        All {many} are of version {to} already.
      </p>
    );
  const seen = lookedAt < of ? ` (of the first ${lookedAt.toLocaleString()})` : "";
  return (
    <p role="status">
      <b>{of.toLocaleString()}</b> are of other versions. <b>{migrated.toLocaleString()}</b> come to version {to}
      {skipped > 0 && (
        <>
          , <b>{skipped.toLocaleString()}</b> stay as they are
        </>
      )}
      {seen}. Nothing is lost that the way back needs.
    </p>
  );
}

/** Some of them, field by field. */
function Samples({ rows }: Pick<MigrationPreview, "rows">) {
  if (rows.length === 0) return null;
  return (
    <section class={styles.samples} aria-label="Samples">
      <table>
        <thead>
          <tr>
            <th scope="col">Of some</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ text, before, after }) => (
            <tr key={text}>
              <th scope="row">{text}</th>
              <td>{before ?? <i>nothing</i>}</td>
              <td>{after ?? <i>nothing</i>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const words: Partial<Record<RunAnswer["state"], string>> = {
  running: "Under way",
  cancelled: "Paused; what has come stays there",
  failed: "It stopped",
  uncertain: "It stopped",
};

function Progress({ run: { state, progress, messages } }: { run: RunAnswer }) {
  if (state === "succeeded")
    return (
      <p role="status" class={styles.told}>
        <CircleCheck aria-hidden="true" /> {messages[0]?.text}
      </p>
    );
  return (
    <>
      <p role="status">
        {words[state] ?? state}
        {progress?.text !== undefined && `: ${progress.text}`}
      </p>
      <progress
        class={styles.progress}
        aria-label="How far it is"
        {...(progress?.of === undefined ? {} : { value: progress.done ?? 0, max: progress.of })}
      />
    </>
  );
}
