import { ChevronRight, Plus } from "lucide-preact";
import { useState } from "preact/hooks";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import styles from "./QueryEditor.module.css";
import { nameIn, type Table } from "./schema.ts";

interface BrowserLook {
  tables: readonly Table[] | null;
  wrong: string | null;
  onInsert: (text: string) => void;
}

/** With more of them they are looked for by a word. */
const fewTables = 8;
const mostShown = 100;

/** The tables of the data source with their columns; a press writes a name into the query. */
export function SchemaBrowser({ tables, wrong, onInsert }: BrowserLook) {
  const [word, setWord] = useState("");
  const found = (tables ?? []).filter((table) => nameIn(table).toLowerCase().includes(word.trim().toLowerCase()));
  return (
    <section class={styles.schema} aria-label="Tables">
      <h3>Tables</h3>
      <Wrong>{wrong}</Wrong>
      {tables === null && wrong === null && <span class={parts.skeleton} style="width: 70%" />}
      {tables?.length === 0 && <p class={parts.hint}>There is no table that its user may read.</p>}
      {tables !== null && tables.length > fewTables && (
        <input
          class={parts.field}
          type="search"
          aria-label="Find a table"
          placeholder="Find"
          value={word}
          onInput={(event) => setWord(event.currentTarget.value)}
        />
      )}
      {found.slice(0, mostShown).map((table) => (
        <TableLine key={nameIn(table)} table={table} onInsert={onInsert} />
      ))}
      {found.length > mostShown && <p class={parts.hint}>{found.length - mostShown} more; a word finds them.</p>}
    </section>
  );
}

function TableLine({ table, onInsert }: { table: Table; onInsert: (text: string) => void }) {
  const [isOpen, setOpen] = useState(false);
  const name = nameIn(table);
  return (
    <div>
      <div class={styles.table}>
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <ChevronRight aria-hidden="true" />
          <span>{name}</span>
        </button>
        <button type="button" aria-label={`Insert ${name}`} title={`Insert ${name}`} onClick={() => onInsert(name)}>
          <Plus aria-hidden="true" />
        </button>
      </div>
      {isOpen && (
        <ul>
          {table.columns.map((column) => (
            <li key={column.name}>
              <button type="button" title={`Insert ${column.name}`} onClick={() => onInsert(column.name)}>
                <span>{column.name}</span>
                <small>{column.type}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
