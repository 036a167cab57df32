import { filePlaces, type Parameter, type ParameterType } from "../../../src/protocol/operations.ts";
import { referenceShape, writeReference } from "../../../src/protocol/reference.ts";
import { type Body, isRecord, textIn } from "../draft.ts";
import { inPattern, nameOf } from "./steps.ts";

export type OutputType = "text" | "number" | "time" | "yesNo" | "list" | "fields";

/** A value that a step may take. */
export interface Output {
  /** As it is written: `{{orders.rows}}`. */
  slot: string;
  label: string;
  type: OutputType;
  /** Of a list: one of what is in it, as far as it is known. */
  item?: unknown;
}

/** Outputs of one place, under its name. */
export interface OutputGroup {
  title: string;
  outputs: Output[];
  /** Whether nobody knows yet what it has. */
  unknown?: boolean;
}

interface Before {
  steps: readonly Body[];
  parameters: readonly Parameter[];
  /** What a step left when it was tried or run last; undefined where nobody knows. */
  resultOf: (step: Body, index: number) => unknown;
}

/** How deep the fields of an answer are offered; deeper ones can be written. */
const mostDepth = 3;

/** What the step may take: from the row of its loop, the steps before it, what is asked for, and who runs it. */
export function outputsFor(index: number, { steps, parameters, resultOf }: Before): OutputGroup[] {
  const own = ownOutputs(parameters);
  const earlier = steps.slice(0, index).flatMap((step, place): OutputGroup[] => {
    const name = nameOf(step);
    if (name === "") return [];
    const result = resultOf(step, place);
    const title = `Step ${place + 1}: ${textIn(step["command"])}`;
    if (result === undefined || result === null) return [{ title, outputs: [], unknown: true }];
    return [{ title, outputs: outputsOf([name], "", result) }];
  });
  const each = textIn(steps[index]?.["each"]);
  const list = [...earlier, ...own].flatMap(({ outputs }) => outputs).find(({ slot }) => slot === each);
  const row =
    each === ""
      ? []
      : [
          {
            title: "The row",
            outputs: list?.item === undefined ? [] : outputsOf(["row"], "", list.item),
            unknown: list?.item === undefined,
          },
        ];
  return [...row, ...earlier, ...own].filter(({ outputs, unknown }) => outputs.length > 0 || unknown === true);
}

function ownOutputs(parameters: readonly Parameter[]): OutputGroup[] {
  return [
    {
      title: "Asked for when it is run",
      outputs: parameters.flatMap(({ name, label, type, list }): Output[] => [
        {
          slot: `{{${name}}}`,
          label: label ?? name,
          type: list === true ? "list" : parameterTypes[type],
          ...(list === true ? { item: example[parameterTypes[type]] } : {}),
        },
        ...(type === "file" ? filePlaces : []).map(
          (place): Output => ({
            slot: `{{${name}.${place}}}`,
            label: `${label ?? name}, ${place}`,
            type: place === "size" ? "number" : "text",
          }),
        ),
      ]),
    },
    {
      title: "Whoever runs it",
      outputs: [
        { slot: "{{me.name}}", label: "Name", type: "text" },
        { slot: "{{me.email}}", label: "E-mail", type: "text" },
      ],
    },
  ];
}

const parameterTypes: Record<ParameterType, OutputType> = {
  ...{ text: "text", integer: "number", decimal: "number", boolean: "yesNo", date: "time", instant: "time" },
  ...{ choice: "text", account: "text", entity: "text", file: "fields" },
};
const example: Partial<Record<OutputType, unknown>> = { text: "", number: 0, yesNo: true, time: "2026-01-01" };

/** What can be taken of a value by the names in it. */
function outputsOf(path: readonly string[], label: string, value: unknown, depth = 0): Output[] {
  const table = namedTable(value);
  if (table !== undefined) {
    const first = table.rows[0];
    const rows = [...path, "rows"];
    return [
      ...output(rows, "All rows", "list", first),
      ...counted(rows, "How many rows"),
      ...table.columns.flatMap(({ name, type }) =>
        output([...rows, "0", name], `${name} of the first row`, columnType(type, first?.[name])),
      ),
    ];
  }
  if (Array.isArray(value))
    return [
      ...output(path, label === "" ? "All of them" : label, "list", value[0]),
      ...counted(path, label === "" ? "How many" : `How many ${label}`),
    ];
  if (isRecord(value) && depth < mostDepth)
    return Object.entries(value).flatMap(([key, item]) =>
      outputsOf([...path, key], label === "" ? key : `${label}, ${key}`, item, depth + 1),
    );
  return output(path, label || "The value", isRecord(value) ? "fields" : typeOf(value));
}

function counted(path: readonly string[], label: string): Output[] {
  return output([...path, "length"], label, "number");
}

/** None where no slot can name it. */
function output(path: readonly string[], label: string, type: OutputType, item?: unknown): Output[] {
  const slot = writeReference(path);
  return slot === undefined ? [] : [{ slot, label, type, ...(item === undefined ? {} : { item }) }];
}

interface Table {
  columns: { name: string; type: string }[];
  /** By the names of the columns. */
  rows: Record<string, unknown>[];
}

function namedTable(value: unknown): Table | undefined {
  if (!isRecord(value)) return undefined;
  const { columns, rows } = value;
  if (!Array.isArray(columns) || !Array.isArray(rows)) return undefined;
  const named = columns.filter(isRecord).map(({ name, type }) => ({ name: textIn(name), type: textIn(type) }));
  const rowsNamed = rows.map((row: unknown) =>
    Array.isArray(row) ? Object.fromEntries(named.map(({ name }, at) => [name, row[at] ?? null])) : isRecord(row) ? { ...row } : {},
  );
  return { columns: named, rows: rowsNamed };
}

const columnTypes: Record<string, OutputType> = {
  ...{ integer: "number", decimal: "number", float: "number", number: "number", money: "number" },
  ...{ date: "time", instant: "time", time: "time", boolean: "yesNo" },
};

function columnType(type: string, value: unknown): OutputType {
  return columnTypes[type] ?? typeOf(value);
}

function typeOf(value: unknown): OutputType {
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "yesNo";
  if (typeof value !== "string") return "text";
  if (/^\d{4}-\d\d-\d\d(T|$)/.test(value)) return "time";
  return /^-?\d{1,30}(\.\d{1,30})?$/.test(value) ? "number" : "text";
}

/** The output that stands alone in a value, if one does; undefined of other texts. */
export function wholeSlot(value: unknown): string | undefined {
  return typeof value === "string" && new RegExp(`^${referenceShape}$`, "u").test(value) ? value : undefined;
}

/** In words where it is known: `Step 1: late-orders, all rows`. */
export function slotInWords(slot: string, groups: readonly OutputGroup[]): string {
  for (const { title, outputs } of groups) {
    const found = outputs.find((output) => output.slot === slot);
    if (found !== undefined) return `${title} · ${found.label}`;
  }
  return slot.replace(/[{}\s]/g, "");
}

/** Slots of the value that name this step or one after it: they have no value yet when it runs. */
export function tooEarly(value: unknown, later: readonly string[]): string | null {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? "");
  const found = later.find((name) => new RegExp(`\\{\\{\\s*${inPattern(name)}[\\s.[}]`).test(text));
  return found === undefined ? null : `"${found}" is only known after this step: move its step before this one, or choose another value.`;
}
