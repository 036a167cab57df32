import type { ComponentChildren } from "preact";
import type { Owner } from "../../src/protocol/aids.ts";
import { inputTypes } from "../look/inputTypes.ts";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import type { Option } from "./options.ts";
import { useTeamOptions } from "./useTeamOptions.ts";

interface LabelledLook {
  id: string;
  label: string;
  hint?: string | undefined;
  wrong: string | null;
  children: ComponentChildren;
}

/** A field under its name, with what is wrong beside it. */
export function Labelled({ id, label, hint, wrong, children }: LabelledLook) {
  return (
    <div class={parts.labelled}>
      <label for={id}>{label}</label>
      {children}
      {hint !== undefined && <p class={parts.hint}>{hint}</p>}
      <Wrong id={`${id}-wrong`}>{wrong}</Wrong>
    </div>
  );
}

interface FieldLook extends Omit<LabelledLook, "children"> {
  value: string;
  onInput: (value: string) => void;
}

interface TextFieldLook extends FieldLook {
  placeholder?: string;
  maxLength?: number;
  type?: keyof typeof inputTypes;
  autocomplete?: "email" | "current-password" | "new-password";
  inputMode?: "decimal" | "numeric";
  /** The id of a list of what is usual. */
  list?: string;
  /** Several lines. */
  many?: boolean;
  /** The field is left. */
  onBlur?: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
}

/** A labelled field for a line of text, or for several. */
export function TextField({ id, label, hint, wrong, value, many = false, type = "text", onInput, ...rest }: TextFieldLook) {
  const common = {
    ...rest,
    id,
    class: parts.field,
    value,
    dir: "auto" as const,
    "aria-invalid": wrong !== null,
    "aria-describedby": `${id}-wrong`,
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
  };
  return (
    <Labelled id={id} label={label} hint={hint} wrong={wrong}>
      {many ? <textarea {...common} rows={4} /> : <input {...inputTypes[type]} {...common} />}
    </Labelled>
  );
}

/** A labelled choice of one; `none` is what stands for nothing chosen. */
export function Choice({
  id,
  label,
  hint,
  wrong,
  value,
  none,
  options,
  onInput,
}: FieldLook & { none?: string; options: readonly Option[] }) {
  return (
    <Labelled id={id} label={label} hint={hint} wrong={wrong}>
      <select
        id={id}
        class={parts.field}
        value={value}
        aria-invalid={wrong !== null}
        aria-describedby={`${id}-wrong`}
        onChange={(event) => onInput(event.currentTarget.value)}
      >
        {none !== undefined && <option value="">{none}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

export function NameField(look: Pick<FieldLook, "value" | "wrong" | "onInput">) {
  return <TextField id="aid-name" label="Name" {...look} />;
}

interface ForWhomLook {
  value: string;
  /** Only an admin gives something to others. */
  mayShare: boolean;
  wrong: string | null;
  onChange: (value: string) => void;
}

export function ForWhom({ value, mayShare, wrong, onChange }: ForWhomLook) {
  const teams = useTeamOptions(value === "me" || value === "everyone" ? "" : value);
  if (!mayShare) return null;
  return (
    <Choice
      id="aid-for"
      label="For"
      wrong={wrong}
      value={value}
      options={[
        { value: "me", label: "Me" },
        { value: "everyone", label: "Everyone" },
        ...teams.map(({ value: team, label }) => ({ value: team, label: `Team ${label}` })),
      ]}
      onInput={onChange}
    />
  );
}

/** The owner as the argument `for` names it. */
export function forOf(owner: Owner): string {
  if (owner === "everyone") return "everyone";
  return owner.startsWith("team:") ? owner.slice("team:".length) : "me";
}

export function ownerLabel(owner: Owner): string {
  if (owner === "everyone") return "everyone";
  return owner.startsWith("team:") ? `team ${owner.slice("team:".length)}` : "me";
}

/** Whether this person may change something of this owner. */
export function isMine(owner: Owner, account: string, mayShare: boolean): boolean {
  return mayShare || owner === `person:${account}`;
}

/** The key that commands and programs name it by, made of its name: "Contract end" is `contract-end`. */
export function keyFrom(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 40);
}

/** A number that was written, or the text, which the server refuses by its name. */
export function numberOr(written: string): number | string {
  const found = Number(written.trim().replace(",", "."));
  return written.trim() === "" || Number.isNaN(found) ? written : found;
}
