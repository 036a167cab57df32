import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refusal } from "../../src/protocol/refusal.ts";
import { Button } from "../look/Button.tsx";
import { inputTypes } from "../look/inputTypes.ts";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import styles from "../session/SignIn.module.css";
import { SignInCard } from "../session/SignInCard.tsx";
import { toldOf } from "../session/toldOf.ts";
import account from "./Account.module.css";

export interface DoorField {
  name: string;
  label: string;
  type?: "text" | "email" | "password";
  autocomplete?: "name" | "email" | "new-password" | "current-password" | "organization" | "off";
  hint?: string;
  value?: string;
  options?: readonly { value: string; label: string }[];
  /** What to say where nothing was written. */
  missing: string;
}

interface DoorFormLook {
  title: string;
  lead: string;
  fields: readonly DoorField[];
  label: string;
  /** Throws a refusal whose `path` names the field. */
  onSubmit: (values: Record<string, string>) => Promise<void>;
  /** Another way to the same. */
  beside?: ComponentChildren;
  under?: ComponentChildren;
}

/** A form alone on the page: what is wrong stands beside its field, which gets the focus. */
export function DoorForm({ title, lead, fields, label, onSubmit, beside, under }: DoorFormLook) {
  const [wrong, setWrong] = useState<{ field: string; text: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // A browser heeds `autofocus` once a document: who comes from another of these forms would stand nowhere.
  useEffect(() => form.current?.querySelector<HTMLElement>("input, select")?.focus(), []);
  const read = (name: string) => {
    const written = form.current === null ? null : new FormData(form.current).get(name);
    return typeof written === "string" ? written : "";
  };
  const complain = (field: string, text: string) => {
    setWrong({ field, text });
    form.current?.querySelector<HTMLElement>(`[name="${CSS.escape(field)}"]`)?.focus();
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const empty = fields.find(({ name }) => read(name).trim() === "");
    if (empty !== undefined) return complain(empty.name, empty.missing);
    setWrong(null);
    setBusy(true);
    try {
      await onSubmit(Object.fromEntries(fields.map(({ name }) => [name, read(name)])));
    } catch (error) {
      complain(error instanceof Refusal ? (error.path ?? "") : "", toldOf(error));
    } finally {
      setBusy(false);
    }
  };
  const known = fields.some(({ name }) => name === wrong?.field);
  return (
    <SignInCard title={title} lead={lead}>
      <form ref={form} class={styles.form} onSubmit={submit} noValidate>
        {fields.map(({ name, label: written, hint, options, value = "", type = "text", autocomplete = "off" }) => {
          const common = {
            id: `door-${name}`,
            name,
            class: parts.field,
            "aria-invalid": wrong?.field === name,
            "aria-describedby": hint === undefined ? `door-${name}-wrong` : `door-${name}-hint door-${name}-wrong`,
          };
          return (
            <div key={name} class={parts.labelled}>
              <label for={`door-${name}`}>{written}</label>
              {options === undefined ? (
                <input {...inputTypes[type]} {...common} autocomplete={autocomplete} dir="auto" defaultValue={value} />
              ) : (
                <select {...common}>
                  {options.map((option) => (
                    <option key={option.value} value={option.value} selected={option.value === value}>
                      {option.label}
                    </option>
                  ))}
                </select>
              )}
              {hint !== undefined && (
                <p class={parts.hint} id={`door-${name}-hint`}>
                  {hint}
                </p>
              )}
              <Wrong id={`door-${name}-wrong`}>{wrong?.field === name ? wrong.text : null}</Wrong>
            </div>
          );
        })}
        <Wrong>{known ? null : wrong?.text}</Wrong>
        <Button tone="primary" type="submit" disabled={busy}>
          {busy ? "One moment…" : label}
        </Button>
      </form>
      {beside}
      {under !== undefined && <div class={account.under}>{under}</div>}
    </SignInCard>
  );
}
