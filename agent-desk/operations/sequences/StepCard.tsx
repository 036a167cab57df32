import { ArrowDown, ArrowUp, Copy, Trash2 } from "lucide-preact";
import { useState } from "preact/hooks";
import type { ArgSchema, CommandListing } from "../../../src/protocol/commands.ts";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { Choice, TextField } from "../../settings/fields.tsx";
import styles from "../Bench.module.css";
import { type Body, isRecord, textIn } from "../draft.ts";
import { Conditions } from "./Conditions.tsx";
import { OutputChoice } from "./OutputChoice.tsx";
import { type OutputGroup, tooEarly } from "./outputs.ts";
import own from "./Sequence.module.css";
import { StepValue, writtenOf } from "./StepValue.tsx";
import { nameOf, without } from "./steps.ts";

interface StepLook {
  index: number;
  count: number;
  step: Body;
  listing: CommandListing | undefined;
  /** What it may take. */
  groups: readonly OutputGroup[];
  /** Names of this step and of those after it. */
  later: readonly string[];
  /** Names of the other steps and of the parameters. */
  taken: readonly string[];
  /** What was refused at a place of the step, or anywhere in it by `""`. */
  faultAt: (path: string) => string | null;
  onCommand: (command: string) => void;
  onName: (name: string) => void;
  onChange: (step: Body) => void;
  onMove: (to: number) => void;
  onCopy: () => void;
  /** Null of the only one. */
  onRemove: (() => void) | null;
}

/** One step: what is run, with what, how often, when at all, and what comes after a refusal. */
export function StepCard({
  index,
  count,
  step,
  listing,
  groups,
  later,
  taken,
  faultAt,
  onCommand,
  onName,
  onChange,
  onMove,
  onCopy,
  onRemove,
}: StepLook) {
  const id = `step-${index}`;
  // What takes from this step follows its name only when it is whole: half of it may be the name of another.
  const [written, setWritten] = useState<string | null>(null);
  const named = written?.trim() ?? nameOf(step);
  const isTaken = named !== "" && taken.includes(named);
  const args = isRecord(step["args"]) ? step["args"] : {};
  const each = textIn(step["each"]);
  const known: Record<string, ArgSchema> = listing?.args.properties ?? {};
  const names = [...new Set([...Object.keys(known), ...Object.keys(args)])];
  const required = new Set(listing?.args.required ?? []);
  const give = (name: string, value: unknown) =>
    onChange({ ...step, args: value === undefined ? without(args, name) : { ...args, [name]: value } });
  const lists = groups
    .map((group) => ({
      ...group,
      outputs: group.outputs
        .filter(({ type }) => type === "list")
        .map((output) => ({ ...output, label: `${output.label} · ${group.title}` })),
    }))
    .filter(({ outputs }) => outputs.length > 0);
  const others = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, writtenOf(value)]));
  const conditions = Array.isArray(step["when"])
    ? step["when"].flatMap((_, place) => [`when.${place}.left`, `when.${place}.is`, `when.${place}.right`])
    : [];
  const inPlace = ["command", "name", "each", ...names.map((name) => `args.${name}`), ...conditions];
  const elsewhere = inPlace.some((place) => faultAt(place) !== null) ? null : (faultAt("") ?? tooEarly(step["when"], later));
  const move = (event: KeyboardEvent, to: number) => {
    event.preventDefault();
    if (to >= 0 && to < count) onMove(to);
  };
  return (
    <fieldset
      class={`${styles.parameter} ${own.step}`}
      onKeyDown={(event) => {
        if (!event.altKey || event.ctrlKey || event.metaKey) return;
        if (event.key === "ArrowUp") move(event, index - 1);
        if (event.key === "ArrowDown") move(event, index + 1);
      }}
    >
      <legend>Step {index + 1}</legend>
      <div class={own.head}>
        <TextField
          id={`${id}-command`}
          label="Command"
          list="sequence-commands"
          placeholder="late-orders"
          hint={listing?.summary}
          wrong={faultAt("command")}
          value={textIn(step["command"])}
          onInput={(command) => onCommand(command.trim())}
        />
        <span class={own.tools}>
          <Button
            tone="plain"
            small
            id={`${id}-earlier`}
            label={`Step ${index + 1} earlier`}
            keys="Alt ↑"
            disabled={index === 0}
            onClick={() => onMove(index - 1)}
          >
            <ArrowUp />
          </Button>
          <Button
            tone="plain"
            small
            id={`${id}-later`}
            label={`Step ${index + 1} later`}
            keys="Alt ↓"
            disabled={index === count - 1}
            onClick={() => onMove(index + 1)}
          >
            <ArrowDown />
          </Button>
          <Button tone="plain" small label={`Step ${index + 1} once more`} onClick={onCopy}>
            <Copy />
          </Button>
          {onRemove !== null && (
            <Button tone="plain" small label={`Remove step ${index + 1}`} onClick={onRemove}>
              <Trash2 />
            </Button>
          )}
        </span>
      </div>
      {names.length > 0 && (
        <div class={own.values}>
          {names.map((name) => (
            <StepValue
              key={name}
              id={`${id}-${name}`}
              command={textIn(step["command"])}
              name={name}
              schema={known[name] ?? { type: "string" }}
              required={required.has(name)}
              value={args[name]}
              others={others}
              groups={groups}
              wrong={faultAt(`args.${name}`) ?? tooEarly(args[name], later)}
              onChange={(value) => give(name, value)}
            />
          ))}
        </div>
      )}
      <div class={own.values}>
        <OutputChoice
          id={`${id}-each`}
          label="For each row of"
          none="No list: it is run once"
          groups={lists}
          wrong={faultAt("each") ?? tooEarly(each, later)}
          value={each}
          onInput={(slot) => onChange(slot === "" ? without(step, "each") : { ...step, each: slot })}
        />
        <Choice
          id={`${id}-failure`}
          label="If it is refused"
          wrong={faultAt("onFailure")}
          value={step["onFailure"] === "continue" ? "continue" : "stop"}
          options={[
            { value: "stop", label: "Stop here" },
            { value: "continue", label: each === "" ? "Go on with the next step" : "Go on with the next row" },
          ]}
          onInput={(next) => onChange(next === "stop" ? without(step, "onFailure") : { ...step, onFailure: next })}
        />
        <TextField
          id={`${id}-name`}
          label="Its result is called"
          placeholder="orders"
          wrong={faultAt("name") ?? (isTaken ? `Another step or a parameter is called "${named}".` : null)}
          value={written ?? nameOf(step)}
          onInput={setWritten}
          onBlur={() => {
            if (written === null || isTaken) return;
            setWritten(null);
            onName(named);
          }}
        />
      </div>
      <Conditions id={id} step={step} groups={groups} faultAt={faultAt} onChange={onChange} />
      <Wrong>{elsewhere}</Wrong>
      {listing?.risk === "write" && <p class={parts.hint}>It changes something: when you try it, it only says what it would do.</p>}
    </fieldset>
  );
}
