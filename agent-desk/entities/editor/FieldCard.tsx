import { useSortable } from "@dnd-kit/sortable";
import { ChevronDown, ChevronRight, GripVertical, Trash2 } from "lucide-preact";
import { type FieldType, fieldTypes as typeNames } from "../../../src/protocol/blueprints.ts";
import { Button } from "../../look/Button.tsx";
import { Chip } from "../../look/Chip.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { Choice, TextField } from "../../settings/fields.tsx";
import { fieldTypes } from "../fields/fieldTypes.ts";
import { type MarkedField, renamedField, retyped } from "./blueprintDraft.ts";
import styles from "./Editor.module.css";
import { FieldOptions } from "./FieldOptions.tsx";

interface CardLook {
  field: MarkedField;
  isOpen: boolean;
  onToggle: () => void;
  /** It is about to be moved: lines are moved past each other, not a long form past lines. */
  onFold: () => void;
  onChange: (field: MarkedField) => void;
  onRemove: () => void;
  onMove: (by: 1 | -1) => void;
  /** Enter in its name: the next one. */
  onNext: () => void;
  wrongOf: (option: string) => string | null;
}

/** One field of a blueprint: what it is in a line, and all that can be said of it where it is open. */
export function FieldCard({ field, isOpen, onToggle, onFold, onChange, onRemove, onMove, onNext, wrongOf }: CardLook) {
  const {
    attributes: { role: _, ...attributes },
    listeners,
    setNodeRef,
    setActivatorNodeRef,
    transform,
    transition,
    isDragging,
  } = useSortable({ id: field.mark });
  const { icon: Icon, label } = fieldTypes[field.type];
  const called = field.name === "" ? "Without a name" : field.name;
  const moved = transform === null ? "" : `transform: translate3d(0, ${Math.round(transform.y)}px, 0); transition: ${transition ?? "none"}`;
  return (
    <li ref={setNodeRef} class={styles.card} style={moved} data-dragging={isDragging} data-field={field.mark}>
      <div class={styles.cardHead}>
        <button
          type="button"
          class={styles.handle}
          {...attributes}
          {...listeners}
          ref={setActivatorNodeRef}
          id={`field-${field.mark}-handle`}
          aria-label={`Move ${called}`}
          title="Drag it; or Space, arrows, Space; or Alt and an arrow"
          onFocus={onFold}
          onKeyDown={(event) => {
            if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
              event.preventDefault();
              onMove(event.key === "ArrowUp" ? -1 : 1);
            } else listeners?.["onKeyDown"]?.(event);
          }}
        >
          <GripVertical aria-hidden="true" />
        </button>
        <button type="button" class={styles.cardName} aria-expanded={isOpen} onClick={onToggle}>
          {isOpen ? <ChevronDown aria-hidden="true" /> : <ChevronRight aria-hidden="true" />}
          <Icon aria-hidden="true" />
          <b>{called}</b>
          <span class={styles.key}>{field.key}</span>
        </button>
        <Chip>{label}</Chip>
        {field.required === true && <Chip tone="accent">required</Chip>}
        {field.unique === true && <Chip tone="accent">unique</Chip>}
        {field.shownWhen !== undefined && <Chip title="It is shown only where its condition holds">depends</Chip>}
        <Button tone="plain" small label={`Take ${called} off`} onClick={onRemove}>
          <Trash2 />
        </Button>
      </div>
      {!isOpen && <Wrong>{wrongOf("")}</Wrong>}
      {isOpen && (
        <div class={styles.cardBody}>
          <div class={styles.pair}>
            <TextField
              id={`field-${field.mark}-name`}
              label="Name"
              maxLength={100}
              wrong={wrongOf("name")}
              value={field.name}
              onInput={(name) => onChange(renamedField(field, name))}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || event.isComposing) return;
                event.preventDefault();
                onNext();
              }}
            />
            <TextField
              id={`field-${field.mark}-key`}
              label="Key"
              hint="As commands, filters and programs name it."
              maxLength={63}
              wrong={wrongOf("key")}
              value={field.key}
              onInput={(key) => onChange({ ...field, key: key.toLowerCase().replace(/[^a-z0-9_]/g, "_") })}
            />
            <Choice
              id={`field-${field.mark}-type`}
              label="Type"
              wrong={wrongOf("type")}
              value={field.type}
              options={typeNames.map((type) => ({ value: type, label: fieldTypes[type].label }))}
              onInput={(type) => onChange(retyped(field, typeNames.find((one): one is FieldType => one === type) ?? "text"))}
            />
          </div>
          <FieldOptions field={field} onChange={onChange} wrongOf={wrongOf} />
          <p class={parts.hint}>
            {field.type === "formula"
              ? "It is computed wherever it is read, also of what is there already."
              : field.id === undefined
                ? "It is there for what is made from the next version on."
                : "What exists keeps what it has; another type makes another field of it."}
          </p>
        </div>
      )}
    </li>
  );
}
