import type { FieldValue } from "./blueprints.ts";

/** How somebody looks at the entities of a blueprint: by the keys of fields. */
export interface EntityLook {
  face?: "table" | "board" | "gallery" | "calendar";
  /** With `-` before for descending. */
  sort: string[];
  filters: { field: string; operator: string; value: FieldValue | null }[];
  /** Of columns, in pixels. */
  widths: Record<string, number>;
  pinned: string[];
  hidden: string[];
  /** The columns in their order; those that aren't named come behind, as their blueprint has them. */
  order?: string[];
  /** By what the rows are gathered: `status`, `due:month`. */
  group?: string;
  /** What stands at the foot of columns. */
  aggregates?: Record<string, string>;
  /** The field whose choices are the lanes of the board. */
  lanes?: string;
  /** The field by whose days the calendar has them, and how many days it shows. */
  days?: string;
  span?: "month" | "week";
}

/** A look that was saved under a name. */
export interface EntityViewItem {
  id: string;
  name: string;
  /** Whether all who may read the blueprint have it, or it is one's own. */
  shared: boolean;
  /** Counts its changes. */
  version: number;
  look: EntityLook;
}
