import {
  type Announcements,
  type CollisionDetection,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  type DragStartEvent,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import { titleOf } from "../fields/valueWords.ts";
import styles from "./Calendar.module.css";
import { dayWords, type Span } from "./days.ts";
import { EntryWords } from "./Entry.tsx";
import type { CalendarEntry } from "./entries.ts";
import { edgeWords, TurnEdge } from "./TurnEdge.tsx";

interface MovableLook {
  blueprint: BlueprintView;
  entryOf: (id: string) => CalendarEntry | undefined;
  onMove: (entry: CalendarEntry, day: string) => void;
  span: Span;
  onTurn: (step: 1 | -1) => void;
  children: ComponentChildren;
}

/** An edge lies over the days beside it. */
const underPointer: CollisionDetection = (args) => {
  const found = pointerWithin(args);
  const edges = found.filter(({ id }) => edgeWords(id) !== undefined);
  return edges.length > 0 ? edges : found;
};

/** Entries that the pointer takes to other days; keys have a way of their own (`Entry`). */
export function MovableEntries({ blueprint, entryOf, onMove, span, onTurn, children }: MovableLook) {
  // As it was when it was picked up: what others write meanwhile is a conflict, and its day may be out of sight by now.
  const [moving, setMoving] = useState<CalendarEntry | null>(null);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 5 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 180, tolerance: 8 } }),
  );
  const called = (id: unknown) => {
    const entry = moving ?? entryOf(String(id));
    return entry === undefined ? "It" : titleOf(blueprint.fields, entry.entity);
  };
  const on = (day: unknown) => dayWords(String(day), { dateStyle: "full" });
  const announcements: Announcements = {
    onDragStart: ({ active }) => `${called(active.id)} is picked up; Escape puts it back.`,
    onDragOver: ({ active, over }) => (over === null ? undefined : `${called(active.id)} is over ${edgeWords(over.id) ?? on(over.id)}.`),
    onDragEnd: ({ active, over }) => (isDay(over) ? `${called(active.id)} is put on ${on(over.id)}.` : undefined),
    onDragCancel: ({ active }) => `${called(active.id)} is back at its place.`,
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={underPointer}
      accessibility={{ announcements }}
      onDragStart={({ active }: DragStartEvent) => setMoving(entryOf(String(active.id)) ?? null)}
      onDragCancel={() => setMoving(null)}
      onDragEnd={({ over }: DragEndEvent) => {
        setMoving(null);
        if (moving !== null && isDay(over)) onMove(moving, String(over.id));
      }}
    >
      {children}
      {moving !== null && ([-1, 1] as const).map((step) => <TurnEdge key={step} span={span} step={step} onTurn={() => onTurn(step)} />)}
      <DragOverlay dropAnimation={null}>
        {moving === null ? null : (
          <span class={styles.entry} data-lifted="true">
            <EntryWords blueprint={blueprint} entry={moving} />
          </span>
        )}
      </DragOverlay>
    </DndContext>
  );
}

function isDay(over: { id: string | number } | null): over is { id: string | number } {
  return over !== null && edgeWords(over.id) === undefined;
}
