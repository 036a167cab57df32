import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import type { BlueprintView, EntityView, Field, FieldType } from "../../../src/protocol/blueprints.ts";
import type { EntityRow, EntityRows } from "../entityRows.ts";
import { fieldTypes } from "../fields/fieldTypes.ts";
import { ofEach } from "../fields/ofEach.ts";
import { asText, fromText } from "../fields/valueWords.ts";
import { ownField } from "../useEntityRows.ts";
import { ColumnHead } from "./ColumnHead.tsx";
import { type Column, chooseWidth, columnsOf, moveColumn } from "./columns.ts";
import { EntityLine } from "./EntityLine.tsx";
import type { Edits } from "./edits.ts";
import { focusSoon } from "./focusSoon.ts";
import { chooseKey, headKey, isSign, type Place, stepBy } from "./gridSteps.ts";
import { MovableColumns } from "./MovableColumns.tsx";
import { NewsButton } from "./NewsButton.tsx";
import { Part } from "./Part.tsx";
import styles from "./Table.module.css";
import type { TableLook } from "./tableLook.ts";

interface TableProps {
  blueprint: BlueprintView;
  /** The fields of each older version that is shown. */
  versions: ReadonlyMap<number, readonly Field[]>;
  rows: EntityRows;
  edits: Edits;
  look: TableLook;
  onLook: (changes: Partial<TableLook>) => void;
  mayChange: boolean;
  chosen: ReadonlySet<string>;
  onChosen: (chosen: ReadonlySet<string>) => void;
  /** The id of the entity beside the table. */
  open: string | null;
  onOpen: (id: string) => void;
  /** Below the rows. */
  foot?: ComponentChildren;
}

const headHeight = 34;
const rowHeight = 36;
/** Rows before the last that is there, at which the next page is asked for. */
const early = 30;
const lookEveryMs = 30_000;
const typedInto: ReadonlySet<FieldType> = new Set(["text", "longText", "integer", "decimal", "money", "email", "phone", "url", "account"]);

