import { Menu } from "@base-ui/react/menu";
import { ArrowDown, ArrowUp, ChevronDown, Pin } from "lucide-preact";
import type { Field } from "../../../src/protocol/blueprints.ts";
import parts from "../../look/parts.module.css";
import popups from "../../look/popups.module.css";
import { fieldTypes } from "../fields/fieldTypes.ts";
import { placeOf } from "./Cell.tsx";
import { type Column, clamp, sortedBy } from "./columns.ts";
import { Part } from "./Part.tsx";
import styles from "./Table.module.css";
import type { TableLook } from "./tableLook.ts";

interface HeadLook {
  column: Column;
  index: number;
  isActive: boolean;
  look: TableLook;
  onLook: (changes: Partial<TableLook>) => void;
}

const step = 24;

/** A column's name: a click orders by it, with Shift after the others; its menu has all that the pointer can do besides. */
export function ColumnHead({ column, index, isActive, look, onLook }: HeadLook) {
  const { field } = column;
  const { icon: Icon, operators, unordered } = fieldTypes[field.type];
  const isSortable = operators.length > 0 && unordered !== true;
  const place = look.sort.findIndex((term) => term === field.key || term === `-${field.key}`);
  const isDown = look.sort[place]?.startsWith("-") === true;
  const resize = (width: number) => onLook({ widths: { ...look.widths, [field.key]: clamp(width) } });
  const sort = (more: boolean) => isSortable && onLook({ sort: sortedBy(look.sort, field.key, more) });
  return (
    <Part
      role="columnheader"
      aria-colindex={index + 2}
      aria-sort={place === -1 ? "none" : isDown ? "descending" : "ascending"}
      tabIndex={isActive ? 0 : -1}
      data-cell={`+head ${field.key}`}
      data-stays={column.stays !== null}
      class={styles.columnHead}
      style={placeOf(column)}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === "Enter") sort(event.shiftKey);
        else if (event.shiftKey && event.key === "ArrowRight") resize(column.width + step);
        else if (event.shiftKey && event.key === "ArrowLeft") resize(column.width - step);
        else if ((event.altKey && event.key === "ArrowDown") || event.key === " ")
          event.currentTarget.querySelector<HTMLElement>("[data-menu]")?.click();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <button
        type="button"
        tabIndex={-1}
        class={styles.sort}
        disabled={!isSortable}
        title={!isSortable ? `${field.name} can't be ordered by` : "Order by it; with Shift, after the others"}
        onClick={(event) => sort(event.shiftKey)}
      >
        <Icon aria-hidden="true" />
        <span>{field.name}</span>
        {place !== -1 && (isDown ? <ArrowDown aria-hidden="true" /> : <ArrowUp aria-hidden="true" />)}
        {place !== -1 && look.sort.length > 1 && <small aria-hidden="true">{place + 1}</small>}
      </button>
      <ColumnMenu field={field} look={look} isSortable={isSortable} width={column.width} onLook={onLook} onResize={resize} />
      <Edge width={column.width} onResize={resize} />
    </Part>
  );
}

interface MenuLook {
  field: Field;
  look: TableLook;
  isSortable: boolean;
  width: number;
  onLook: (changes: Partial<TableLook>) => void;
  onResize: (width: number) => void;
}

function ColumnMenu({ field: { key, name }, look, isSortable, width, onLook, onResize }: MenuLook) {
  const isPinned = look.pinned.includes(key);
  const others = look.sort.filter((term) => term !== key && term !== `-${key}`);
  const items = [
    ...(isSortable
      ? [
          { label: "Order upwards", run: () => onLook({ sort: [key] }) },
          { label: "Order downwards", run: () => onLook({ sort: [`-${key}`] }) },
        ]
      : []),
    ...(isSortable && others.length > 0
      ? [
          { label: "Then upwards by it", run: () => onLook({ sort: [...others, key] }) },
          { label: "Then downwards by it", run: () => onLook({ sort: [...others, `-${key}`] }) },
        ]
      : []),
    ...(look.sort.length > others.length ? [{ label: "Don’t order by it", run: () => onLook({ sort: others }) }] : []),
    {
      label: isPinned ? "Let it scroll" : "Keep it in sight",
      run: () => onLook({ pinned: isPinned ? look.pinned.filter((one) => one !== key) : [...look.pinned, key] }),
    },
    { label: "Wider", run: () => onResize(width + 2 * step) },
    { label: "Narrower", run: () => onResize(width - 2 * step) },
    { label: "Hide", run: () => onLook({ hidden: [...look.hidden, key] }) },
  ];
  return (
    <Menu.Root>
      <Menu.Trigger className={styles.menuButton ?? ""} tabIndex={-1} data-menu="" aria-label={`Column ${name}`}>
        {isPinned ? <Pin /> : <ChevronDown />}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} className={popups.popup}>
          <Menu.Popup className={popups.menu}>
            {items.map(({ label, run }) => (
              <Menu.Item key={label} className={popups.item} onClick={run}>
                <span class={parts.grow}>{label}</span>
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** The edge that is drawn with the pointer; by keys, Shift and the arrows do the same. */
function Edge({ width, onResize }: { width: number; onResize: (width: number) => void }) {
  return (
    <span
      class={styles.edge}
      aria-hidden="true"
      onPointerDown={(event) => {
        event.preventDefault();
        const edge = event.currentTarget;
        const begun = event.clientX;
        const way = getComputedStyle(edge).direction === "rtl" ? -1 : 1;
        edge.setPointerCapture(event.pointerId);
        const draw = (moved: PointerEvent) => onResize(width + way * (moved.clientX - begun));
        edge.addEventListener("pointermove", draw);
        edge.addEventListener("lostpointercapture", () => edge.removeEventListener("pointermove", draw), { once: true });
      }}
    />
  );
}
