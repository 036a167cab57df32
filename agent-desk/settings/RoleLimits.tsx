import { useEffect, useState } from "preact/hooks";
import type { BlueprintView } from "../../src/protocol/blueprints.ts";
import { listBlueprints } from "../entities/blueprints.ts";
import { Choice, TextField } from "./fields.tsx";
import styles from "./RoleLimits.module.css";
import { draftOf, type LimitDraft, ticked } from "./roleLimits.ts";

interface RoleLimitsLook {
  /** The keys of the role's blueprints. */
  blueprints: readonly string[];
  limits: Readonly<Record<string, LimitDraft>>;
  wrong: LimitsWrong;
  onChange: (key: string, limit: LimitDraft) => void;
}

type Part = "read" | "write" | "records" | "filter";
/** By the keys of blueprints. */
type LimitsWrong = ReadonlyMap<string, Readonly<Record<Part, string | null>>>;

/** What is wrong with the limits, asked while the form is drawn, so that it isn't told below it once more. */
export function limitsWrong(blueprints: readonly string[], wrongOf: (argument: string) => string | null): LimitsWrong {
  return new Map(
    blueprints.map((key) => {
      const of = (part: Part) => wrongOf(`limits.${key}.${part}`);
      return [key, { read: of("read"), write: of("write"), records: of("records"), filter: of("filter") }];
    }),
  );
}

/** What a role sees and changes within each of its blueprints. */
export function RoleLimits({ blueprints, limits, wrong, onChange }: RoleLimitsLook) {
  const [known, setKnown] = useState<BlueprintView[]>([]);
  useEffect(() => {
    // Without them, the limits that there are stay.
    listBlueprints().then(setKnown, () => setKnown([]));
  }, []);
  const named = known.filter(({ key }) => blueprints.includes(key));
  return (
    <>
      {named.map((blueprint) => (
        <BlueprintLimit
          key={blueprint.key}
          blueprint={blueprint}
          limit={limits[blueprint.key] ?? draftOf()}
          wrong={(part) => wrong.get(blueprint.key)?.[part] ?? null}
          onChange={(limit) => onChange(blueprint.key, limit)}
        />
      ))}
    </>
  );
}

interface BlueprintLimitLook {
  blueprint: BlueprintView;
  limit: LimitDraft;
  wrong: (part: Part) => string | null;
  onChange: (limit: LimitDraft) => void;
}

function BlueprintLimit({ blueprint: { key, name, fields }, limit, wrong, onChange }: BlueprintLimitLook) {
  const keys = fields.map((field) => field.key);
  const reads = (field: string) => limit.read?.includes(field) ?? true;
  const writes = (field: string) => reads(field) && (limit.write?.includes(field) ?? true);
  const tick = (of: "read" | "write", field: string) => (event: { currentTarget: HTMLInputElement }) =>
    onChange(ticked(limit, keys, of, field, event.currentTarget.checked));
  return (
    <fieldset class={styles.limit}>
      <legend>Within {key}</legend>
      <table>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Reads</th>
            <th scope="col">Writes</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field.id}>
              <th scope="row">{field.name}</th>
              <td>
                <input type="checkbox" aria-label={`Reads ${field.name}`} checked={reads(field.key)} onChange={tick("read", field.key)} />
              </td>
              <td>
                {field.type !== "sequence" && (
                  <input
                    type="checkbox"
                    aria-label={`Writes ${field.name}`}
                    checked={writes(field.key)}
                    onChange={tick("write", field.key)}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Choice
        id={`role-records-${key}`}
        label={`Which of ${key}`}
        wrong={wrong("records") ?? wrong("read") ?? wrong("write")}
        value={limit.records}
        options={[
          { value: "all", label: "All of them" },
          { value: "team", label: "What they made, and people of their teams" },
          { value: "own", label: "What they made themselves" },
        ]}
        onInput={(records) => onChange({ ...limit, records: records === "own" || records === "team" ? records : "all" })}
      />
      <TextField
        id={`role-filter-${key}`}
        label={`Only a ${name.toLowerCase()} that fulfils`}
        hint={'A filter as lists have it: {"status": {"ne": "DONE"}}; "me" is whoever has the role.'}
        wrong={wrong("filter")}
        value={limit.filter}
        onInput={(filter) => onChange({ ...limit, filter })}
      />
    </fieldset>
  );
}
