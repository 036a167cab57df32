import { Plus, X } from "lucide-preact";
import type { StartedCommand } from "../../../src/protocol/blueprints.ts";
import type { ArgSchema, CommandListing } from "../../../src/protocol/commands.ts";
import { fieldOfArgument } from "../../../src/protocol/startedArguments.ts";
import { knownCommands } from "../../commands/allowed.ts";
import { argumentLabel, argumentValue } from "../../commands/argumentFields.ts";
import { Listed } from "../../commands/SearchedInput.tsx";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import type { MarkedField } from "../editor/blueprintDraft.ts";
import styles from "./Flow.module.css";

interface RowsLook {
  start: readonly StartedCommand[];
  /** What may be handed on. */
  fields: readonly MarkedField[];
  /** What is wrong with one of them, by its place: `0.command`. */
  wrongOf: (path: string) => string | null;
  onStart: (start: StartedCommand[]) => void;
}

/** The commands that a step starts once it is done, each with where its arguments come from. */
export function StartRows({ start, fields, wrongOf, onStart }: RowsLook) {
  const startable = (knownCommands.value ?? []).filter(({ risk, stepUp }) => risk !== "destructive" && stepUp !== true);
  const replace = (place: number, next: StartedCommand[]) => onStart(start.flatMap((one, other) => (other === place ? next : [one])));
  return (
    <fieldset class={styles.effects}>
      <legend>Starts</legend>
      {start.map((started, place) => (
        <StartRow
          key={place}
          place={place}
          started={started}
          listing={startable.find(({ name }) => name === started.command)}
          fields={fields}
          wrongOf={(path) => wrongOf(`${place}.${path}`)}
          onStarted={(next) => replace(place, next === null ? [] : [next])}
        />
      ))}
      <Listed id="startable-commands" choices={startable.map(({ name, summary }) => ({ value: name, about: summary }))} />
      <div>
        <Button
          small
          tone="plain"
          onClick={() => {
            onStart([...start, { command: "", args: {} }]);
            requestAnimationFrame(() => document.querySelector<HTMLElement>(`#start-${start.length}-command`)?.focus());
          }}
        >
          <Plus aria-hidden="true" /> Start a command
        </Button>
      </div>
      {start.length > 0 && (
        <p class={parts.hint}>It is run after the step, once, as whoever takes it; taking the step back doesn’t take it back.</p>
      )}
    </fieldset>
  );
}

interface RowLook {
  place: number;
  started: StartedCommand;
  listing: CommandListing | undefined;
  fields: readonly MarkedField[];
  wrongOf: (path: string) => string | null;
  /** Null takes it off. */
  onStarted: (started: StartedCommand | null) => void;
}

function StartRow({ place, started: { command, args }, listing, fields, wrongOf, onStarted }: RowLook) {
  const known = listing?.args.properties ?? {};
  const required = listing?.args.required ?? [];
  const shown = [...new Set([...Object.keys(known).filter((name) => required.includes(name)), ...Object.keys(args)])];
  const more = Object.keys(known).filter((name) => !shown.includes(name));
  const give = (name: string, said: unknown) => {
    const { [name]: _, ...others } = args;
    onStarted({ command, args: said === undefined ? others : { ...args, [name]: said } });
  };
  const wrong = wrongOf("command");
  return (
    <div class={styles.start}>
      <div class={styles.startHead}>
        <input
          id={`start-${place}-command`}
          class={parts.field}
          aria-label="Command that is started"
          aria-invalid={wrong !== null}
          placeholder="tell-customer"
          list="startable-commands"
          autocomplete="off"
          value={command}
          onInput={(event) => onStarted({ command: event.currentTarget.value.trim().replace(/^\//, ""), args })}
        />
        <Button small tone="plain" label={`Don't start ${command || "it"}`} onClick={() => onStarted(null)}>
          <X />
        </Button>
        <Wrong>{wrong}</Wrong>
      </div>
      {listing !== undefined && <p class={parts.hint}>{listing.summary}</p>}
      {shown.map((name) => (
        <ArgumentRow
          key={name}
          name={name}
          schema={known[name] ?? {}}
          said={args[name]}
          isRequired={required.includes(name)}
          fields={fields}
          wrong={wrongOf(`args.${name}`)}
          onSaid={(said) => give(name, said)}
        />
      ))}
      {more.length > 0 && (
        <select
          class={`${parts.field} ${styles.more}`}
          aria-label={`Another argument of ${command}`}
          value=""
          onChange={(event) => give(event.currentTarget.value, "")}
        >
          <option value="">Another argument…</option>
          {more.map((name) => (
            <option key={name} value={name}>
              {argumentLabel(name)}
            </option>
          ))}
        </select>
      )}
      <Wrong>{shown.some((name) => wrongOf(`args.${name}`) !== null) ? null : wrongOf("args")}</Wrong>
    </div>
  );
}

interface ArgumentLook {
  name: string;
  schema: ArgSchema;
  said: unknown;
  isRequired: boolean;
  fields: readonly MarkedField[];
  wrong: string | null;
  onSaid: (said: unknown) => void;
}

const asSaid = "said";

function ArgumentRow({ name, schema, said, isRequired, fields, wrong, onSaid }: ArgumentLook) {
  const field = fieldOfArgument(said);
  const label = argumentLabel(name);
  return (
    <div class={styles.given} title={schema.description}>
      <span>
        {label}
        {isRequired && <span class={parts.hint}> (required)</span>}
      </span>
      <select
        class={parts.field}
        aria-label={`Where ${label} comes from`}
        value={field === undefined ? asSaid : `field ${field}`}
        onChange={({ currentTarget: { value } }) => onSaid(value === asSaid ? "" : { field: value.replace(/^field /, "") })}
      >
        <option value={asSaid}>as said here</option>
        <option value="field entityId">the one that it is</option>
        {fields.map(({ key, name: called }) => (
          <option key={key} value={`field ${key}`}>
            what stands in {called}
          </option>
        ))}
      </select>
      {field === undefined && <SaidInput label={label} schema={schema} said={said} isWrong={wrong !== null} onSaid={onSaid} />}
      {!isRequired && (
        <Button small tone="plain" label={`Leave ${label} out`} onClick={() => onSaid(undefined)}>
          <X />
        </Button>
      )}
      <Wrong>{wrong}</Wrong>
    </div>
  );
}

function SaidInput({
  label,
  schema,
  said,
  isWrong,
  onSaid,
}: Pick<ArgumentLook, "schema" | "said" | "onSaid"> & { label: string; isWrong: boolean }) {
  const text = said === undefined ? "" : typeof said === "object" ? JSON.stringify(said) : String(said);
  const choices = schema.enum ?? (schema.type === "boolean" ? ["true", "false"] : undefined);
  if (choices !== undefined)
    return (
      <select
        class={parts.field}
        aria-label={label}
        aria-invalid={isWrong}
        value={text}
        onChange={(event) => onSaid(argumentValue(schema, event.currentTarget.value))}
      >
        <option value="">–</option>
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    );
  return (
    <input
      class={parts.field}
      aria-label={label}
      aria-invalid={isWrong}
      dir="auto"
      value={text}
      onInput={(event) => onSaid(argumentValue(schema, event.currentTarget.value))}
    />
  );
}
