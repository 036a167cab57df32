import { Menu } from "@base-ui/react/menu";
import { useDraggable, useDroppable } from "@dnd-kit/core";
import { ArrowDown, ArrowUp, ChevronDown, Pin } from "lucide-preact";
import type { Field } from "../../../src/protocol/blueprints.ts";
import parts from "../../look/parts.module.css";
import popups from "../../look/popups.module.css";
import { fieldTypes, isSortable } from "../fields/fieldTypes.ts";
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
  /** To the place of the one before or behind it; null where there is none. */
  onStep: Record<"before" | "behind", (() => void) | null>;
}

const step = 24;

/** A column's name: a click orders by it, with Shift after the others; drawn, it goes elsewhere; its menu has all that the pointer can do besides. */
export function ColumnHead({ column, index, isActive, look, onLook, onStep }: HeadLook) {
  const { field } = column;
  const { icon: Icon } = fieldTypes[field.type];
  const isOrdered = isSortable(field);
  const place = look.sort.findIndex((term) => term === field.key || term === `-${field.key}`);
  const isDown = look.sort[place]?.startsWith("-") === true;
  const resize = (width: number) => onLook({ widths: { ...look.widths, [field.key]: clamp(width) } });
  const { setNodeRef: setDrawn, listeners, isDragging } = useDraggable({ id: field.key, data: { index } });
  const { setNodeRef: setUnder, isOver, active } = useDroppable({ id: field.key });
  const from: unknown = active?.data.current?.["index"];
  const sort = (more: boolean) => isOrdered && onLook({ sort: sortedBy(look.sort, field.key, more) });
  return (
    <Part
      role="columnheader"
      box={(head) => {
        setDrawn(head);
        setUnder(head);
      }}
      {...listeners}
      data-moving={isDragging}
      data-over={isOver && typeof from === "number" && from !== index ? (from < index ? "behind" : "before") : undefined}
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
        else if (event.altKey && event.key === "ArrowLeft") onStep.before?.();
        else if (event.altKey && event.key === "ArrowRight") onStep.behind?.();
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
        aria-disabled={!isOrdered}
        title={`${isOrdered ? "A click orders by it, with Shift after the others" : `${field.name} can't be ordered by`}; drawn, or by Alt and an arrow, it goes elsewhere`}
        onClick={(event) => sort(event.shiftKey)}
      >
        <Icon aria-hidden="true" />
        <span>{field.name}</span>
        {place !== -1 && (isDown ? <ArrowDown aria-hidden="true" /> : <ArrowUp aria-hidden="true" />)}
        {place !== -1 && look.sort.length > 1 && <small aria-hidden="true">{place + 1}</small>}
      </button>
      <ColumnMenu field={field} look={look} isSortable={isOrdered} width={column.width} onLook={onLook} onResize={resize} onStep={onStep} />
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
  onStep: HeadLook["onStep"];
}

function ColumnMenu({ field: { key, name }, look, isSortable, width, onLook, onResize, onStep }: MenuLook) {
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
    ...(onStep.before === null ? [] : [{ label: "Move it before", run: onStep.before }]),
    ...(onStep.behind === null ? [] : [{ label: "Move it behind", run: onStep.behind }]),
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
