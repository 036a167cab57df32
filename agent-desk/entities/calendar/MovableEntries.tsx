import {
  type Announcements,
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
import { dayWords } from "./days.ts";
import { EntryWords } from "./Entry.tsx";
import type { CalendarEntry } from "./entries.ts";

interface MovableLook {
  blueprint: BlueprintView;
  entryOf: (id: string) => CalendarEntry | undefined;
  onMove: (entry: CalendarEntry, day: string) => void;
  children: ComponentChildren;
}

/** Entries that the pointer takes to other days; keys have a way of their own (`Entry`). */
export function MovableEntries({ blueprint, entryOf, onMove, children }: MovableLook) {
  // As it was when it was picked up: what others write meanwhile is a conflict.
  const [moving, setMoving] = useState<CalendarEntry | null>(null);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 5 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 180, tolerance: 8 } }),
  );
  const called = (id: unknown) => {
    const entry = entryOf(String(id));
    return entry === undefined ? "It" : titleOf(blueprint.fields, entry.entity);
  };
  const on = (day: unknown) => dayWords(String(day), { dateStyle: "full" });
  const announcements: Announcements = {
    onDragStart: ({ active }) => `${called(active.id)} is picked up; Escape puts it back.`,
    onDragOver: ({ active, over }) => (over === null ? undefined : `${called(active.id)} is over ${on(over.id)}.`),
    onDragEnd: ({ active, over }) => (over === null ? undefined : `${called(active.id)} is put on ${on(over.id)}.`),
    onDragCancel: ({ active }) => `${called(active.id)} is back at its place.`,
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      accessibility={{ announcements }}
      onDragStart={({ active }: DragStartEvent) => setMoving(entryOf(String(active.id)) ?? null)}
      onDragCancel={() => setMoving(null)}
      onDragEnd={({ over }: DragEndEvent) => {
        setMoving(null);
        if (moving !== null && over !== null) onMove(moving, String(over.id));
      }}
    >
      {children}
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
