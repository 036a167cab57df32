import type { EntityView, Field } from "../../../src/protocol/blueprints.ts";
import type { EntityRow } from "../entityRows.ts";
import { valueIn } from "../table/columns.ts";
import type { Edits } from "../table/edits.ts";
import { dayOf } from "./days.ts";

/** An entity on its day. */
export interface CalendarEntry {
  entity: EntityView;
  /** The one by whose days, as the entity's own version has it. */
  field: Field;
  value: string;
  day: string;
}

/** Those of each day in their order; one that this person moves is where it was put. */
export function entriesOf(
  rows: readonly EntityRow[],
  fieldIn: (entity: EntityView) => Field | undefined,
  edits: Edits,
): ReadonlyMap<string, readonly CalendarEntry[]> {
  const days = new Map<string, CalendarEntry[]>();
  for (const { entity, gone } of rows) {
    const field = fieldIn(entity);
    if (gone || field === undefined || (field.type !== "date" && field.type !== "instant")) continue;
    const state = edits.stateOf(entity.id, field.key);
    const value = state?.state === "saving" ? state.written : valueIn(entity, field);
    if (typeof value !== "string" || Number.isNaN(Date.parse(value))) continue;
    const day = dayOf(field, value);
    days.set(day, [...(days.get(day) ?? []), { entity, field, value, day }]);
  }
  for (const entries of days.values()) entries.sort((one, other) => (one.value === other.value ? 0 : one.value < other.value ? -1 : 1));
  return days;
}
