import type { KeyboardCoordinateGetter } from "@dnd-kit/core";
import type { EntityView, Field } from "../../../src/protocol/blueprints.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import type { EntityRows } from "../entityRows.ts";

/** The lane of those that have no choice: no line that a choice is written in begins with a space. */
export const noLane = " none";

export function laneOf(by: Field | undefined, { values }: Pick<EntityView, "values">): string {
  const value = by === undefined ? undefined : ownValue(values, by.key);
  return typeof value === "string" ? value : noLane;
}

/** By the arrows from lane to lane: to the middle of the next one, wherever that is. */
export const besideLane: KeyboardCoordinateGetter = (
  event,
  { currentCoordinates, context: { over, droppableRects, droppableContainers } },
) => {
  const way = event.code === "ArrowRight" ? 1 : event.code === "ArrowLeft" ? -1 : 0;
  if (way === 0) return undefined;
  event.preventDefault();
  const lanes = droppableContainers
    .getEnabled()
    .flatMap(({ id }) => {
      const rect = droppableRects.get(id);
      return rect === undefined ? [] : [{ id, rect }];
    })
    .sort((a, b) => a.rect.left - b.rect.left);
  const next = lanes[lanes.findIndex(({ id }) => id === over?.id) + way];
  return next === undefined ? currentCoordinates : { x: next.rect.left + 8, y: next.rect.top + 48 };
};

/** Where it stands now, and nowhere else. */
export function placeIn(lists: ReadonlyMap<string, EntityRows>, lane: string, entity: EntityView): void {
  for (const [other, rows] of lists) if (other !== lane) rows.remove(new Set([entity.id]));
  const rows = lists.get(lane);
  rows?.replace(entity);
  rows?.add(entity);
}
