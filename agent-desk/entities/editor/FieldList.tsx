import {
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  type UniqueIdentifier,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { arrayMove, SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { useRef } from "preact/hooks";
import { type FieldType, fieldTypes as typeNames } from "../../../src/protocol/blueprints.ts";
import { Wrong } from "../../look/Wrong.tsx";
import { fieldTypes } from "../fields/fieldTypes.ts";
import { type MarkedField, newField } from "./blueprintDraft.ts";
import styles from "./Editor.module.css";
import { FieldCard } from "./FieldCard.tsx";

interface ListLook {
  fields: readonly MarkedField[];
  /** The mark of the one that is open. */
  open: string | null;
  onOpen: (mark: string | null) => void;
  onChange: (fields: readonly MarkedField[]) => void;
  /** By the path from `fields` on: `0.name`; of the field whole by `0`. */
  wrongAt: (path: string) => string | null;
  wrong: string | null;
}

/** The fields in their order, which is drawn by the pointer or moved by keys, and all types of which another can be. */
export function FieldList({ fields, open, onOpen, onChange, wrongAt, wrong }: ListLook) {
  const palette = useRef<HTMLFieldSetElement>(null);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 150, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const move = (from: number, to: number) => onChange(arrayMove([...fields], from, Math.max(0, Math.min(fields.length - 1, to))));
  const add = (type: FieldType) => {
    const field = newField(
      type,
      fields.map(({ mark }) => mark),
    );
    onChange([...fields, field]);
    onOpen(field.mark);
    requestAnimationFrame(() => document.getElementById(`field-${field.mark}-name`)?.focus());
  };
  return (
    <>
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        accessibility={{ announcements: announcementsOf(fields) }}
        onDragEnd={({ active, over }: DragEndEvent) => {
          const place = (mark: unknown) => fields.findIndex((field) => field.mark === mark);
          if (over !== null && active.id !== over.id) move(place(active.id), place(over.id));
        }}
      >
        <SortableContext items={fields.map(({ mark }) => mark)} strategy={verticalListSortingStrategy}>
          <ol class={styles.cards} aria-label="Fields">
            {fields.map((field, index) => (
              <FieldCard
                key={field.mark}
                field={field}
                isOpen={field.mark === open}
                onToggle={() => onOpen(field.mark === open ? null : field.mark)}
                onFold={() => onOpen(null)}
                onChange={(changed) => onChange(fields.map((one) => (one.mark === field.mark ? changed : one)))}
                onRemove={() => onChange(fields.filter((one) => one.mark !== field.mark))}
                onMove={(by) => {
                  move(index, index + by);
                  // What is moved in the document loses the focus.
                  requestAnimationFrame(() => document.getElementById(`field-${field.mark}-handle`)?.focus());
                }}
                onNext={() => palette.current?.querySelector("button")?.focus()}
                wrongOf={(option) => wrongAt(option === "" ? `${index}` : `${index}.${option}`)}
              />
            ))}
          </ol>
        </SortableContext>
      </DndContext>
      <Wrong>{wrong}</Wrong>
      <fieldset
        class={styles.palette}
        ref={palette}
        onKeyDown={(event) => {
          const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
          if (step === undefined) return;
          const buttons = [...event.currentTarget.querySelectorAll("button")];
          const at = buttons.findIndex((one) => one.matches(":focus"));
          buttons[(at + step + buttons.length) % buttons.length]?.focus();
          event.preventDefault();
        }}
      >
        <legend>Add a field</legend>
        {typeNames
          .filter((type) => type !== "sequence" || !fields.some((field) => field.type === "sequence"))
          .map((type) => {
            const { icon: Icon, label, about } = fieldTypes[type];
            return (
              <button key={type} type="button" title={about} onClick={() => add(type)}>
                <Icon aria-hidden="true" />
                <span>{label}</span>
              </button>
            );
          })}
      </fieldset>
    </>
  );
}

/** What screen readers hear while a field is moved. */
function announcementsOf(fields: readonly MarkedField[]): Announcements {
  const place = (mark: UniqueIdentifier | undefined) => fields.findIndex((field) => field.mark === mark);
  const called = (mark: UniqueIdentifier) => fields[place(mark)]?.name || "The field without a name";
  return {
    onDragStart: ({ active }) => `${called(active.id)} is picked up; arrows move it, Space puts it down, Escape puts it back.`,
    onDragOver: ({ active, over }) =>
      over === null ? undefined : `${called(active.id)} is at place ${place(over.id) + 1} of ${fields.length}.`,
    onDragEnd: ({ active, over }) => `${called(active.id)} stands at place ${place((over ?? active).id) + 1}.`,
    onDragCancel: ({ active }) => `${called(active.id)} is back at its place.`,
  };
}
