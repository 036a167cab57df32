import { CircleCheck, Pencil, Plus, Trash2, X } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import type { BlueprintView, FieldType } from "../../src/protocol/blueprints.ts";
import { allowed } from "../commands/allowed.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import parts from "../look/parts.module.css";
import { manyOf } from "./blueprints.ts";
import styles from "./Data.module.css";
import { blueprintAddress, type DataLook, entitiesAddress } from "./dataRoute.ts";

/** What was just done, and how it is taken back. */
export interface Told {
  text: string;
  undo?: () => void;
}

interface HeadLook {
  blueprint: BlueprintView;
  look: DataLook;
  mayMake: boolean;
  onNew: () => void;
}

const looks: readonly {
  look: DataLook;
  label: string /** Of which types a field must be there for it. */;
  needs?: readonly FieldType[];
}[] = [
  { look: "table", label: "Table" },
  { look: "board", label: "Board", needs: ["choice"] },
  { look: "gallery", label: "Gallery" },
  { look: "calendar", label: "Calendar", needs: ["date", "instant"] },
  { look: "trash", label: "Trash" },
];

/** Whose entities these are, how they are looked at, and what can be begun. */
export function EntitiesHead({ blueprint, look, mayMake, onNew }: HeadLook) {
  const { key, name, fields, version, trashedAt } = blueprint;
  return (
    <div class={styles.head}>
      <h2>{manyOf(key)}</h2>
      <Chip title={`The version of the blueprint ${key}`}>v{version}</Chip>
      {trashedAt !== null && <Chip tone="warn">in the trash</Chip>}
      <span class={parts.grow} />
      <nav class={styles.looks} aria-label={`Views of ${manyOf(key)}`}>
        {looks
          .filter(({ needs }) => needs === undefined || fields.some(({ type }) => needs.includes(type)))
          .map((each) => (
            <a key={each.look} href={entitiesAddress(key, each.look)} aria-current={look === each.look ? "page" : undefined}>
              {each.look === "trash" && <Trash2 aria-hidden="true" />}
              {each.label}
            </a>
          ))}
      </nav>
      {allowed.value.has("blueprint.update") && (
        <Button
          small
          label="Edit the blueprint"
          command="blueprint.update"
          onClick={() => {
            location.hash = blueprintAddress(key);
          }}
        >
          <Pencil aria-hidden="true" />
        </Button>
      )}
      {mayMake && (
        <Button small tone="primary" tip={`New ${name.toLocaleLowerCase()}`} command={`${key}.create`} keys="N" onClick={onNew}>
          <Plus aria-hidden="true" /> New {name.toLocaleLowerCase()}
        </Button>
      )}
    </div>
  );
}

export function ToldLine({ told, onClose }: { told: Told; onClose: () => void }) {
  return (
    <div class={`${parts.notice} ${parts.calm}`} role="status">
      <CircleCheck aria-hidden="true" />
      <span class={parts.grow}>{told.text}</span>
      {told.undo !== undefined && (
        <Button
          small
          onClick={() => {
            told.undo?.();
            onClose();
          }}
        >
          Undo
        </Button>
      )}
      <Button small tone="plain" label="I have read it" onClick={onClose}>
        <X />
      </Button>
    </div>
  );
}

/** N makes a new one, where nobody is writing. */
export function useNewKey(isThere: boolean, onNew: () => void): void {
  const latest = useRef(onNew);
  latest.current = onNew;
  useEffect(() => {
    if (!isThere) return;
    const hear = (event: KeyboardEvent) => {
      if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof HTMLElement && event.target.closest("input, textarea, select, [role=dialog], [role=menu]") !== null)
        return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  });
}
