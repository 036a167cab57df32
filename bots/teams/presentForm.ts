import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import type { Form, FormInput } from "../../src/channels/drawing.ts";
import type { OfferedChoice } from "../../src/protocol/commands.ts";
import { type Element, type Input, line, paragraphs, words } from "./elements.ts";
import { cut, most } from "./limits.ts";
import { literal } from "./literal.ts";
import { type AdaptiveCard, cardOf } from "./present.ts";
import { type Pressing, readPressing } from "./pressed.ts";

/** A dialog of Teams: what answers `task/fetch`. */
export interface Dialog {
  title: string;
  card: AdaptiveCard;
}

/** Before the names of inputs, so that none is taken for what we brought ourselves. */
const prefix = "input.";
const timeSuffix = ".time";

/**
 * A form as a dialog. What it brings back is the card's id, the press that opened it, by which it is drawn anew where something doesn't fit, and the
 * inputs: nothing else, and whoever fills it in may have changed it.
 */
export function presentForm({ card, title, text, inputs, submit }: Form, timeZone: string, opened: Pressing): Dialog {
  const body: Element[] = [
    ...(text === undefined ? [] : paragraphs(text)),
    ...inputs.flatMap((input) => inputElements(card, input, timeZone)),
  ];
  return {
    title: cut(title, most.dialogTitle),
    card: cardOf(body, [{ type: "Action.Submit", title: literal(submit, most.label), style: "positive", data: { card, opened } }]),
  };
}

const submitted = z.looseObject({ card: z.string().min(1).max(400), opened: z.unknown().optional() });

/** What a dialog brought back: the inputs' values by their names. Instants were written in the reader's time zone. */
export function readSubmitted(data: Readonly<Record<string, unknown>>, timeZone: string) {
  const { success, data: read } = submitted.safeParse(data);
  if (!success) return undefined;
  const opened = readPressing(read.opened) ?? { card: read.card, verb: "open" };
  return { card: read.card, opened, values: readValues(data, timeZone) };
}

function readValues(data: Readonly<Record<string, unknown>>, timeZone: string): Record<string, string> {
  const values: [string, string][] = [];
  for (const [id, value] of Object.entries(data)) {
    if (!id.startsWith(prefix) || id.endsWith(timeSuffix) || !/^(?:string|number|boolean)$/.test(typeof value)) continue;
    const time = data[id + timeSuffix];
    values.push([id.slice(prefix.length), typeof time === "string" ? instantOf(String(value), time, timeZone) : String(value)]);
  }
  return Object.fromEntries(values);
}

/** The card and the input whose choices are asked for. */
export function readDataset(dataset: string): { card: string; input: string } | undefined {
  const [card = "", ...input] = dataset.split("/");
  return card === "" || input.length === 0 ? undefined : { card, input: input.join("/") };
}

function inputElements(card: string, input: FormInput, timeZone: string): Element[] {
  const { label, type, hint, error } = input;
  // Teams shows what is written, and keeps it with the dialog.
  if (type === "secret") return [line(words(`${label} is a secret, and is asked for at the desk alone.`))];
  return [
    ...(error === undefined ? [] : [line(words(`${label}: ${error}`, { color: "Attention", weight: "Bolder" }))]),
    ...inputsOf(card, input, timeZone),
    ...(hint === undefined ? [] : [{ ...line(words(hint, { isSubtle: true })), spacing: "None" } as const]),
  ];
}

