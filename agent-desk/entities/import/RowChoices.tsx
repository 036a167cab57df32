import type { Field } from "../../../src/protocol/blueprints.ts";
import type { ImportSettings } from "../../../src/protocol/imports.ts";
import parts from "../../look/parts.module.css";
import styles from "./Import.module.css";

interface RowsLook {
  fields: readonly Field[];
  settings: ImportSettings;
  onSettings: (said: Partial<ImportSettings>) => void;
}

type Way = "found" | "missing" | "trashed" | "empty" | "errors";

/** The first of each is what nobody has to think about. */
const ways: readonly { way: Way; label: string; options: readonly (readonly [string, string])[] }[] = [
  {
    way: "found",
    label: "Where it is there",
    options: [
      ["update", "Change it"],
      ["skip", "Skip the row"],
      ["refuse", "Take it for an error"],
    ],
  },
  {
    way: "missing",
    label: "Where it isn't there",
    options: [
      ["create", "Make it"],
      ["skip", "Skip the row"],
      ["refuse", "Take it for an error"],
    ],
  },
  {
    way: "trashed",
    label: "Where it is in the trash",
    options: [
      ["refuse", "Take it for an error"],
      ["restore", "Restore it"],
      ["create", "Make a new one"],
      ["skip", "Skip the row"],
    ],
  },
  {
    way: "empty",
    label: "An empty cell",
    options: [
      ["leave", "Leaves what stands there"],
      ["clear", "Empties the field"],
    ],
  },
  {
    way: "errors",
    label: "If a row can't be taken",
    options: [
      ["nothing", "Write nothing at all"],
      ["fitting", "Write what fits"],
    ],
  },
];

/** By what rows find entities, and what then becomes of them. */
export function RowChoices({ fields, settings, onSettings }: RowsLook) {
  const mapped = new Set(settings.columns.map(({ field }) => field));
  const keys = fields.filter((field) => mapped.has(field.key) && (field.unique === true || field.type === "sequence"));
  return (
    <fieldset class={styles.choices}>
      <legend>What becomes of rows</legend>
      <label>
        Entities are found by
        <select class={parts.field} value={settings.key ?? ""} onChange={(event) => onSettings({ key: event.currentTarget.value || null })}>
          <option value="">Nothing: each row is a new one</option>
          {keys.map(({ key, name }) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {ways
        .filter(({ way }) => settings.key !== null || way === "errors")
        .map(({ way, label, options }) => (
          <label key={way}>
            {label}
            <select class={parts.field} value={settings[way]} onChange={(event) => onSettings({ [way]: event.currentTarget.value })}>
              {options.map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          </label>
        ))}
    </fieldset>
  );
}
