import type { ComponentChildren } from "preact";
import type { Owner } from "../../src/protocol/aids.ts";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { useDesk } from "../shell/deskContext.ts";

interface LabelledLook {
  id: string;
  label: string;
  hint?: string;
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

export function NameField({ value, wrong, onInput }: { value: string; wrong: string | null; onInput: (value: string) => void }) {
  return (
    <Labelled id="aid-name" label="Name" wrong={wrong}>
      <input
        id="aid-name"
        class={parts.field}
        dir="auto"
        value={value}
        required
        aria-invalid={wrong !== null}
        aria-describedby="aid-name-wrong"
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </Labelled>
  );
}

interface ForWhomLook {
  value: string;
  /** Only an admin gives something to others. */
  mayShare: boolean;
  wrong: string | null;
  onChange: (value: string) => void;
}

export function ForWhom({ value, mayShare, wrong, onChange }: ForWhomLook) {
  const { conversations } = useDesk();
  const teams = new Set([...conversations.all()].map(({ team }) => team));
  if (value !== "me" && value !== "everyone") teams.add(value);
  if (!mayShare) return null;
  return (
    <Labelled id="aid-for" label="For" wrong={wrong}>
      <select id="aid-for" class={parts.field} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="me">Me</option>
        <option value="everyone">Everyone</option>
        {[...teams].sort().map((team) => (
          <option key={team} value={team}>
            Team {team}
          </option>
        ))}
      </select>
    </Labelled>
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
