import { Plus, Trash2 } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { CommandListing } from "../../src/protocol/commands.ts";
import { argumentLabel, argumentValue } from "../commands/argumentFields.ts";
import { listCommands, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { TextField } from "../settings/fields.tsx";
import styles from "./Bench.module.css";
import { type Body, isRecord } from "./draft.ts";
import type { EditorLook } from "./kind.ts";

/** A sequence: commands one after another, with what each is run with. */
export function SequenceEditor({ body, onChange, faultAt }: EditorLook) {
  const [commands, setCommands] = useState<CommandListing[]>([]);
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => {
    listCommands().then(setCommands, (error: unknown) => setWrong(sentence(error)));
  }, []);
  const steps = stepsIn(body);
  const write = (next: readonly Body[]) => onChange({ ...body, steps: next });
  return (
    <section class={styles.part} aria-label="Steps">
      <Wrong>{wrong ?? faultAt("")?.text}</Wrong>
      <datalist id="sequence-commands">
        {commands
          .filter(({ risk }) => risk !== "destructive")
          .map(({ name, summary }) => (
            <option key={name} value={name}>
              {summary}
            </option>
          ))}
      </datalist>
      {steps.map((step, index) => (
        <StepFields
          key={index}
          index={index}
          step={step}
          listing={commands.find(({ name }) => name === step["command"])}
          faultAt={(path) => faultAt(`steps.${index}${path === "" ? "" : `.${path}`}`)?.text ?? null}
          onChange={(changed) => write(steps.map((each, place) => (place === index ? changed : each)))}
          onRemove={steps.length < 2 ? null : () => write(steps.filter((_, place) => place !== index))}
        />
      ))}
      <Button small onClick={() => write([...steps, { command: "", args: {} }])}>
        <Plus aria-hidden="true" /> Another step
      </Button>
    </section>
  );
}

interface StepLook {
  index: number;
  step: Body;
  listing: CommandListing | undefined;
  faultAt: (path: string) => string | null;
  onChange: (step: Body) => void;
  onRemove: (() => void) | null;
}

function StepFields({ index, step, listing, faultAt, onChange, onRemove }: StepLook) {
  const id = `step-${index}`;
  const args = isRecord(step["args"]) ? step["args"] : {};
  const { name: _, ...nameless } = step;
  const give = (argument: string, written: string) => {
    const { [argument]: __, ...others } = args;
    const schema = listing?.args.properties[argument] ?? {};
    onChange({ ...step, args: written === "" ? others : { ...args, [argument]: argumentValue(schema, written) } });
  };
  const known = Object.keys(listing?.args.properties ?? {});
  return (
    <fieldset class={styles.parameter}>
      <legend>Step {index + 1}</legend>
      <div class={styles.fields}>
        <TextField
          id={`${id}-command`}
          label="Command"
          list="sequence-commands"
          wrong={faultAt("command")}
          value={textIn(step["command"])}
          onInput={(command) => onChange({ ...step, command: command.trim() })}
        />
        <TextField
          id={`${id}-name`}
          label="Its result is called"
          placeholder="orders"
          wrong={faultAt("name")}
          value={textIn(step["name"])}
          onInput={(name) => onChange(name === "" ? nameless : { ...step, name })}
        />
      </div>
      {listing !== undefined && <p class={parts.hint}>{listing.summary}</p>}
      <div class={styles.fields}>
        {[...new Set([...known, ...Object.keys(args)])].map((argument) => (
          <TextField
            key={argument}
            id={`${id}-${argument}`}
            label={argumentLabel(argument)}
            wrong={faultAt(`args.${argument}`)}
            value={writtenOf(args[argument])}
            onInput={(written) => give(argument, written)}
          />
        ))}
      </div>
      <Wrong>{["args", "when", "each"].map(faultAt).find((text) => text !== null)}</Wrong>
      <div class={styles.ticks}>
        <span class={parts.hint}>{"{{name}} is a parameter, {{orders.rows}} of a step before."}</span>
        {onRemove !== null && (
          <Button tone="plain" small label={`Remove step ${index + 1}`} onClick={onRemove}>
            <Trash2 />
          </Button>
        )}
      </div>
    </fieldset>
  );
}

function stepsIn({ steps }: Body): Body[] {
  return Array.isArray(steps) ? steps.filter(isRecord) : [];
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function writtenOf(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
