import { useEffect, useRef, useState } from "preact/hooks";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import type { EntityRow, EntityRows } from "../entityRows.ts";
import { focusSoon } from "../table/focusSoon.ts";
import { stepBy } from "../table/gridSteps.ts";
import { NewsButton } from "../table/NewsButton.tsx";
import { Part } from "../table/Part.tsx";
import table from "../table/Table.module.css";
import styles from "./Gallery.module.css";
import { Tile } from "./Tile.tsx";

interface GalleryLook {
  blueprint: BlueprintView;
  rows: EntityRows;
  chosen: ReadonlySet<string>;
  onChosen: (chosen: ReadonlySet<string>) => void;
  /** The id of the entity beside the gallery. */
  open: string | null;
  onOpen: (id: string) => void;
}

const gap = 12;
const padding = 14;
/** How far from its end the next page is asked for, in pixels. */
const early = 800;
const lookEveryMs = 30_000;

/** Entities as tiles, as many beside each other as there is room; only the lines in sight are drawn, and every tile is reached by the arrows. */
export function Gallery({ blueprint, rows, chosen, onChosen, open, onOpen }: GalleryLook) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const [beside, setBeside] = useState(1);
  const [active, setActive] = useState<string | null>(null);
  const shown = rows.rows.value;
  const lines = Array.from({ length: Math.ceil(shown.length / beside) }, (_, line) => shown.slice(line * beside, (line + 1) * beside));
  const at = Math.max(
    0,
    shown.findIndex(({ entity }) => entity.id === active),
  );

  useEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const measure = () => setBeside(tilesBeside(box.clientWidth));
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    measure();
    return () => observer.disconnect();
  }, []);
  const readOn = () => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = scroller.current ?? {};
    if (scrollHeight - scrollTop - clientHeight < early) void rows.readMore();
  };
  useEffect(readOn, [shown.length, beside]);
  // What the bus lost is found by looking, at what is drawn.
  useEffect(() => {
    const timer = setInterval(() => {
      const drawn = [...(scroller.current?.querySelectorAll<HTMLElement>("[data-tile]") ?? [])].map(({ dataset }) => dataset["tile"] ?? "");
      if (document.visibilityState === "visible" && drawn.length > 0) void rows.look(drawn);
    }, lookEveryMs);
    return () => clearInterval(timer);
  }, [rows]);

  const focusOn = (place: number) => {
    const id = shown[place]?.entity.id;
    if (id === undefined) return;
    setActive(id);
    list.current?.scrollToIndex(Math.floor(place / beside), { align: "nearest" });
    focusSoon(scroller.current, `[data-tile="${CSS.escape(id)}"]`);
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
  /** Answers whether the key did something. */
  const pressed = (event: KeyboardEvent): boolean => {
    const id = shown[at]?.entity.id;
    if (id === undefined) return false;
    if (event.key === "Enter") onOpen(id);
    else if (event.key === " ") choose(id);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) chooseAll();
    else {
      // The grid of the table has a line of names before its first; here is none.
      const from = { row: Math.floor(at / beside) + 1, column: at % beside };
      const to = stepBy(event, from, { row: lines.length, column: beside - 1 }, linesInSight(scroller.current));
      if (to === null) return false;
      focusOn(Math.min(shown.length - 1, (Math.max(1, to.row) - 1) * beside + to.column));
    }
    return true;
  };
  return (
    <div class={table.place}>
      <NewsButton rows={rows} scroller={scroller} />
      <Part
        role="grid"
        box={scroller}
        class={styles.scroller}
        aria-label={blueprint.key}
        aria-rowcount={rows.more.value ? -1 : lines.length}
        aria-colcount={beside}
        aria-multiselectable="true"
        onScroll={readOn}
        onKeyDown={(event) => {
          if (!(event.target instanceof HTMLElement) || event.target.dataset["tile"] === undefined || !pressed(event)) return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onFocusIn={({ target }) => {
          const tile = target instanceof HTMLElement ? target.closest<HTMLElement>("[data-tile]")?.dataset["tile"] : undefined;
          if (tile !== undefined && tile !== active) setActive(tile);
        }}
      >
        <Virtualizer
          ref={list}
          scrollRef={scroller}
          data={lines}
          startMargin={padding}
          bufferSize={600}
          keepMounted={[Math.floor(at / beside)]}
        >
          {(line: readonly EntityRow[], place: number) => (
            <Part
              key={line[0]?.entity.id}
              role="row"
              aria-rowindex={place + 1}
              class={styles.line}
              style={`grid-template-columns: repeat(${beside}, minmax(0, 1fr))`}
            >
              {line.map((row, column) => (
                <Tile
                  key={row.entity.id}
                  row={row}
                  blueprint={blueprint}
                  column={column + 1}
                  isActive={place * beside + column === at}
                  isOpen={open === row.entity.id}
                  isChosen={chosen.has(row.entity.id)}
                  onChoose={() => choose(row.entity.id)}
                  onOpen={() => onOpen(row.entity.id)}
                />
              ))}
            </Part>
          )}
        </Virtualizer>
      </Part>
    </div>
  );
}

/** On a phone two, each narrower than elsewhere. */
function tilesBeside(width: number): number {
  const narrowest = width < 500 ? 150 : 208;
  return Math.max(1, Math.floor((width - 2 * padding + gap) / (narrowest + gap)));
}

function linesInSight(scroller: HTMLElement | null): number {
  const height = scroller?.querySelector<HTMLElement>("[role=row]")?.offsetHeight ?? 0;
  return height === 0 ? 1 : Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / height));
}
