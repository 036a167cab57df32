import { ChevronDown, ChevronRight } from "lucide-preact";
import { useMemo, useState } from "preact/hooks";
import type { BlueprintView, Field } from "../../../src/protocol/blueprints.ts";
import { type EntityGroup, groupUnits } from "../../../src/protocol/entityGroups.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import type { EntityNews } from "../entityNews.ts";
import { ofEach } from "../fields/ofEach.ts";
import type { Gathered } from "../groups.ts";
import { useEntityRows, useVersions } from "../useEntityRows.ts";
import { aggregateNames, aggregateOf, aggregateWords, groupWords } from "./aggregates.ts";
import { BulkBar } from "./BulkBar.tsx";
import type { Column } from "./columns.ts";
import { EntityTable } from "./EntityTable.tsx";
import { Edits } from "./edits.ts";
import styles from "./Table.module.css";
import type { TableLook } from "./tableLook.ts";

interface GroupedLook {
  blueprint: BlueprintView;
  news: EntityNews;
  /** `status`, `due:month`. */
  term: string;
  gathered: Gathered;
  /** Of all that the list has. */
  totals: Gathered | null;
  filter: object | null;
  sort: readonly string[];
  columns: readonly Column[];
  look: TableLook;
  onLook: (changes: Partial<TableLook>) => void;
  mayChange: boolean;
  open: string | null;
  onOpen: (id: string) => void;
}

/** Rows that have the same under a line that says what, how many they are and what they come to; opened by a click, Enter, or the arrows to the sides. */
export function GroupedTable({ blueprint, term, gathered, totals, columns, look, ...rest }: GroupedLook) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [key = "", unitName] = term.split(":");
  const field = [...blueprint.fields, ...ofEach].find((one) => one.key === key);
  const unit = groupUnits.find((one) => one === unitName);
  const isOther = (group: string) => !opened.has(group);
  const toggle = (group: string) => setOpened(isOther(group) ? new Set([...opened, group]) : without(opened, group));
  return (
    <section
      aria-label="Groups"
      class={styles.groups}
      onKeyDown={(event) => {
        const line = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-group]") : null;
        if (line === null) return;
        const group = line.dataset["group"] ?? "";
        const lines = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-group]")];
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step !== undefined) lines[lines.indexOf(line) + step]?.focus();
        else if (event.key === "ArrowRight" && isOther(group)) toggle(group);
        else if (event.key === "ArrowLeft" && !isOther(group)) toggle(group);
        else return;
        event.preventDefault();
      }}
    >
      {gathered.items.map((group) => {
        const value = ownValue(group.by, key) ?? null;
        const name = JSON.stringify(value);
        const words = groupWords(field, unit, value);
        const isOpen = !isOther(name);
        return (
          <section key={name} aria-label={words}>
            <h3>
              <button type="button" class={styles.group} data-group={name} aria-expanded={isOpen} onClick={() => toggle(name)}>
                {isOpen ? <ChevronDown aria-hidden="true" /> : <ChevronRight aria-hidden="true" />}
                <b dir="auto">{words}</b>
                <span>{group.count.toLocaleString()}</span>
                <Totals of={group} columns={columns} look={look} />
              </button>
            </h3>
            {isOpen && <GroupRows {...rest} blueprint={blueprint} group={group} look={look} />}
          </section>
        );
      })}
      {gathered.truncated && (
        <p class={styles.groupsEnd}>These are the first {gathered.items.length.toLocaleString()} groups; a filter shows others.</p>
      )}
      {totals?.items[0] !== undefined && (
        <p class={styles.groupsEnd}>
          <b>All</b> <span>{totals.items[0].count.toLocaleString()}</span> <Totals of={totals.items[0]} columns={columns} look={look} />
        </p>
      )}
    </section>
  );
}

function without(all: ReadonlySet<string>, one: string): ReadonlySet<string> {
  return new Set([...all].filter((other) => other !== one));
}

function Totals({ of, columns, look }: { of: EntityGroup; columns: readonly Column[]; look: TableLook }) {
  return (
    <>
      {columns
        .filter(({ field }) => !ofEach.includes(field))
        .map(({ field }) => {
          const asked = aggregateOf(field, look);
          if (asked === null) return null;
          return (
            <span key={field.key} class={styles.groupTotal}>
              <small>
                {aggregateNames[asked]} of {field.name}
              </small>{" "}
              {aggregateWords(field, asked, of.aggregates[`${asked}:${field.key}`])}
            </span>
          );
        })}
    </>
  );
}

const rowHeight = 36;
/** The line of the columns, and the bar that scrolls to the side. */
const besides = 34 + 16;
const mostRows = 12;

function GroupRows({
  blueprint,
  news,
  group,
  filter,
  sort,
  look,
  onLook,
  mayChange,
  open,
  onOpen,
}: Omit<GroupedLook, "term" | "gathered" | "totals" | "columns"> & { group: EntityGroup }) {
  const question = { filter: filter === null ? group.filter : { and: [filter, group.filter] }, sort, trashed: false };
  const rows = useEntityRows(blueprint.key, news, question);
  const versions: ReadonlyMap<number, readonly Field[]> = useVersions(blueprint, rows);
  const edits = useMemo(() => new Edits(rows), [rows]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  return (
    <>
      <div class={styles.groupRows} style={`height: ${Math.min(mostRows, group.count) * rowHeight + besides}px`}>
        <EntityTable
          blueprint={blueprint}
          versions={versions}
          rows={rows}
          edits={edits}
          look={look}
          onLook={onLook}
          mayChange={mayChange}
          chosen={chosen}
          onChosen={setChosen}
          open={open}
          onOpen={onOpen}
        />
      </div>
      {mayChange && (
        <BulkBar
          blueprint={blueprint}
          rows={rows}
          chosen={chosen}
          onChosen={setChosen}
          isTrash={false}
          filter={question.filter}
          count={{ count: group.count, exact: true }}
        />
      )}
    </>
  );
}
