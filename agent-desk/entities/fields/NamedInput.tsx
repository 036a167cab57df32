import { useContext, useState } from "preact/hooks";
import type { Field } from "../../../src/protocol/blueprints.ts";
import type { Offered } from "../../commands/offeredChoices.ts";
import { offeredFor } from "../../commands/offeredChoices.ts";
import { SearchedInput } from "../../commands/SearchedInput.tsx";
import parts from "../../look/parts.module.css";
import { Chosen } from "./Chosen.tsx";
import styles from "./Fields.module.css";
import type { InputLook } from "./inputLook.ts";
import { learnNamed, namedOf, OfferedBy } from "./named.ts";

/** What a field names, found as one types; what is typed and isn't offered, the server finds or refuses. */
export function NamedInput(look: InputLook) {
  return look.field.many === true ? <SeveralInput {...look} /> : <OneInput {...look} />;
}

function OneInput({ field, value, onInput, ...look }: InputLook) {
  const isList = field.type === "relation";
  const chosen = Array.isArray(value) ? value[0] : value;
  return (
    <WordInput
      {...look}
      field={field}
      value={chosen === undefined || chosen === null ? null : String(chosen)}
      onInput={(word) => onInput(word !== null && isList ? [word] : word)}
    />
  );
}

/** Those that are chosen, and a field for one more. */
function SeveralInput({ field, value, onInput, label, ...look }: InputLook) {
  const [typed, setTyped] = useState<string | null>(null);
  const chosen = Array.isArray(value) ? value : [];
  const add = (word: string) => {
    setTyped(null);
    if (!chosen.includes(word)) onInput([...chosen, word]);
  };
  return (
    <fieldset
      class={styles.several}
      aria-label={label ?? field.name}
      onFocusOut={() => {
        if (typed !== null) add(typed);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || typed === null) return;
        event.preventDefault();
        event.stopPropagation();
        add(typed);
      }}
    >
      {chosen.length > 0 && (
        <Chosen
          items={chosen}
          onRemove={(word) => {
            const left = chosen.filter((one) => one !== word);
            onInput(left.length === 0 ? null : left);
          }}
        />
      )}
      <WordInput {...look} field={field} label={`Add to ${field.name}`} value={typed} onInput={setTyped} onOffered={add} />
    </fieldset>
  );
}

interface WordLook extends Omit<InputLook, "value" | "onInput"> {
  value: string | null;
  onInput: (word: string | null) => void;
  /** What was typed is one of those that are offered. */
  onOffered?: (word: string) => void;
}

function WordInput({ id, field, value, isWrong, label, describedBy, onInput, onOffered }: WordLook) {
  const by = useContext(OfferedBy);
  const [typed, setTyped] = useState<{ text: string; value: string | null } | null>(null);
  // As it was typed, as long as that is what stands there: nothing moves when the field is left.
  const isTyped = typed !== null && typed.value === value;
  const text = isTyped ? typed.text : value === null ? "" : (namedOf(value)?.title ?? value);
  const query = isTyped ? typed.text : "";
  const offered = offeredOf(by, field, query);
  const common = {
    ...{ id, class: parts.field, value: text },
    ...{ "aria-invalid": isWrong, "aria-label": label, "aria-describedby": describedBy, "aria-required": field.required === true },
    onInput: ({ currentTarget: { value: now } }: { currentTarget: { value: string } }) => {
      const written = now.trim() === "" ? null : now.trim();
      const item = offered.items.find((one) => one.value === written);
      if (item !== undefined) learnNamed({ [item.value]: { title: item.label } });
      setTyped({ text: now, value: written });
      if (item !== undefined && onOffered !== undefined) onOffered(item.value);
      else onInput(written);
    },
    onFocus: (event: { currentTarget: HTMLInputElement }) => event.currentTarget.select(),
  };
  return <SearchedInput common={common} offered={offered} />;
}

const none: Offered = { items: [], truncated: false, wrong: null };

/** Entities by the command that shows them, people by that of the page's blueprint. */
function offeredOf(by: string | null, { type, key, blueprint = "" }: Field, query: string): Offered {
  if (type === "relation") return blueprint === "" ? none : offeredFor(`${blueprint}.show`, "entityId", {}, query);
  return by === null ? none : offeredFor(`${by}.list`, key, {}, query);
}
