import type { EntityView, Field } from "../../../src/protocol/blueprints.ts";
import type { EntityRow } from "../entityRows.ts";
import { titleOf } from "../fields/valueWords.ts";
import { Cell, type Leaving } from "./Cell.tsx";
import type { Column } from "./columns.ts";
import type { Edits } from "./edits.ts";
import { chooseKey } from "./gridSteps.ts";
import { Part } from "./Part.tsx";
import styles from "./Table.module.css";

interface LineLook {
  row: EntityRow;
  /** From 0 on. */
  place: number;
  columns: readonly Column[];
  fields: readonly Field[];
  fieldIn: (entity: EntityView, field: Field) => Field | undefined;
  edits: Edits;
  /** The column in which the focus is, 0 the box that chooses it; null where it is in another row. */
  active: number | null;
  isOpen: boolean;
  isChosen: boolean;
  onChoose: () => void;
  onOpen: () => void;
  onBegin: (column: Column) => void;
  onLeave: (to: Leaving) => void;
}

/** One entity as a row of the table. */
export function EntityLine({ row, place, columns, fields, fieldIn, edits, active, isOpen, isChosen, onChoose, ...does }: LineLook) {
  const { entity, gone } = row;
  const title = titleOf(fields, entity);
  const titleKey = columns.find(({ field }) => field.type === "sequence")?.field.key ?? columns[0]?.field.key;
  return (
    <Part
      role="row"
      aria-rowindex={place + 2}
      aria-selected={isChosen}
      class={styles.row}
      data-gone={gone}
      data-open={isOpen}
      title={gone ? "It isn’t in this list any more" : undefined}
    >
      <Part
        role="gridcell"
        aria-colindex={1}
        tabIndex={active === 0 ? 0 : -1}
        data-cell={`${entity.id} ${chooseKey}`}
        data-stays="true"
        class={styles.choose}
      >
        <input type="checkbox" tabIndex={-1} aria-label={`Choose ${title}`} checked={isChosen} onChange={onChoose} />
      </Part>
      {columns.map((column, index) => (
        <Cell
          key={column.field.id}
          entity={entity}
          column={column}
          field={fieldIn(entity, column.field)}
          index={index}
          isActive={active === index + 1}
          edits={edits}
          onOpen={column.field.key === titleKey ? does.onOpen : undefined}
          onBegin={() => does.onBegin(column)}
          onLeave={does.onLeave}
        />
      ))}
    </Part>
  );
}
