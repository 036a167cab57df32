import { X } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { newClientId } from "../../../src/client/clientId.ts";
import type { BlueprintView, EntityView } from "../../../src/protocol/blueprints.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import { Refusal } from "../../../src/protocol/refusal.ts";
import { hiddenFields } from "../../../src/protocol/shownFields.ts";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { createEntity, type Written, type WrittenValues } from "../entities.ts";
import { fieldTypes, isMoment } from "../fields/fieldTypes.ts";
import { titleOf } from "../fields/valueWords.ts";
import { EntityFields } from "./EntityFields.tsx";
import styles from "./Panel.module.css";
import { wrongOf } from "./useEntityDraft.ts";

interface NewLook {
  blueprint: BlueprintView;
  /** What is written into it at first, besides what its fields begin with. */
  begin?: WrittenValues;
  onMade: (entity: EntityView) => void;
  onClose: () => void;
}

/** A new entity, made one after another without leaving the keyboard. */
export function NewEntity({ blueprint, begin = {}, onMade, onClose }: NewLook) {
  const [written, setWritten] = useState<WrittenValues>(begin);
  const [told, setTold] = useState<{ wrong: Readonly<Record<string, string>>; problem: string | null }>({ wrong: {}, problem: null });
  const [made, setMade] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const attempt = useRef(newClientId());
  const form = useRef<HTMLFormElement>(null);
  const fields = blueprint.fields.filter(({ type }) => fieldTypes[type].given !== true);
  const first = fields[0]?.key;
  const focusFirst = () => form.current?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  useEffect(focusFirst, [first]);
  const save = async () => {
    if (isSaving) return;
    setSaving(true);
    try {
      // What was written where nobody sees it any more stays here.
      const hidden = hiddenFields(fields, { ...beginnings(blueprint), ...written });
      const said = Object.fromEntries(Object.entries(written).filter(([key]) => !hidden.has(key)));
      const values = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null));
      const entity = await createEntity(blueprint.key, { ...emptied(said), ...values }, attempt.current);
      attempt.current = newClientId();
      onMade(entity);
      setMade(titleOf(blueprint.fields, entity));
      setWritten(begin);
      setTold({ wrong: {}, problem: null });
      focusFirst();
    } catch (error) {
      setTold(wrongOf(error));
      // What got no answer may be there already, and is asked for by its key again; what was refused is another one when it is sent again.
      if (!(error instanceof Refusal) || error.code !== "unavailable") attempt.current = newClientId();
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
    } finally {
      setSaving(false);
    }
  };
  return (
    <aside class={styles.panel} aria-label={`New ${blueprint.name.toLocaleLowerCase()}`}>
      <div class={styles.head}>
        <h2 class={parts.grow}>New {blueprint.name.toLocaleLowerCase()}</h2>
        <Button tone="plain" label="Close" keys="Esc" onClick={onClose}>
          <X />
        </Button>
      </div>
      <form
        class={styles.section}
        ref={form}
        noValidate
        onKeyDown={(event) => {
          if (event.key === "Escape" && !event.defaultPrevented) {
            event.preventDefault();
            onClose();
          }
        }}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <EntityFields
          id="new-entity"
          isNew
          fields={fields}
          values={{ ...beginnings(blueprint), ...written }}
          wrong={told.wrong}
          onInput={(key: string, value: Written) => {
            attempt.current = newClientId();
            setWritten({ ...written, [key]: value });
            setTold({ wrong: Object.fromEntries(Object.entries(told.wrong).filter(([other]) => other !== key)), problem: null });
          }}
        />
        <Wrong>{told.problem}</Wrong>
        <div class={styles.foot}>
          <span class={parts.hint} role="status">
            {made === null ? "" : `${made} is made.`}
          </span>
          <span class={parts.grow} />
          <Button tone="primary" type="submit" command={`${blueprint.key}.create`} keys="↵" disabled={isSaving}>
            {isSaving ? "Saving…" : "Make it"}
          </Button>
        </div>
      </form>
    </aside>
  );
}

/** What its fields begin with, as far as a page knows it: what `now` is, the server says. */
function beginnings({ fields }: Pick<BlueprintView, "fields">): WrittenValues {
  return Object.fromEntries(
    fields.flatMap((field): [string, Written][] => (field.default === undefined || isMoment(field) ? [] : [[field.key, field.default]])),
  );
}

/** A default that was taken away is sent as empty. */
function emptied(written: WrittenValues): WrittenValues {
  return Object.fromEntries(Object.keys(written).flatMap((key) => (ownValue(written, key) === null ? [[key, null]] : [])));
}