function inputsOf(card: string, input: FormInput, timeZone: string): Input[] {
  const { name, label, required, type, value = "", minimum, maximum } = input;
  const common = {
    id: prefix + name,
    label: literal(label, most.paragraph),
    ...(required && type !== "boolean" ? { isRequired: true as const } : {}),
    errorMessage: problemOf(input),
  };
  const given = value === "" ? {} : { value };
  switch (type) {
    case "text":
    case "longText":
      return [{ type: "Input.Text", ...common, ...textLimits(input), ...given }];
    case "integer":
    case "number":
      return [
        {
          type: "Input.Number",
          ...common,
          ...(/^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? { value: Number(value) } : {}),
          ...(minimum === undefined ? {} : { min: minimum }),
          ...(maximum === undefined ? {} : { max: maximum }),
        },
      ];
    case "boolean":
      return [
        {
          type: "Input.Toggle",
          id: common.id,
          title: common.label,
          valueOn: "true",
          valueOff: "false",
          value: value === "true" ? "true" : "false",
        },
      ];
    case "date":
      return [{ type: "Input.Date", ...common, ...(/^\d{4}-\d\d-\d\d$/.test(value) ? { value } : {}) }];
    case "instant":
      return instantInputs(common, value, timeZone);
    case "person":
      // Teams completes these itself, from the organisation's directory.
      return [
        {
          type: "Input.ChoiceSet",
          ...common,
          ...given,
          style: "filtered",
          choices: [],
          "choices.data": { type: "Data.Query", dataset: "graph.microsoft.com/users" },
        },
      ];
    case "choice":
      return [choiceInput(card, input, common)];
    default:
      return [];
  }
}

function problemOf({ required, type, minLength = 0, minimum, maximum }: FormInput): string {
  if (type === "text" || type === "longText")
    return minLength > 1 ? `At least ${minLength} characters are needed.` : "Something is needed here.";
  if (minimum !== undefined && maximum !== undefined) return `A number from ${minimum} to ${maximum} is needed.`;
  return required ? "Something is needed here." : "This can't be so.";
}

function textLimits({ type, minLength = 0, maxLength = most.inputText }: FormInput) {
  return {
    ...(type === "longText" ? { isMultiline: true } : {}),
    ...(minLength > 1 ? { regex: `^[\\s\\S]{${minLength},}$` } : {}),
    maxLength: Math.min(Math.max(maxLength, 1), most.inputText),
  };
}

function instantInputs(common: Pick<Input, "id" | "label">, value: string, timeZone: string): Input[] {
  const at = Number.isNaN(Date.parse(value))
    ? undefined
    : Temporal.Instant.from(new Date(value).toISOString()).toZonedDateTimeISO(timeZone);
  const { label, id, ...rest } = common;
  return [
    {
      type: "Input.Date",
      ...rest,
      id,
      label: `${label} (${timeZone})`,
      ...(at === undefined ? {} : { value: at.toPlainDate().toString() }),
    },
    {
      type: "Input.Time",
      ...rest,
      id: id + timeSuffix,
      label: "Time",
      ...(at === undefined ? {} : { value: at.toPlainTime().toString().slice(0, 5) }),
    },
  ];
}

/** Left as it was written where it is no instant: then the check says so. */
function instantOf(date: string, time: string, timeZone: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !/^\d\d:\d\d$/.test(time)) return `${date} ${time}`.trim();
  try {
    return Temporal.PlainDateTime.from(`${date}T${time}`, { overflow: "reject" }).toZonedDateTime(timeZone).toInstant().toString();
  } catch (error) {
    if (error instanceof RangeError) return `${date} ${time}`;
    throw error;
  }
}

function choiceInput(card: string, { name, value = "", choices = [], searched }: FormInput, common: Pick<Input, "id">): Input {
  const isAsked = searched === true || choices.length > most.choices;
  const offered = choices.slice(0, most.choices);
  const chosen = choices.find((choice) => choice.value === value);
  const missing = value !== "" && !offered.some((choice) => choice.value === value);
  const shown = [...(missing ? [chosen ?? { value, label: value }] : []), ...offered];
  return {
    type: "Input.ChoiceSet",
    ...common,
    style: isAsked || shown.length > 7 ? "filtered" : "compact",
    choices: shown.map(choiceOf),
    ...(value === "" ? {} : { value }),
    ...(isAsked ? { "choices.data": { type: "Data.Query", dataset: `${card}/${name}` } } : {}),
  };
}

function choiceOf({ value, label }: OfferedChoice): { title: string; value: string } {
  return { title: literal(label, most.choiceText), value };
}
