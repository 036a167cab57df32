import type { EntityView, Field } from "../../../src/protocol/blueprints.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import type { Written } from "../entities.ts";
import { fieldTypes } from "../fields/fieldTypes.ts";
import { ofEach } from "../fields/ofEach.ts";
import type { TableLook } from "./tableLook.ts";

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

/** The columns as this person wants them. */
export function columnsOf(fields: readonly Field[], look: TableLook): Column[] {
  let edge = chooseWidth;
  return inOrder(fields, look).flatMap((field) => {
    if (look.hidden.includes(field.key)) return [];
    const width = clamp(ownValue(look.widths, field.key) ?? fieldTypes[field.type].width);
    const stays = look.pinned.includes(field.key) ? edge : null;
    edge += width;
    return [{ field, width, stays }];
  });
}

/** All that may be a column: those that stay first, each where this person put it, and behind them what came to the blueprint since. */
export function inOrder(fields: readonly Field[], { order = [], pinned }: Pick<TableLook, "order" | "pinned">): Field[] {
  const places = new Map(order.map((key, place) => [key, place]));
  const placeOf = ({ key }: Field) => places.get(key) ?? order.length;
  const all = [...fields, ...ofEach].sort((one, other) => placeOf(one) - placeOf(other));
  return [...all.filter(({ key }) => pinned.includes(key)), ...all.filter(({ key }) => !pinned.includes(key))];
}

/** A column takes the place of another, and stays or scrolls as that one does. */
export function moveColumn(
  fields: readonly Field[],
  look: Pick<TableLook, "order" | "pinned">,
  key: string,
  to: string,
): Pick<Required<TableLook>, "order" | "pinned"> {
  const keys = inOrder(fields, look).map((field) => field.key);
  const place = keys.indexOf(to);
  const others = keys.filter((one) => one !== key);
  const pinned = look.pinned.filter((one) => one !== key);
  return { order: [...others.slice(0, place), key, ...others.slice(place)], pinned: look.pinned.includes(to) ? [...pinned, key] : pinned };
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
