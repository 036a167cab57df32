import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { EntityView, Field } from "../../../src/protocol/blueprints.ts";
import { Button } from "../../look/Button.tsx";
import { FieldInput } from "../fields/FieldInput.tsx";
import { fieldTypes } from "../fields/fieldTypes.ts";
import { Value } from "../fields/Value.tsx";
import { valueWords } from "../fields/valueWords.ts";
import type { Column } from "./columns.ts";
import { valueIn } from "./columns.ts";
import type { Edits, OpenCell } from "./edits.ts";
import { Part } from "./Part.tsx";
import styles from "./Table.module.css";

interface CellLook {
  entity: EntityView;
  column: Column;
  /** The field as the entity's own version has it; none where that one hasn't. */
  field: Field | undefined;
  index: number;
  isActive: boolean;
  edits: Edits;
  /** Of the column that names the entity. */
  onOpen: (() => void) | undefined;
  onBegin: () => void;
  onLeave: (to: Leaving) => void;
}

/** Where the focus goes when a cell is left. */
export type Leaving = "here" | "below" | "after" | "before";

/** A value in its place, or what is being written over it. */
export function Cell({ entity, column, field, index, isActive, edits, onOpen, onBegin, onLeave }: CellLook) {
  const { key } = column.field;
  const state = field === undefined ? undefined : edits.stateOf(entity.id, field.key);
  const open = edits.open.value;
  const isOpen = field !== undefined && open?.id === entity.id && open.key === field.key;
  const value = state === undefined ? field && valueIn(entity, field) : state.written;
  return (
    <Part
      role="gridcell"
      aria-colindex={index + 2}
      tabIndex={isActive && !isOpen ? 0 : -1}
      data-cell={`${entity.id} ${key}`}
      data-state={state?.state}
      data-stays={column.stays !== null}
      data-aligned={fieldTypes[column.field.type].aligned}
      aria-invalid={state?.state === "failed" ? true : undefined}
      aria-busy={state?.state === "saving" ? true : undefined}
      class={styles.cell}
      style={placeOf(column)}
      onDblClick={isOpen ? undefined : onBegin}
      title={field === undefined ? `Version ${entity.blueprintVersion} of its blueprint has no such field` : undefined}
    >
      {isOpen ? (
        <CellEditor field={field} open={open} entity={entity} edits={edits} onLeave={onLeave} />
      ) : (
        <CellValue onOpen={onOpen}>{field !== undefined && <Value field={field} value={value} />}</CellValue>
      )}
      {state?.state === "failed" && !isOpen && field !== undefined && (
        <div class={styles.told} role="alert">
          <p>
            {state.message ?? `${entity.updatedBy} changed it to “${valueWords(field, valueIn(entity, field)) || "nothing"}” meanwhile.`}
          </p>
          <Button small onClick={() => (state.message === null ? void edits.keep(entity, field.key) : edits.begin(entity, field))}>
            {state.message === null ? "Keep mine" : "Write on"}
          </Button>
          <Button
            small
            onClick={() => {
              edits.discard(entity.id, field.key);
              onLeave("here");
            }}
          >
            {state.message === null ? "Take theirs" : "Discard"}
          </Button>
        </div>
      )}
    </Part>
  );
}

function CellValue({ onOpen, children }: { onOpen: (() => void) | undefined; children: ComponentChildren }) {
  if (onOpen === undefined) return <span class={styles.value}>{children}</span>;
  return (
    <button type="button" tabIndex={-1} class={styles.title} title="Open it (Shift ↵)" onClick={onOpen}>
      {children}
    </button>
  );
}

export function placeOf({ width, stays }: Column): string {
  return `width: ${width}px${stays === null ? "" : `; inset-inline-start: ${stays}px`}`;
}

interface EditorLook {
  field: Field;
  open: OpenCell;
  entity: EntityView;
  edits: Edits;
  onLeave: CellLook["onLeave"];
}

function CellEditor({ field, open, entity, edits, onLeave }: EditorLook) {
  const box = useRef<HTMLFieldSetElement>(null);
  const isLeft = useRef(false);
  useEffect(() => {
    const input = box.current?.querySelector<HTMLElement>("input, select, textarea");
    input?.focus();
    if (input instanceof HTMLInputElement && input.type === "text") input.setSelectionRange(input.value.length, input.value.length);
  }, []);
  const leave = (how: "commit" | "cancel", to?: Leaving) => {
    if (isLeft.current) return;
    isLeft.current = true;
    if (how === "commit") void edits.commit();
    else edits.cancel();
    if (to !== undefined) onLeave(to);
  };
  const stands = valueIn(entity, field) ?? null;
  return (
    <fieldset
      ref={box}
      class={styles.editor}
      aria-label={`Write ${field.name}`}
      data-type={field.type}
      onFocusOut={({ relatedTarget }) => {
        if (!(relatedTarget instanceof Node && box.current?.contains(relatedTarget) === true)) leave("commit");
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape") leave("cancel", "here");
        else if (event.key === "Enter" && !event.shiftKey) leave("commit", "below");
        else if (event.key === "Tab" && field.type !== "choices") leave("commit", event.shiftKey ? "before" : "after");
        else return;
        event.preventDefault();
      }}
    >
      <FieldInput
        id="cell-input"
        field={field}
        value={open.written}
        isWrong={false}
        label={field.name}
        describedBy="cell-hint"
        onInput={(written) => edits.write(written)}
      />
      <p id="cell-hint" class={styles.hint}>
        {JSON.stringify(stands) === JSON.stringify(open.begun)
          ? null
          : `${entity.updatedBy} changed it to “${valueWords(field, stands) || "nothing"}” while you write.`}
      </p>
    </fieldset>
  );
}
