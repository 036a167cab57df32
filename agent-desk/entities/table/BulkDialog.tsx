import { useEffect, useState } from "preact/hooks";
import type { BlueprintView, Field } from "../../../src/protocol/blueprints.ts";
import type { PlanAnswer } from "../../../src/protocol/commands.ts";
import { PlannedChanges } from "../../answers/PlannedChanges.tsx";
import { sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import popups from "../../look/popups.module.css";
import { Scrolled } from "../../look/Scrolled.tsx";
import { Wrong } from "../../look/Wrong.tsx";
import { Choice, Labelled } from "../../settings/fields.tsx";
import type { Written } from "../entities.ts";
import { FieldInput } from "../fields/FieldInput.tsx";
import { fieldTypes } from "../fields/fieldTypes.ts";
import { argumentOf, type Bulk, planBulk } from "./bulk.ts";
import type { Which } from "./chosen.ts";
import styles from "./Table.module.css";

interface BulkDialogLook {
  blueprint: BlueprintView;
  kind: "change" | "step" | "trash";
  which: Which;
  count: string;
  onDo: (bulk: Bulk) => void;
  onClose: () => void;
}

/** What shall become of many: asked for, and said with numbers before it is done. */
export function BulkDialog({ blueprint, kind, which, count, onDo, onClose }: BulkDialogLook) {
  const { key, fields, flow } = blueprint;
  const changeable = fields.filter(
    ({ type, unique, key: called }) => fieldTypes[type].given !== true && unique !== true && type !== "file" && called !== flow?.field,
  );
  const steps = flow?.transitions ?? [];
  const [field, setField] = useState((changeable.find(({ type }) => type === "choice") ?? changeable[0])?.key ?? "");
  const [step, setStep] = useState(steps[0]?.key ?? "");
  const [values, setValues] = useState<Readonly<Record<string, Written>>>({});
  const required = steps.find((one) => one.key === step)?.required ?? [];
  const asked = fields.filter((one) => (kind === "change" ? one.key === field : kind === "step" && required.includes(one.key)));
  const bulk = bulkOf(kind, step, asked, values);
  const { plan, wrong } = usePlan(key, which, bulk);
  const title = { change: `Change a field of ${count}`, step: `Take ${count} a step on`, trash: `Move ${count} into the trash` }[kind];
  return (
    <Dialog title={title} command={`${key}.${bulk.verb}`} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (plan !== null && wrong === null) onDo(bulk);
        }}
      >
        <div class={popups.dialogBody}>
          {kind === "change" && (
            <Choice
              id="bulk-field"
              label="Field"
              wrong={null}
              value={field}
              options={changeable.map((one) => ({ value: one.key, label: one.name }))}
              onInput={setField}
            />
          )}
          {kind === "step" && (
            <Choice
              id="bulk-step"
              label="Step"
              wrong={null}
              value={step}
              options={steps.map((one) => ({ value: one.key, label: one.name }))}
              onInput={setStep}
            />
          )}
          {asked.map((one) => {
            const label = kind === "change" ? "New value" : one.name;
            const say = (value: Written) => setValues({ ...values, [one.key]: value });
            return (
              <Labelled key={one.key} id={`bulk-${one.key}`} label={label} wrong={null}>
                <FieldInput
                  id={`bulk-${one.key}`}
                  field={one}
                  value={values[one.key] ?? null}
                  isWrong={false}
                  label={label}
                  onInput={say}
                />
              </Labelled>
            );
          })}
          <Scrolled class={styles.plan} label="What would change">
            {plan === null ? <p>Looking what would change…</p> : <PlannedChanges changes={plan.changes} />}
          </Scrolled>
          <Wrong>{wrong}</Wrong>
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone={kind === "trash" ? "danger" : "primary"} type="submit" disabled={plan === null || wrong !== null}>
            {{ change: `Change ${count}`, step: `Take ${count} on`, trash: `Move ${count}` }[kind]}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function bulkOf(kind: BulkDialogLook["kind"], step: string, asked: readonly Field[], values: Readonly<Record<string, Written>>): Bulk {
  if (kind === "trash") return { verb: "delete-all", args: {} };
  const said = asked.flatMap((field): [string, unknown][] => {
    const value = values[field.key] ?? null;
    return kind === "step" && value === null ? [] : [[field.key, argumentOf(value)]];
  });
  return kind === "change"
    ? { verb: "update-all", args: Object.fromEntries(said) }
    : { verb: "step-all", args: { step, ...Object.fromEntries(said) } };
}

/** Whoever types isn't answered letter by letter. */
const restMs = 300;

function usePlan(key: string, which: Which, bulk: Bulk): { plan: PlanAnswer | null; wrong: string | null } {
  const [found, setFound] = useState<{ asked: string; plan: PlanAnswer } | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const asked = JSON.stringify([which, bulk]);
  useEffect(() => {
    let isOver = false;
    const timer = setTimeout(() => {
      planBulk(key, which, bulk).then(
        (plan) => {
          if (isOver) return;
          setFound({ asked, plan });
          setWrong(null);
        },
        (error: unknown) => {
          if (!isOver) setWrong(sentence(error));
        },
      );
    }, restMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [asked]);
  // What was looked at for something else says nothing of this.
  return { plan: found?.asked === asked ? found.plan : null, wrong };
}
