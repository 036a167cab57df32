import { useDraggable } from "@dnd-kit/core";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import { phone } from "../../shell/screen.ts";
import { cardFields } from "../fields/CardValues.tsx";
import { titleOf, valueWords } from "../fields/valueWords.ts";
import styles from "./Calendar.module.css";
import { addDays } from "./days.ts";
import type { CalendarEntry } from "./entries.ts";

export interface EntryLook {
  blueprint: BlueprintView;
  entry: CalendarEntry;
  mayMove: boolean;
  isOpen: boolean;
  onOpen: () => void;
  onMove: (day: string) => void;
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** An entity on its day, drawn to another or moved by Alt and the arrows. */
export function Entry({ blueprint, entry, mayMove, isOpen, onOpen, onMove }: EntryLook) {
  const { entity, day } = entry;
  // The list of a phone has no days to put it on: there it is moved in its form.
  const isDrawn = mayMove && !phone.value;
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: entity.id, disabled: !isDrawn });
  return (
    <button
      type="button"
      ref={setNodeRef}
      {...(isDrawn ? listeners : {})}
      class={styles.entry}
      data-entry={entity.id}
      data-open={isOpen}
      data-moving={isDragging}
      aria-keyshortcuts={mayMove ? "Alt+ArrowLeft Alt+ArrowRight Alt+ArrowUp Alt+ArrowDown" : undefined}
      title={isDrawn ? "Drawn, or by Alt and an arrow, it goes to another day" : undefined}
      onClick={onOpen}
      onKeyDown={(event) => {
        const step = steps[event.key];
        if (!event.altKey || step === undefined || !mayMove) return;
        event.preventDefault();
        event.stopPropagation();
        onMove(addDays(day, step));
      }}
    >
      <EntryWords blueprint={blueprint} entry={entry} />
    </button>
  );
}

export function EntryWords({ blueprint: { fields }, entry: { entity, field, value } }: Pick<EntryLook, "blueprint" | "entry">) {
  const [first] = cardFields(fields, entity, field);
  return (
    <>
      {field.type === "instant" && <time dateTime={value}>{clock.format(Date.parse(value))}</time>}
      <b dir="auto">{titleOf(fields, entity)}</b>
      {first !== undefined && <span dir="auto">{valueWords(first, ownValue(entity.values, first.key))}</span>}
    </>
  );
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