/** Entities as a table: each row as it is now, whichever of a hundred thousand is in sight, and every cell by the keyboard. */
export function EntityTable({
  blueprint,
  versions,
  rows,
  edits,
  look,
  onLook,
  mayChange,
  chosen,
  onChosen,
  open,
  onOpen,
  foot,
}: TableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const shown = rows.rows.value;
  const columns = columnsOf(blueprint.fields, look);
  const [active, setActive] = useState<Place>({ row: headKey, column: columns[0]?.field.key ?? chooseKey });
  const ids = [headKey, ...shown.map(({ entity }) => entity.id)];
  const keys = [chooseKey, ...columns.map(({ field }) => field.key)];
  const at = { row: Math.max(0, ids.indexOf(active.row)), column: Math.max(0, keys.indexOf(active.column)) };
  const last = { row: ids.length - 1, column: keys.length - 1 };

  /** All rows are of one height; the list itself learns of a scroll after whoever else hears it. */
  const inSight = (): { from: number; to: number } => {
    const { scrollTop = 0, clientHeight = 0 } = scroller.current ?? {};
    return { from: Math.floor(scrollTop / rowHeight), to: Math.ceil((scrollTop + clientHeight - headHeight) / rowHeight) };
  };
  const readOn = () => {
    if (inSight().to + early >= shown.length) void rows.readMore();
  };
  useEffect(readOn, [shown.length]);
  // What the bus lost is found by looking, at what is in sight.
  useEffect(() => {
    const timer = setInterval(() => {
      const { from, to } = inSight();
      const seen = rows.rows.peek().slice(from, to + 1);
      if (document.visibilityState === "visible" && seen.length > 0) void rows.look(seen.map(({ entity }) => entity.id));
    }, lookEveryMs);
    return () => clearInterval(timer);
  }, [rows]);

  const focusOn = (row: number, column: number) => {
    const place = { row: ids[Math.min(row, last.row)] ?? headKey, column: keys[Math.max(0, Math.min(column, last.column))] ?? chooseKey };
    setActive(place);
    if (row > 0) list.current?.scrollToIndex(Math.min(row, last.row) - 1, { align: "nearest" });
    focusCell(scroller.current, place);
  };
  const move = (key: string, to: string) => {
    onLook(moveColumn(blueprint.fields, look, key, to));
    setActive({ row: headKey, column: key });
    focusCell(scroller.current, { row: headKey, column: key });
  };
  const stepFrom = (index: number, step: 1 | -1) => {
    const [column, to] = [columns[index], columns[index + step]];
    return column === undefined || to === undefined ? null : () => move(column.field.key, to.field.key);
  };
  const choose = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChosen(next);
  };
  const chooseAll = () => {
    const all = shown.filter(({ gone }) => !gone).map(({ entity }) => entity.id);
    onChosen(chosen.size >= all.length ? new Set() : new Set(all));
  };
  const fieldIn = (entity: EntityView, field: Field) => ownField(blueprint, versions, entity, field);
  /** False where it can't be written into. */
  const begin = (row: EntityRow, column: Column | undefined, typed?: string): boolean => {
    const field = column && fieldIn(row.entity, column.field);
    if (!mayChange || row.gone || field === undefined || isElsewhere(field) || ofEach.includes(field)) return false;
    const before = typed === undefined ? undefined : edits.writtenIn(row.entity.id, field.key);
    edits.begin(row.entity, field, typed === undefined ? undefined : fromText(field, `${asText(field, before)}${typed}`));
    return true;
  };

  /** Answers whether the key did something. */
  const pressed = (event: KeyboardEvent): boolean => {
    const row = shown[at.row - 1];
    const column = columns[at.column - 1];
    // Who types fast is ahead of the page that draws the field.
    if (row !== undefined && edits.open.peek()?.id === row.entity.id && (event.key === "Enter" || event.key === "Escape")) {
      if (event.key === "Escape") edits.cancel();
      else void edits.commit();
      focusOn(at.row + (event.key === "Enter" ? 1 : 0), at.column);
      return true;
    }
    const next = stepBy(event, at, last, Math.max(1, inSight().to - inSight().from - 1));
    if (next !== null) focusOn(next.row, next.column);
    else if ((event.key === "a" && (event.ctrlKey || event.metaKey)) || (event.key === " " && row === undefined)) chooseAll();
    else if (row === undefined) return false;
    else if (event.key === " ") choose(row.entity.id);
    else if (event.key === "Enter" || event.key === "F2") {
      if (event.shiftKey || !begin(row, column)) onOpen(row.entity.id);
    } else if (event.key === "Escape" && column !== undefined && edits.stateOf(row.entity.id, column.field.key)?.state === "failed")
      edits.discard(row.entity.id, column.field.key);
    else return isSign(event) && column !== undefined && typedInto.has(column.field.type) && begin(row, column, event.key);
    return true;
  };
  return (
    <div class={styles.place}>
      <NewsButton rows={rows} scroller={scroller} />
      <MovableColumns columns={columns} onMove={move}>
        <Part
          role="grid"
          box={scroller}
          class={styles.scroller}
          aria-label={blueprint.key}
          aria-rowcount={rows.more.value ? -1 : shown.length + 1}
          aria-colcount={keys.length}
          aria-multiselectable="true"
          onScroll={readOn}
          onKeyDown={(event) => {
            if (!(event.target instanceof HTMLElement) || event.target.dataset["cell"] === undefined || !pressed(event)) return;
            event.preventDefault();
            event.stopPropagation();
          }}
          onFocusIn={({ target }) => {
            const cell = target instanceof HTMLElement ? target.closest<HTMLElement>("[data-cell]")?.dataset["cell"] : undefined;
            const [row, column] = cell?.split(" ") ?? [];
            if (row && column && (row !== active.row || column !== active.column)) setActive({ row, column });
          }}
        >
          <div style={`width: ${columns.reduce((sum, { width }) => sum + width, chooseWidth)}px; min-width: 100%`}>
            <Part role="row" class={styles.head} aria-rowindex={1}>
              <Part
                role="columnheader"
                aria-colindex={1}
                tabIndex={at.row === 0 && at.column === 0 ? 0 : -1}
                data-cell={`${headKey} ${chooseKey}`}
                data-stays="true"
                class={styles.choose}
              >
                <input
                  type="checkbox"
                  tabIndex={-1}
                  aria-label="Choose all"
                  checked={chosen.size > 0 && chosen.size >= shown.length}
                  onChange={chooseAll}
                />
              </Part>
              {columns.map((column, index) => (
                <ColumnHead
                  key={column.field.id}
                  column={column}
                  index={index}
                  isActive={at.row === 0 && at.column === index + 1}
                  look={look}
                  onLook={onLook}
                  onStep={{ before: stepFrom(index, -1), behind: stepFrom(index, 1) }}
                />
              ))}
            </Part>
            <Virtualizer
              ref={list}
              scrollRef={scroller}
              data={shown}
              startMargin={headHeight}
              itemSize={rowHeight}
              bufferSize={400}
              keepMounted={at.row === 0 ? [] : [at.row - 1]}
            >
              {(row: EntityRow, place: number) => (
                <EntityLine
                  key={row.entity.id}
                  row={row}
                  place={place}
                  columns={columns}
                  fields={blueprint.fields}
                  fieldIn={fieldIn}
                  edits={edits}
                  active={at.row === place + 1 ? at.column : null}
                  isOpen={open === row.entity.id}
                  isChosen={chosen.has(row.entity.id)}
                  onChoose={() => choose(row.entity.id)}
                  onOpen={() => onOpen(row.entity.id)}
                  onBegin={(column) => begin(row, column)}
                  onLeave={(to) =>
                    focusOn(place + 1 + (to === "below" ? 1 : 0), at.column + (to === "after" ? 1 : to === "before" ? -1 : 0))
                  }
                />
              )}
            </Virtualizer>
            {foot}
          </div>
        </Part>
      </MovableColumns>
    </div>
  );
}

/** Its values are given, or written in the form. */
function isElsewhere({ type }: Field): boolean {
  return fieldTypes[type].given === true || fieldTypes[type].inForm === true;
}

function focusCell(scroller: HTMLElement | null, { row, column }: Place): void {
  focusSoon(scroller, `[data-cell="${CSS.escape(`${row} ${column}`)}"]`);
}
