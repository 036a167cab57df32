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
import type { Column } from "./columns.ts";
import styles from "./Table.module.css";

interface ColumnsLook {
  columns: readonly Column[];
  /** A column was put down on another. */
  onMove: (key: string, to: string) => void;
  children: ComponentChildren;
}

/** Columns that the pointer takes by their names to other places; keys have ways of their own (`ColumnHead`). */
export function MovableColumns({ columns, onMove, children }: ColumnsLook) {
  const [moving, setMoving] = useState<string | null>(null);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 5 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 180, tolerance: 8 } }),
  );
  const nameOf = (id: unknown) => columns.find(({ field }) => field.key === id)?.field.name ?? "It";
  // One that stays lies over those that scroll.
  const collision: CollisionDetection = (asked) => {
    const under = pointerWithin(asked);
    const staying = under.filter(({ id }) => columns.some(({ field, stays }) => field.key === id && stays !== null));
    return staying.length > 0 ? staying : under;
  };
  const announcements: Announcements = {
    onDragStart: ({ active }) => `${nameOf(active.id)} is picked up; Escape puts it back.`,
    onDragOver: ({ active, over }) => (over === null ? undefined : `${nameOf(active.id)} is over ${nameOf(over.id)}.`),
    onDragEnd: ({ active, over }) => (over === null ? undefined : `${nameOf(active.id)} is where ${nameOf(over.id)} was.`),
    onDragCancel: ({ active }) => `${nameOf(active.id)} is back at its place.`,
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={collision}
      accessibility={{ announcements }}
      onDragStart={({ active }: DragStartEvent) => setMoving(String(active.id))}
      onDragCancel={() => setMoving(null)}
      onDragEnd={({ active, over }: DragEndEvent) => {
        setMoving(null);
        if (over !== null && over.id !== active.id) onMove(String(active.id), String(over.id));
      }}
    >
      {children}
      <DragOverlay dropAnimation={null}>{moving === null ? null : <span class={styles.lifted}>{nameOf(moving)}</span>}</DragOverlay>
    </DndContext>
  );
}
