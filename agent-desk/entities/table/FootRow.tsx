import { Menu } from "@base-ui/react/menu";
import parts from "../../look/parts.module.css";
import popups from "../../look/popups.module.css";
import { ofEach } from "../fields/ofEach.ts";
import type { Gathered } from "../groups.ts";
import { aggregateNames, aggregateOf, aggregatesOf, aggregateWords } from "./aggregates.ts";
import { placeOf } from "./Cell.tsx";
import type { Column } from "./columns.ts";
import { Part } from "./Part.tsx";
import styles from "./Table.module.css";
import type { TableLook } from "./tableLook.ts";

interface FootLook {
  columns: readonly Column[];
  look: TableLook;
  /** Of all that the list has. */
  totals: Gathered | null;
  rowIndex: number;
  onLook: (changes: Partial<TableLook>) => void;
}

/** What all of the list comes to, under each column that counts; what it is, its menu says. */
export function FootRow({ columns, look, totals, rowIndex, onLook }: FootLook) {
  const [all] = totals?.items ?? [];
  return (
    <Part role="row" class={styles.foot} aria-rowindex={rowIndex} aria-label="Of all">
      <Part role="gridcell" class={styles.choose} aria-colindex={1} />
      {columns.map((column, index) => {
        const { field } = column;
        const offered = ofEach.includes(field) ? [] : aggregatesOf(field);
        const of = offered.length === 0 ? null : aggregateOf(field, look);
        return (
          <Part
            key={field.id}
            role="gridcell"
            class={styles.footCell}
            aria-colindex={index + 2}
            data-stays={column.stays !== null}
            style={placeOf(column)}
          >
            {offered.length > 0 && (
              <Menu.Root>
                <Menu.Trigger
                  className={styles.total ?? ""}
                  aria-label={`${of === null ? "Nothing" : aggregateNames[of]} of ${field.name}`}
                >
                  {of === null ? (
                    <small>…</small>
                  ) : (
                    <>
                      <small>{aggregateNames[of]}</small>
                      <span>{all === undefined ? "" : aggregateWords(field, of, all.aggregates[`${of}:${field.key}`])}</span>
                    </>
                  )}
                </Menu.Trigger>
                <Menu.Portal>
                  <Menu.Positioner side="top" align="end" sideOffset={4} className={popups.popup}>
                    <Menu.Popup className={popups.menu}>
                      {[...offered, null].map((one) => (
                        <Menu.Item
                          key={one ?? "none"}
                          className={popups.item}
                          onClick={() => onLook({ aggregates: { ...look.aggregates, [field.key]: one ?? "none" } })}
                        >
                          <span class={parts.grow}>{one === null ? "Nothing" : aggregateNames[one]}</span>
                        </Menu.Item>
                      ))}
                    </Menu.Popup>
                  </Menu.Positioner>
                </Menu.Portal>
              </Menu.Root>
            )}
          </Part>
        );
      })}
    </Part>
  );
}
