import { useId, useState } from "preact/hooks";
import type { FormBlock } from "../../protocol/blocks.ts";
import { checkForm, type FieldProblem, type FormField, type FormValues, maxFieldLength } from "../../protocol/forms.ts";
import type { BlockWords } from "./words.ts";

/** What is asked for at once. It is checked here in the reader's words, and again by the server. */
export function FormSheet({
  form: { title, action, fields, submit },
  state,
  words,
}: {
  form: FormBlock;
  state: "answered" | "shown" | ((action: string, values: FormValues) => void);
  words: BlockWords;
}) {
  if (typeof state === "function")
    return (
      <div class="sb-sheet">
        <Fill title={title} fields={fields} submit={submit} words={words} filled={(values) => state(action, values)} />
      </div>
    );
  return (
    <div class="sb-sheet sb-form sb-closed">
      {title !== undefined && <h3 dir="auto">{title}</h3>}
      <p class="sb-more">{state === "answered" ? words.answered : fields.map(({ label }) => label).join(", ")}</p>
    </div>
  );
}

/** Fields to fill in, with a button that gives their values once all of them fit. */
export function Fill({
  title,
  fields,
  submit,
  words,
  filled,
}: {
  title: string | undefined;
  fields: readonly FormField[];
  submit: string | undefined;
  words: BlockWords;
  filled(values: FormValues): void;
}) {
  const id = useId();
  const [wrong, setWrong] = useState<Partial<Record<string, string>>>({});

  function onSubmit(event: Event): void {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const { elements } = event.currentTarget;
    const given = Object.fromEntries(fields.map((field) => [field.name, typed(elements.namedItem(field.name))]));
    const checked = checkForm(fields, given);
    setWrong(Object.fromEntries(checked.wrong.map(({ field, problem }) => [field, wordsFor(problem, given[field], words)])));
    const first = checked.wrong[0] && elements.namedItem(checked.wrong[0].field);
    if (first instanceof HTMLElement) first.focus();
    else filled(checked.values);
  }

  return (
    <form class="sb-form" noValidate aria-label={title} onSubmit={onSubmit}>
      {title !== undefined && <h3 dir="auto">{title}</h3>}
      {fields.map((field) => {
        const told = wrong[field.name];
        const about = {
          id: `${id}${field.name}`,
          "aria-invalid": told !== undefined,
          "aria-describedby": told && `${id}${field.name}-wrong`,
        };
        return (
          <div key={field.name} class={field.type === "checkbox" ? "sb-check" : undefined}>
            <label for={about.id} dir="auto">
              {field.label}
              {field.required !== true && field.type !== "checkbox" && <small> {words.optional}</small>}
            </label>
            <Input field={field} about={about} choose={words.choose} />
            {told !== undefined && (
              <p id={`${id}${field.name}-wrong`} class="sb-wrong" role="alert">
                {told}
              </p>
            )}
          </div>
        );
      })}
      <button type="submit" class="button primary">
        {submit ?? words.submit}
      </button>
    </form>
  );
}

const completions: Partial<Record<string, "name" | "email" | "tel" | "organization">> = {
  name: "name",
  email: "email",
  phone: "tel",
  company: "organization",
};

function Input({ field: { name, type, required, choices }, about, choose }: { field: FormField; about: { id: string }; choose: string }) {
  if (type === "choice")
    return (
      <select {...about} name={name} required={required}>
        <option value="">{choose}</option>
        {choices?.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    );
  const all = { ...about, name, required: required === true, autocomplete: completions[name] };
  if (type === "checkbox") return <input {...all} type="checkbox" />;
  if (type === "number") return <input {...all} type="number" step="any" />;
  if (type === "date") return <input {...all} type="date" />;
  if (type === "phone") return <input {...all} type="tel" />;
  return type === "email" ? <input {...all} type="email" /> : <input {...all} type="text" />;
}

function typed(element: unknown): string | number | boolean | undefined {
  if (element instanceof HTMLSelectElement) return element.value;
  if (!(element instanceof HTMLInputElement)) return undefined;
  if (element.type === "checkbox") return element.checked;
  // What is no number, or a date that isn't there, leaves the value empty and says so here.
  if (element.value === "" && element.validity.badInput) return Number.NaN;
  return element.type === "number" && element.value !== "" ? element.valueAsNumber : element.value;
}

function wordsFor(problem: FieldProblem, value: unknown, words: BlockWords): string {
  if (problem === "tooLong") return words.tooLong(maxFieldLength, [...String(value)].length);
  return words[problem === "notChecked" ? "required" : problem];
}
