import type { BlueprintView, Field, FieldType, Flow } from "../../../src/protocol/blueprints.ts";
import { isSame } from "../../../src/protocol/isSame.ts";
import { renamedFilter, renamedFlow } from "../../../src/protocol/renamedFlow.ts";
import { isRecord } from "../../operations/draft.ts";
import { keyFrom } from "../../settings/fields.tsx";
import type { FieldDraft } from "../blueprints.ts";
import { fieldTypes } from "../fields/fieldTypes.ts";

/** A field that is being written; `mark` tells it from the others on the page and nowhere else. */
export type MarkedField = FieldDraft & { mark: string };

export interface BlueprintDraft {
  key: string;
  name: string;
  fields: readonly MarkedField[];
  /** The life of its entities, by the keys of its fields; null where they have none. */
  flow: Flow | null;
  /** The version that it began with; null of a new blueprint. */
  seen: number | null;
}

export function draftOf({ key, name, fields, flow, latest }: BlueprintView): BlueprintDraft {
  return { key, name, fields: fields.map((field) => ({ ...field, mark: field.id })), flow: flow ?? null, seen: latest };
}

/** A new one begins with a number for each of its entities. */
export function newDraft(): BlueprintDraft {
  return { key: "", name: "", fields: [{ mark: "+0", key: "id", name: "Id", type: "sequence", prefix: "" }], flow: null, seen: null };
}

/** As it is sent. */
export function fieldsOf({ fields }: Pick<BlueprintDraft, "fields">): FieldDraft[] {
  return fields.map(({ mark: _, ...field }) => ({
    ...field,
    ...(field.choices === undefined ? {} : { choices: field.choices.filter(Boolean) }),
    ...(field.accepts === undefined ? {} : { accepts: field.accepts.map((type) => type.trim()).filter(Boolean) }),
  }));
}

/** With other fields; the flow and the conditions follow those whose keys are others now. */
export function withFields(draft: BlueprintDraft, fields: readonly MarkedField[]): BlueprintDraft {
  const keys = new Map(draft.fields.map(({ mark, key }) => [key, fields.find((field) => field.mark === mark)?.key ?? key]));
  const now = (key: string) => keys.get(key) ?? key;
  return {
    ...draft,
    fields: [...keys].every(([before, after]) => before === after) ? fields : fields.map((field) => withCondition(field, now)),
    flow: draft.flow === null ? null : renamedFlow(draft.flow, now),
  };
}

function withCondition({ shownWhen, ...field }: MarkedField, now: (key: string) => string): MarkedField {
  return shownWhen === undefined ? field : { ...field, shownWhen: renamedFilter(shownWhen, now) };
}

/** Whether saving it would make something else of it. */
export function isChanged(draft: BlueprintDraft, begin: BlueprintDraft): boolean {
  return (
    draft.name !== begin.name || draft.key !== begin.key || !isSame(fieldsOf(draft), fieldsOf(begin)) || !isSame(draft.flow, begin.flow)
  );
}

/** With another name; what was made of the old one follows it, until somebody writes something else there. */
export function renamed(draft: BlueprintDraft, name: string): BlueprintDraft {
  const follows = draft.seen === null && draft.key === manyKey(draft.name);
  return {
    ...draft,
    name,
    key: follows ? manyKey(name) : draft.key,
    fields: draft.seen === null ? draft.fields.map((field) => withPrefix(field, draft.name, name)) : draft.fields,
  };
}

function withPrefix(field: MarkedField, before: string, after: string): MarkedField {
  return field.type === "sequence" && (field.prefix ?? "") === prefixOf(before) ? { ...field, prefix: prefixOf(after) } : field;
}

function prefixOf(name: string): string {
  const letters = keyFrom(name).replaceAll("-", "").slice(0, 3).toUpperCase();
  return letters === "" ? "" : `${letters}-`;
}

/** "Delivery" has `deliveries`. */
function manyKey(name: string): string {
  const one = keyFrom(name);
  if (one === "") return "";
  if (/[^aeiou]y$/.test(one)) return `${one.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(one) ? `${one}es` : `${one}s`;
}

/** "Deliver from" is `deliver_from`. */
export function fieldKey(name: string): string {
  return keyFrom(name).replaceAll("-", "_");
}

/** With another name; the key of one that was never saved follows it. */
export function renamedField(field: MarkedField, name: string): MarkedField {
  return { ...field, name, key: field.id === undefined && field.key === fieldKey(field.name) ? fieldKey(name) : field.key };
}

export function newField(type: FieldType, marks: readonly string[]): MarkedField {
  let place = marks.length;
  while (marks.includes(`+${place}`)) place += 1;
  return {
    mark: `+${place}`,
    key: "",
    name: "",
    type,
    ...(type === "choice" || type === "choices" ? { choices: [] } : {}),
    ...(type === "money" ? { currency: "EUR" } : {}),
    ...(type === "formula" ? { formula: { sum: [] } } : {}),
  };
}

/** Of another type: what only the old one takes goes. */
export function retyped(
  { mark, id, key, name, required, unique, section, shownWhen, onCard, ...options }: MarkedField,
  type: FieldType,
): MarkedField {
  const look = fieldTypes[type];
  const kept = Object.fromEntries(Object.entries(options).filter(([option]) => look.options.some((one) => one === option)));
  return {
    ...newField(type, []),
    ...kept,
    mark,
    key,
    name,
    ...(id === undefined ? {} : { id }),
    ...(section === undefined ? {} : { section }),
    ...(shownWhen === undefined ? {} : { shownWhen }),
    ...(onCard === true ? { onCard } : {}),
    ...(required === true && look.given !== true ? { required } : {}),
    ...(unique === true && look.unique ? { unique } : {}),
  };
}

/** As the pages of entities draw it. */
export function asField({ mark, id, ...field }: MarkedField): Field {
  return { ...field, id: id ?? mark, name: field.name === "" ? "Without a name" : field.name, key: field.key === "" ? mark : field.key };
}

const placeOf = (account: string, place: string) => `switchboard.blueprint.${account}.${place}`;

/** What was written and not saved, in this browser; null forgets it. */
export function keepDraft(account: string, place: string, draft: BlueprintDraft | null): void {
  try {
    if (draft === null) localStorage.removeItem(placeOf(account, place));
    else localStorage.setItem(placeOf(account, place), JSON.stringify(draft));
  } catch {
    // Full or forbidden storage: the draft then lives as long as the page.
  }
}

export function readDraft(account: string, place: string): BlueprintDraft | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(placeOf(account, place)) ?? "null");
    return isDraft(kept) ? kept : null;
  } catch {
    // Somebody else's value under our key, or storage that is forbidden.
    return null;
  }
}

function isDraft(kept: unknown): kept is BlueprintDraft {
  return (
    isRecord(kept) &&
    typeof kept["key"] === "string" &&
    typeof kept["name"] === "string" &&
    (kept["seen"] === null || typeof kept["seen"] === "number") &&
    (kept["flow"] === null || isRecord(kept["flow"])) &&
    Array.isArray(kept["fields"]) &&
    kept["fields"].every((field: unknown) => isRecord(field) && typeof field["mark"] === "string" && String(field["type"]) in fieldTypes)
  );
}
