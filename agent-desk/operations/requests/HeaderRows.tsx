import { Plus, Trash2 } from "lucide-preact";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { TextField } from "../../settings/fields.tsx";
import type { EditorLook } from "../kind.ts";
import styles from "./Requests.module.css";
import { SlotField } from "./SlotField.tsx";

interface HeaderLook {
  headers: Readonly<Record<string, unknown>>;
  faultAt: EditorLook["faultAt"];
  onChange: (headers: Record<string, unknown>) => void;
}

/** Each header with its value; what proves who asks is no header. */
export function HeaderRows({ headers, faultAt, onChange }: HeaderLook) {
  const rows = Object.entries(headers);
  const change = (place: number, row: [string, unknown] | null) =>
    onChange(Object.fromEntries(rows.flatMap((each, index) => (index !== place ? [each] : row === null ? [] : [row]))));
  return (
    <section class={styles.rows} aria-label="Headers">
      {rows.map(([name, value], index) => (
        <div key={index} class={styles.row}>
          <TextField
            id={`header-${index}-name`}
            label="Header"
            placeholder="Accept-Language"
            wrong={null}
            value={name}
            onInput={(next) => change(index, [next.trim(), value])}
          />
          <SlotField
            id={`header-${index}-value`}
            label="Value"
            fault={faultAt(`headers.${name}`)}
            value={typeof value === "string" ? value : ""}
            onInput={(next) => change(index, [name, next])}
          />
          <Button tone="plain" label={`Remove header ${name}`} onClick={() => change(index, null)}>
            <Trash2 />
          </Button>
        </div>
      ))}
      <div class={styles.adding}>
        <Button small disabled={Object.hasOwn(headers, "")} onClick={() => onChange({ ...headers, "": "" })}>
          <Plus aria-hidden="true" /> Header
        </Button>
        {rows.length === 0 && <span class={parts.hint}>None are needed for JSON.</span>}
      </div>
    </section>
  );
}
