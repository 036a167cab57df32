import { exactTime } from "../../../src/client/relativeTime.ts";
import type { Field } from "../../../src/protocol/blueprints.ts";
import { Chip } from "../../look/Chip.tsx";
import type { Written } from "../entities.ts";
import styles from "./Fields.module.css";
import { fieldTypes } from "./fieldTypes.ts";
import { valueWords } from "./valueWords.ts";

/** A value as it is read in a table, on a card and in the history. */
export function Value({ field, value }: { field: Field; value: Written | undefined }) {
  if (value === undefined || value === null) return null;
  if (field.type === "choice") return <Chip title={String(value)}>{String(value)}</Chip>;
  if (Array.isArray(value))
    return (
      <span class={styles.chips}>
        {value.map((one) => (
          <Chip key={one}>{fieldTypes[field.type].named === true ? valueWords(field, one) : one}</Chip>
        ))}
      </span>
    );
  const words = valueWords(field, value);
  if (field.type === "instant")
    return (
      <time dateTime={String(value)} title={exactTime(String(value))}>
        {words}
      </time>
    );
  return <span dir="auto">{words}</span>;
}
