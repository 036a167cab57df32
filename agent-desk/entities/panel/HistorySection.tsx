import { useEffect, useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../../src/client/relativeTime.ts";
import type { EntityChange, EntityView, Field, StartedRun } from "../../../src/protocol/blueprints.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import { sentence } from "../../commands/run.ts";
import { Chip } from "../../look/Chip.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { runAddress } from "../../runs/runsRoute.ts";
import { stateTones, stateWords } from "../../runs/runWords.ts";
import { now } from "../../shell/now.ts";
import { changeEntity, readHistory } from "../entities.ts";
import { fieldTypes } from "../fields/fieldTypes.ts";
import { isSameValue, valueWords } from "../fields/valueWords.ts";
import styles from "./Panel.module.css";

interface HistoryLook {
  blueprint: string;
  fields: readonly Field[];
  entity: EntityView;
  /** Counts what was heard of it: what a step started goes on without changing it. */
  heard: number;
  mayChange: boolean;
  onRestored: (entity: EntityView) => void;
}

/** What became of what a step started, with its run for who may see that. */
function Started({ started: { command, state, run, reason } }: { started: StartedRun }) {
  const words = state === undefined ? null : state === "asked" ? "About to begin" : stateWords[state];
  const chip = <Chip tone={state === undefined || state === "asked" ? undefined : stateTones[state]}>{words}</Chip>;
  return (
    <div class={styles.change}>
      Started <b>{command}</b> {words === null || run !== undefined ? null : chip}
      {run !== undefined && (
        <a href={runAddress(run)} title="Its run">
          {chip}
        </a>
      )}
      {reason !== undefined && <p class={parts.hint}>{reason}</p>}
    </div>
  );
}

const kinds = { trash: "Moved into the trash", restore: "Taken out of the trash", migrate: "Went to another version of its blueprint" };

/** Who changed what, and when, the newest first; what stood there before can stand there again. */
export function HistorySection({ blueprint, fields, entity, heard, mayChange, onRestored }: HistoryLook) {
  const [changes, setChanges] = useState<readonly EntityChange[] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const { id, version } = entity;
  useEffect(() => {
    let ended = false;
    readHistory(blueprint, id).then(
      (found) => {
        if (!ended) setChanges(found);
      },
      (error: unknown) => {
        if (!ended) setWrong(sentence(error));
      },
    );
    return () => {
      ended = true;
    };
  }, [blueprint, id, version, heard]);
  const restore = async (field: Field, { before }: EntityChange) => {
    try {
      onRestored(await changeEntity(blueprint, id, { [field.key]: ownValue(before, field.key) ?? null }, version));
      setWrong(null);
    } catch (error) {
      setWrong(sentence(error));
    }
  };
  return (
    <section class={styles.section} aria-label="History">
      <h3>
        History <span class={parts.hint}>{changes?.length ?? ""}</span>
      </h3>
      <Wrong>{wrong}</Wrong>
      {changes?.length === 0 && <p class={parts.hint}>Nobody changed it since it was made.</p>}
      <ol class={styles.history}>
        {changes?.map((change) => (
          <li key={change.version}>
            {change.kind !== "change" && <b>{kinds[change.kind]}</b>}
            {fields
              .filter(({ key }) => ownValue(change.before, key) !== undefined || ownValue(change.after, key) !== undefined)
              .map((field) => {
                const [before, after] = [ownValue(change.before, field.key), ownValue(change.after, field.key)];
                const canReturn =
                  mayChange && fieldTypes[field.type].given !== true && !isSameValue(before, ownValue(entity.values, field.key));
                return (
                  <div key={field.id} class={styles.change}>
                    <b>{field.name}</b> <del>{valueWords(field, before) || "nothing"}</del> →{" "}
                    <ins>{valueWords(field, after) || "nothing"}</ins>{" "}
                    {canReturn && (
                      <button
                        type="button"
                        title={`${blueprint}.update`}
                        aria-label={`Restore ${field.name}: ${valueWords(field, before) || "nothing"}`}
                        onClick={() => void restore(field, change)}
                      >
                        restore
                      </button>
                    )}
                  </div>
                );
              })}
            {change.started?.map((started, place) => (
              <Started key={place} started={started} />
            ))}
            <span class={parts.hint}>
              {change.by},{" "}
              <time dateTime={change.at} title={exactTime(change.at)}>
                {relativeTime(change.at, now.value)}
              </time>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
