import { Plus, Trash2 } from "lucide-preact";
import { Button } from "../../look/Button.tsx";
import { TextField } from "../../settings/fields.tsx";
import styles from "./Requests.module.css";

interface NamedPath {
  name: string;
  path: string;
}

interface PathsLook {
  what: "column" | "field";
  rows: readonly NamedPath[];
  faultAt: (path: string) => string | null;
  onChange: (rows: readonly NamedPath[]) => void;
}

/** What columns or fields are called, and where each stands in the answer, or in a row of it. */
export function NamedPaths({ what, rows, faultAt, onChange }: PathsLook) {
  const change = (place: number, next: NamedPath) => onChange(rows.map((row, index) => (index === place ? next : row)));
  return (
    <section class={styles.rows} aria-label={what === "column" ? "Columns" : "Fields"}>
      {rows.map((row, index) => (
        <div key={index} class={styles.row}>
          <TextField
            id={`answer-${index}-name`}
            label="Called"
            wrong={faultAt(`${index}.name`)}
            value={row.name}
            onInput={(name) => change(index, { ...row, name })}
          />
          <TextField
            id={`answer-${index}-path`}
            label={what === "column" ? "Stands in a row at" : "Stands at"}
            placeholder="customer.email"
            wrong={faultAt(`${index}.path`)}
            value={row.path}
            onInput={(path) => change(index, { ...row, path })}
          />
          <Button
            tone="plain"
            label={`Remove ${what} ${row.name}`}
            disabled={rows.length === 1}
            onClick={() => onChange(rows.filter((_, place) => place !== index))}
          >
            <Trash2 />
          </Button>
        </div>
      ))}
      <div class={styles.adding}>
        <Button small onClick={() => onChange([...rows, { name: "", path: "" }])}>
          <Plus aria-hidden="true" /> {what === "column" ? "Column" : "Field"}
        </Button>
      </div>
    </section>
  );
}
