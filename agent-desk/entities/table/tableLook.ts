import { useState } from "preact/hooks";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import { isRecord } from "../../operations/draft.ts";
import { useDesk } from "../../shell/deskContext.ts";
import { titleField } from "../fields/fieldTypes.ts";
import type { FilterTerm } from "./filterTerms.ts";

/** How this person looks at the entities of a blueprint, kept in this browser. */
export interface TableLook {
  /** Keys, with `-` before for descending. */
  sort: readonly string[];
  filters: readonly FilterTerm[];
  widths: Readonly<Record<string, number>>;
  pinned: readonly string[];
  hidden: readonly string[];
  /** Keys of columns in their order, where it isn't the blueprint's. */
  order?: readonly string[];
  /** By what the rows are gathered: `status`, `due:month`; empty for nothing. */
  group?: string;
  /** What stands at a column's foot, where it isn't the usual: `avg`, or `none`. */
  aggregates?: Readonly<Record<string, string>>;
  /** The id of the saved view that was chosen last; empty for none. */
  view?: string;
  /** The field whose choices are the lanes of the board. */
  lanes?: string;
  /** The field by whose days the calendar has them, and how many days it shows. */
  days?: string;
  span?: "month" | "week";
}

export function useTableLook(blueprint: BlueprintView): [TableLook, (changes: Partial<TableLook>) => void] {
  const { account } = useDesk();
  const place = `switchboard.data.${account.id}.${blueprint.key}`;
  const [look, setLook] = useState<TableLook>(() => ({ ...beginning(blueprint), ...kept(place) }));
  return [
    look,
    (changes) => {
      const next = { ...look, ...changes };
      setLook(next);
      try {
        localStorage.setItem(place, JSON.stringify(next));
      } catch {
        // Full or forbidden storage: it then lasts as long as the page.
      }
    },
  ];
}

function beginning({ fields }: BlueprintView): TableLook {
  const title = titleField(fields);
  return { sort: [], filters: [], widths: {}, pinned: title === undefined ? [] : [title.key], hidden: ["createdAt"] };
}

function kept(place: string): Partial<TableLook> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(place) ?? "{}");
    return isLook(found) ? found : {};
  } catch {
    // Somebody else's value under our key, or storage that is forbidden.
    return {};
  }
}

function isLook(found: unknown): found is TableLook {
  return (
    isRecord(found) && ["sort", "filters", "pinned", "hidden"].every((part) => Array.isArray(found[part])) && isRecord(found["widths"])
  );
}
