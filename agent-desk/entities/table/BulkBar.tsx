import { Trash2, Undo2 } from "lucide-preact";
import { useState } from "preact/hooks";
import type { BlueprintView, EntityView } from "../../../src/protocol/blueprints.ts";
import { sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import parts from "../../look/parts.module.css";
import popups from "../../look/popups.module.css";
import { Choice, Labelled } from "../../settings/fields.tsx";
import { changeEntity, restoreEntity, trashEntity, type Written } from "../entities.ts";
import type { EntityRows } from "../entityRows.ts";
import { FieldInput } from "../fields/FieldInput.tsx";
import { fieldTypes } from "../fields/fieldTypes.ts";
import { titleOf } from "../fields/valueWords.ts";
import styles from "./Table.module.css";
import { type Outcome, throughAll } from "./throughAll.ts";

interface BulkLook {
  blueprint: BlueprintView;
  rows: EntityRows;
  chosen: ReadonlySet<string>;
  onChosen: (chosen: ReadonlySet<string>) => void;
  isTrash: boolean;
}

/** What can be done with all that are chosen; what was refused stays chosen, and says why. */
export function BulkBar({ blueprint, rows, chosen, onChosen, isTrash }: BulkLook) {
  const [done, setDone] = useState<number | null>(null);
  const [isChanging, setChanging] = useState(false);
  const [refused, setRefused] = useState<readonly Outcome[]>([]);
  const there = rows.rows.value.map(({ entity }) => entity).filter(({ id }) => chosen.has(id));
  if (there.length === 0 && refused.length === 0) return null;
  const each = async (act: (entity: EntityView) => Promise<unknown>, moves: boolean) => {
    setDone(0);
    const outcomes = await throughAll(there, act, setDone);
    const failed = outcomes.filter(({ error }) => error !== undefined);
    setDone(null);
    setRefused(failed);
    onChosen(new Set(failed.map(({ entity }) => entity.id)));
    if (moves) rows.remove(new Set(outcomes.filter(({ error }) => error === undefined).map(({ entity }) => entity.id)));
  };
  return (
    <section class={styles.bulk} aria-label="Chosen">
      <b role="status">{done === null ? `${there.length.toLocaleString()} chosen` : `${done} of ${there.length} done`}</b>
      {!isTrash && (
        <>
          <Button small disabled={done !== null} command={`${blueprint.key}.update`} onClick={() => setChanging(true)}>
            Change a field
          </Button>
          <Button
            small
            tone="danger"
            disabled={done !== null}
            command={`${blueprint.key}.delete`}
            onClick={() => void each(({ id }) => trashEntity(blueprint.key, id), true)}
          >
            <Trash2 aria-hidden="true" /> Move to the trash
          </Button>
        </>
      )}
      {isTrash && (
        <Button
          small
          tone="primary"
          disabled={done !== null}
          command={`${blueprint.key}.restore`}
          onClick={() => void each(({ id }) => restoreEntity(blueprint.key, id), true)}
        >
          <Undo2 aria-hidden="true" /> Restore
        </Button>
      )}
      <Button
        small
        tone="plain"
        onClick={() => {
          onChosen(new Set());
          setRefused([]);
        }}
      >
        Choose none
      </Button>
      {refused.length > 0 && (
        <ul class={styles.refused} role="alert">
          {refused.slice(0, 5).map(({ entity, error }) => (
            <li key={entity.id}>
              <b>{titleOf(blueprint.fields, entity)}</b> {sentence(error)}
            </li>
          ))}
          {refused.length > 5 && <li>and {refused.length - 5} more</li>}
        </ul>
      )}
      {isChanging && (
        <ChangeDialog
          blueprint={blueprint}
          count={there.length}
          onChange={(key, value) => {
            setChanging(false);
            void each(
              async (entity) => rows.replace(await changeEntity(blueprint.key, entity.id, { [key]: value }, entity.version)),
              false,
            );
          }}
          onClose={() => setChanging(false)}
        />
      )}
    </section>
  );
}

interface ChangeLook {
  blueprint: BlueprintView;
  count: number;
  onChange: (key: string, value: Written) => void;
  onClose: () => void;
}

function ChangeDialog({ blueprint, count, onChange, onClose }: ChangeLook) {
  const fields = blueprint.fields.filter(({ type, unique }) => fieldTypes[type].given !== true && unique !== true);
  const [key, setKey] = useState((fields.find(({ type }) => type === "choice") ?? fields[0])?.key ?? "");
  const [value, setValue] = useState<Written>(null);
  const field = fields.find((one) => one.key === key);
  return (
    <Dialog title={`Change a field of ${count.toLocaleString()}`} command={`${blueprint.key}.update`} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onChange(key, value);
        }}
      >
        <div class={popups.dialogBody}>
          <Choice
            id="bulk-field"
            label="Field"
            wrong={null}
            value={key}
            options={fields.map((one) => ({ value: one.key, label: one.name }))}
            onInput={(next) => {
              setKey(next);
              setValue(null);
            }}
          />
          {field !== undefined && (
            <Labelled id="bulk-value" label="New value" wrong={null}>
              <FieldInput id="bulk-value" field={field} value={value} isWrong={false} label="New value" onInput={setValue} />
            </Labelled>
          )}
          <p class={parts.hint}>
            {value === null
              ? `Empties it in ${count.toLocaleString()}.`
              : `Stands in ${count.toLocaleString()} then; each has it in its history.`}
          </p>
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit" disabled={field === undefined}>
            Change {count.toLocaleString()}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
