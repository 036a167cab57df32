import { Pencil, Trash2 } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import { Page } from "./Page.tsx";
import styles from "./Settings.module.css";

export interface ListedRow {
  id: string;
  name: string;
  detail: string;
  chips: string[];
  /** None where it is not this person's to change. */
  onEdit?: () => void;
  onDelete?: () => void;
  /** What else can be done with it. */
  more?: { label: string; command: string; icon: ComponentChildren; onClick: () => void };
}

interface ListedLook {
  about: string;
  /** As in `canned.create`. */
  group: string;
  /** The command that changes one, where it isn't called `….update`. */
  editCommand?: string;
  wrong?: string | null;
  add: { label: string; onClick: () => void } | null;
  known: boolean;
  icon: ComponentChildren;
  empty: string;
  rows: readonly ListedRow[];
}

/** A page of things of one kind, one a line, each with what can be done to it. */
export function Listed({ about, group, editCommand = `${group}.update`, wrong, add, known, icon, empty, rows }: ListedLook) {
  return (
    <Page
      about={about}
      add={add && { ...add, command: `${group}.create` }}
      wrong={wrong}
      count={known ? rows.length : null}
      icon={icon}
      empty={empty}
    >
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
            {row.more !== undefined && (
              <Button tone="plain" small label={row.more.label} command={row.more.command} onClick={row.more.onClick}>
                {row.more.icon}
              </Button>
            )}
            {row.onEdit !== undefined && (
              <Button tone="plain" small label={`Change ${row.name}`} command={editCommand} onClick={row.onEdit}>
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
    </Page>
  );
}
