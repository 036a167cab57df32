import { useState } from "preact/hooks";
import type { BlueprintView, EntityView, Field, Transition } from "../../../src/protocol/blueprints.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import popups from "../../look/popups.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { Choice } from "../../settings/fields.tsx";
import { takeTransition, type Written, type WrittenValues } from "../entities.ts";
import { titleOf } from "../fields/valueWords.ts";
import { EntityFields } from "../panel/EntityFields.tsx";
import { wrongOf } from "../panel/useEntityDraft.ts";

interface DialogLook {
  blueprint: BlueprintView;
  entity: EntityView;
  /** Those that lead where it was put. */
  steps: readonly Transition[];
  onTaken: (entity: EntityView) => void;
  onClose: () => void;
}

/** What a step asks for before it is taken; and which, where several lead there. */
export function StepDialog({ blueprint, entity, steps, onTaken, onClose }: DialogLook) {
  const [wanted, setWanted] = useState(steps[0]?.key);
  const [written, setWritten] = useState<WrittenValues>({});
  const [told, setTold] = useState<ReturnType<typeof wrongOf>>({ wrong: {}, problem: null });
  const [isSaving, setSaving] = useState(false);
  const step = steps.find(({ key }) => key === wanted);
  if (step === undefined) return null;
  const asked = asksFor(blueprint, step, entity);
  const take = async () => {
    if (isSaving) return;
    setSaving(true);
    try {
      const values = Object.fromEntries(asked.map(({ key }) => [key, ownValue(written, key) ?? null]));
      onTaken(await takeTransition(blueprint.key, entity.id, step.key, values));
    } catch (error) {
      setTold(wrongOf(error));
      setSaving(false);
      requestAnimationFrame(() => document.querySelector<HTMLElement>("[role=dialog] [aria-invalid=true]")?.focus());
    }
  };
  return (
    <Dialog title={`${step.name}: ${titleOf(blueprint.fields, entity)}`} command={`${blueprint.key}.${step.key}`} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void take();
        }}
      >
        <div class={popups.dialogBody}>
          {steps.length > 1 && (
            <Choice
              id="step-taken"
              label="What is done"
              wrong={null}
              value={step.key}
              options={steps.map(({ key, name }) => ({ value: key, label: name }))}
              onInput={setWanted}
            />
          )}
          <EntityFields
            id="step"
            fields={asked.map((field) => ({ ...field, required: true, section: "" }))}
            values={written}
            wrong={told.wrong}
            onInput={(key: string, value: Written) => {
              setWritten({ ...written, [key]: value });
              setTold({ wrong: Object.fromEntries(Object.entries(told.wrong).filter(([other]) => other !== key)), problem: null });
            }}
          />
          <Wrong>{told.problem}</Wrong>
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit" keys="↵" disabled={isSaving}>
            {isSaving ? "Saving…" : step.name}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The fields that must have a value for a step, and have none. */
export function asksFor({ fields }: BlueprintView, { required = [] }: Transition, { values }: EntityView): Field[] {
  return fields.filter(({ key }) => required.includes(key) && ownValue(values, key) === undefined);
}
