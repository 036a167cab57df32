import type { EntityView, Field } from "../../../src/protocol/blueprints.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import type { Written } from "../entities.ts";
import { fieldTypes } from "../fields/fieldTypes.ts";
import type { TableLook } from "./tableLook.ts";

/** What every entity has besides the fields of its blueprint, whose keys have no capital letters. */
export const ofEach: readonly Field[] = [
  { id: "updatedAt", key: "updatedAt", name: "Last changed", type: "instant" },
  { id: "createdAt", key: "createdAt", name: "Made", type: "instant" },
];

export interface Column {
  field: Field;
  width: number;
  /** How far from the beginning it stays while others scroll; null where it scrolls with them. */
  stays: number | null;
}

/** Before the first column is the box that chooses a row. */
export const chooseWidth = 36;
const narrowest = 64;
const widest = 900;

/** The columns as this person wants them: those that stay first, each in the blueprint's order. */
export function columnsOf(fields: readonly Field[], { widths, pinned, hidden }: TableLook): Column[] {
  const shown = [...fields, ...ofEach].filter(({ key }) => !hidden.includes(key));
  const first = shown.filter(({ key }) => pinned.includes(key));
  let edge = chooseWidth;
  return [...first, ...shown.filter(({ key }) => !pinned.includes(key))].map((field, place) => {
    const width = clamp(ownValue(widths, field.key) ?? fieldTypes[field.type].width);
    const stays = place < first.length ? edge : null;
    edge += width;
    return { field, width, stays };
  });
}

export function clamp(width: number): number {
  return Math.min(widest, Math.max(narrowest, Math.round(width)));
}

/** What an entity has in a column. */
export function valueIn(entity: EntityView, { key }: Field): Written | undefined {
  if (key === "updatedAt") return entity.updatedAt;
  if (key === "createdAt") return entity.createdAt;
  return ownValue(entity.values, key);
}

/** The next step of a column's order: up, down, none. `more` keeps the others, which come before it. */
export function sortedBy(sort: readonly string[], key: string, more: boolean): string[] {
  const now = sort.find((term) => term === key || term === `-${key}`);
  const next = now === undefined ? [key] : now === key ? [`-${key}`] : [];
  if (!more) return next;
  const place = now === undefined ? sort.length : sort.indexOf(now);
  return [...sort.slice(0, place), ...next, ...sort.slice(place + 1)];
}
