import { useEffect, useState } from "preact/hooks";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import parts from "../../look/parts.module.css";
import { Choice, TextField } from "../../settings/fields.tsx";
import { listBlueprints, manyOf } from "../blueprints.ts";
import type { MarkedField } from "./blueprintDraft.ts";
import styles from "./Editor.module.css";

interface RelationLook {
  field: MarkedField;
  wrongOf: (option: string) => string | null;
  onSet: (option: string, value: unknown) => void;
}

/** Where a relation leads, and what its other side is called there. */
export function RelationOptions({ field, wrongOf, onSet }: RelationLook) {
  const [blueprints, setBlueprints] = useState<readonly BlueprintView[]>([]);
  useEffect(
    () =>
      void listBlueprints().then(setBlueprints, () => {
        // Nothing can be chosen then, and what was chosen stays.
      }),
    [],
  );
  const { mark, blueprint = "", otherSide = "", many = false } = field;
  const usable = blueprints.filter(({ trashedAt }) => trashedAt === null).map(({ key }) => key);
  const keys = blueprint === "" || usable.includes(blueprint) ? usable : [...usable, blueprint];
  return (
    <div class={styles.pair}>
      <Choice
        id={`field-${mark}-blueprint`}
        label="Leads to"
        none="Choose…"
        wrong={wrongOf("blueprint")}
        value={blueprint}
        options={keys.map((key) => ({ value: key, label: manyOf(key) }))}
        onInput={(key) => onSet("blueprint", key)}
      />
      <TextField
        id={`field-${mark}-otherSide`}
        label="Called there"
        hint="What stands under this name there: the other side."
        placeholder="Orders"
        maxLength={100}
        wrong={wrongOf("otherSide")}
        value={otherSide}
        onInput={(written) => onSet("otherSide", written)}
      />
      <label class={parts.ticked}>
        <input type="checkbox" checked={many} onChange={(event) => onSet("many", event.currentTarget.checked)} />
        To several
      </label>
    </div>
  );
}
