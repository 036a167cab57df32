import { Plus, X } from "lucide-preact";
import { useState } from "preact/hooks";
import type { Field } from "../../../src/protocol/blueprints.ts";
import { Button } from "../../look/Button.tsx";
import { Choice, Labelled } from "../../settings/fields.tsx";
import type { Written } from "../entities.ts";
import { FieldInput } from "../fields/FieldInput.tsx";
import { fieldTypes } from "../fields/fieldTypes.ts";
import { ofEach } from "../fields/ofEach.ts";
import { type FilterTerm, operatorWords, termWords } from "./filterTerms.ts";
import styles from "./Table.module.css";

interface BarLook {
  fields: readonly Field[];
  terms: readonly FilterTerm[];
  /** What one of them is called. */
  label?: string;
  /** Whether it may ask, too, when an entity was made and changed. */
  withTimes?: boolean;
  onTerms: (terms: readonly FilterTerm[]) => void;
}

/** What the list is narrowed to, one chip a condition, each made of the blueprint's own fields. */
export function FilterBar({ fields, terms, label = "Filter", withTimes = true, onTerms }: BarLook) {
  const [editing, setEditing] = useState<number | null>(null);
  const asked = [...fields, ...(withTimes ? ofEach : [])].filter(({ type }) => fieldTypes[type].operators.length > 0);
  return (
    <>
      {terms.map((term, place) => {
        const field = asked.find(({ key }) => key === term.field);
        if (field === undefined) return null;
        return (
          <span key={place} class={styles.filter}>
            <button
              type="button"
              onClick={() => setEditing(place)}
              aria-label={`Change the filter ${field.name} ${termWords(field, term)}`}
            >
              {field.name} <b>{termWords(field, term)}</b>
            </button>
            <button
              type="button"
              aria-label={`Remove the filter ${field.name} ${termWords(field, term)}`}
              onClick={() => {
                onTerms(terms.filter((_, other) => other !== place));
                setEditing(null);
              }}
            >
              <X aria-hidden="true" />
            </button>
          </span>
        );
      })}
      {editing === null && asked.length > 0 && (
        <Button small tone="plain" onClick={() => setEditing(terms.length)}>
          <Plus aria-hidden="true" /> {label}
        </Button>
      )}
      {editing !== null && (
        <TermForm
          key={editing}
          label={label}
          fields={asked}
          begin={terms[editing]}
          onTerm={(term) => {
            onTerms(editing < terms.length ? terms.map((other, place) => (place === editing ? term : other)) : [...terms, term]);
            setEditing(null);
          }}
          onCancel={() => setEditing(null)}
        />
      )}
    </>
  );
}

interface FormLook {
  label: string;
  fields: readonly Field[];
  begin: FilterTerm | undefined;
  onTerm: (term: FilterTerm) => void;
  onCancel: () => void;
}

function TermForm({ label, fields, begin, onTerm, onCancel }: FormLook) {
  const [key, setKey] = useState(begin?.field ?? (fields.find(({ type }) => type === "choice") ?? fields[0])?.key ?? "");
  const [wanted, setWanted] = useState(begin?.operator);
  const [value, setValue] = useState<Written>(begin?.value ?? null);
  const [isMissing, setMissing] = useState(false);
  const field = fields.find((one) => one.key === key);
  if (field === undefined) return null;
  const { operators } = fieldTypes[field.type];
  const operator = operators.find((one) => one === wanted) ?? operators[0] ?? "eq";
  const submit = (event: Event) => {
    event.preventDefault();
    const asked = operator === "empty" ? value !== false : value;
    if (asked === null) return setMissing(true);
    onTerm({ field: key, operator, value: asked });
  };
  return (
    <form
      class={styles.term}
      aria-label={label}
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        onCancel();
      }}
    >
      <Choice
        id="filter-field"
        label="Field"
        wrong={null}
        value={key}
        options={fields.map((one) => ({ value: one.key, label: one.name }))}
        onInput={(next) => {
          setKey(next);
          setValue(null);
        }}
      />
      <Choice
        id="filter-operator"
        label="Condition"
        wrong={null}
        value={operator}
        options={operators.map((one) => ({ value: one, label: operatorWords(field.type, one) }))}
        onInput={(next) => {
          setWanted(operators.find((one) => one === next));
          if (next === "empty" || operator === "empty") setValue(null);
        }}
      />
      {operator === "empty" ? (
        <Choice
          id="filter-value"
          label="Value"
          wrong={null}
          value={value === false ? "false" : "true"}
          options={[
            { value: "true", label: "Yes" },
            { value: "false", label: "No" },
          ]}
          onInput={(next) => setValue(next === "true")}
        />
      ) : (
        <Labelled id="filter-value" label="Value" wrong={isMissing && value === null ? "Say what to compare it with." : null}>
          <FieldInput
            id="filter-value"
            field={{ ...field, required: false, ...(field.type === "sequence" ? { type: "text" } : {}) }}
            value={value}
            isWrong={isMissing && value === null}
            describedBy="filter-value-wrong"
            onInput={setValue}
          />
        </Labelled>
      )}
      <div class={styles.termFoot}>
        <Button small tone="primary" type="submit">
          {label}
        </Button>
        <Button small onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
