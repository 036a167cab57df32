import { Plus, X } from "lucide-preact";
import type { Effect } from "../../../src/protocol/blueprints.ts";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { asField, type MarkedField } from "../editor/blueprintDraft.ts";
import type { Written } from "../entities.ts";
import { FieldInput } from "../fields/FieldInput.tsx";
import styles from "./Flow.module.css";
import { type EffectKind, kindOf, kindsFor } from "./flowDraft.ts";

interface RowsLook {
  set: Readonly<Record<string, Effect>>;
  /** Those that a step may write. */
  fields: readonly MarkedField[];
  wrongOf: (key: string) => string | null;
  onSet: (set: Readonly<Record<string, Effect>>) => void;
}

const words: Readonly<Record<EffectKind, string>> = {
  now: "to this moment",
  value: "to",
  add: "more by",
  field: "to what stands in",
  empty: "to nothing",
};

/** What a step writes, a line for each field. */
export function EffectRows({ set, fields, wrongOf, onSet }: RowsLook) {
  const rows = Object.entries(set);
  const free = fields.filter(({ key }) => !Object.hasOwn(set, key));
  const begun = (field: MarkedField): Effect => (kindsFor(field).includes("now") ? { now: true } : "");
  const replace = (key: string, next: [string, Effect] | null) =>
    onSet(Object.fromEntries(rows.flatMap(([one, effect]) => (one === key ? (next === null ? [] : [next]) : [[one, effect]]))));
  return (
    <fieldset class={styles.effects}>
      <legend>Sets</legend>
      {rows.map(([key, effect]) => {
        const field = fields.find((one) => one.key === key);
        if (field === undefined) return null;
        return (
          <div key={key} class={styles.effect}>
            <select
              class={parts.field}
              aria-label="Field that is set"
              value={key}
              onChange={(event) => {
                const other = fields.find((one) => one.key === event.currentTarget.value);
                if (other !== undefined) replace(key, [other.key, begun(other)]);
              }}
            >
              {[field, ...free].map((one) => (
                <option key={one.key} value={one.key}>
                  {one.name}
                </option>
              ))}
            </select>
            <EffectInput
              field={field}
              fields={fields}
              effect={effect}
              isWrong={wrongOf(key) !== null}
              onEffect={(next) => replace(key, [key, next])}
            />
            <Button small tone="plain" label={`Don't set ${field.name}`} onClick={() => replace(key, null)}>
              <X />
            </Button>
            <Wrong>{wrongOf(key)}</Wrong>
          </div>
        );
      })}
      {free.length > 0 && (
        <div>
          <Button
            small
            tone="plain"
            onClick={() => {
              const next = free.find((field) => kindsFor(field).includes("now")) ?? free[0];
              if (next !== undefined) onSet({ ...set, [next.key]: begun(next) });
            }}
          >
            <Plus aria-hidden="true" /> Set a field
          </Button>
        </div>
      )}
    </fieldset>
  );
}

interface InputLook {
  field: MarkedField;
  fields: readonly MarkedField[];
  effect: Effect;
  isWrong: boolean;
  onEffect: (effect: Effect) => void;
}

function EffectInput({ field, fields, effect, isWrong, onEffect }: InputLook) {
  const kind = kindOf(effect);
  const others = fields.filter(({ key, type }) => key !== field.key && type === field.type);
  const kinds = kindsFor(field).filter((one) => one !== "field" || others.length > 0);
  const begin = (next: EffectKind): Effect => {
    if (next === "now") return { now: true };
    if (next === "add") return { add: 1 };
    if (next === "field") return { field: others[0]?.key ?? "" };
    return next === "empty" ? null : "";
  };
  const id = `effect-${field.mark}`;
  return (
    <>
      <select
        class={parts.field}
        aria-label={`How ${field.name} is set`}
        value={kind}
        onChange={(event) => {
          const next = kinds.find((one) => one === event.currentTarget.value);
          if (next !== undefined) onEffect(begin(next));
        }}
      >
        {kinds.map((one) => (
          <option key={one} value={one}>
            {words[one]}
          </option>
        ))}
      </select>
      {kind === "value" && (
        <FieldInput
          id={id}
          label={`What ${field.name} becomes`}
          field={{ ...asField(field), required: false }}
          value={writtenIn(effect)}
          isWrong={isWrong}
          onInput={(value) => onEffect(value ?? "")}
        />
      )}
      {kind === "add" && (
        <input
          class={parts.field}
          aria-label={`How much more ${field.name} becomes; less with a minus`}
          aria-invalid={isWrong}
          inputMode="decimal"
          value={addedIn(effect)}
          onInput={(event) =>
            onEffect({ add: field.type === "integer" ? wholeOr(event.currentTarget.value) : event.currentTarget.value.trim() })
          }
        />
      )}
      {kind === "field" && (
        <select
          class={parts.field}
          aria-label={`What ${field.name} is taken from`}
          value={fieldIn(effect)}
          onChange={(event) => onEffect({ field: event.currentTarget.value })}
        >
          {others.map(({ key, name }) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      )}
    </>
  );
}

/** What it becomes, where that is a value that is said. */
function writtenIn(effect: Effect): Written {
  if (effect === null || effect === "" || (typeof effect === "object" && ("now" in effect || "add" in effect || "field" in effect)))
    return null;
  return effect;
}

function addedIn(effect: Effect): string {
  return typeof effect === "object" && effect !== null && "add" in effect ? String(effect.add) : "";
}

function fieldIn(effect: Effect): string {
  return typeof effect === "object" && effect !== null && "field" in effect ? effect.field : "";
}

/** A whole number, or what was written, which the server refuses by its name. */
function wholeOr(written: string): number | string {
  return /^[+-]?\d{1,15}$/.test(written.trim()) ? Number(written) : written;
}
