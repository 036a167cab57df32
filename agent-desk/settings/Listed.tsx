import { Pencil, Plus, Trash2 } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import { Empty } from "../look/Empty.tsx";
import parts from "../look/parts.module.css";
import styles from "./Settings.module.css";

export interface ListedRow {
  id: string;
  name: string;
  detail: string;
  chips: string[];
  /** None where it is not this person's to change. */
  onEdit?: () => void;
  onDelete?: () => void;
}

interface ListedLook {
  /** What stands here, in a sentence. */
  about: string;
  /** As in `canned.create`. */
  group: string;
  add: { label: string; onClick: () => void } | null;
  known: boolean;
  icon: ComponentChildren;
  empty: string;
  rows: readonly ListedRow[];
}

/** A page of things of one kind: what they are for, the button for a new one, and each with what can be done to it. */
export function Listed({ about, group, add, known, icon, empty, rows }: ListedLook) {
  return (
    <div class={styles.page}>
      <div class={styles.top}>
        <p>{about}</p>
        {add !== null && (
          <Button small tone="primary" tip={add.label} command={`${group}.create`} onClick={add.onClick}>
            <Plus aria-hidden="true" /> {add.label}
          </Button>
        )}
      </div>
      {!known && <span class={parts.skeleton} style="width: 60%" />}
      {known && rows.length === 0 && (
        <Empty icon={icon} title={empty}>
          {add === null && <p>An admin makes them.</p>}
        </Empty>
      )}
      <ul class={styles.rows}>
        {rows.map((row) => (
          <li key={row.id}>
            <span class={styles.what}>
              <b dir="auto">{row.name}</b>
              <small dir="auto">{row.detail}</small>
            </span>
            {row.chips.map((chip) => (
              <Chip key={chip}>{chip}</Chip>
            ))}
            {row.onEdit !== undefined && (
              <Button
                tone="plain"
                small
                label={`Change ${row.name}`}
                command={group === "tag" ? "tag.rename" : `${group}.update`}
                onClick={row.onEdit}
              >
                <Pencil />
              </Button>
            )}
            {row.onDelete !== undefined && (
              <Button tone="plain" small label={`Delete ${row.name}`} command={`${group}.delete`} onClick={row.onDelete}>
                <Trash2 />
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
