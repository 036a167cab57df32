import type { Field } from "../../protocol/blueprints.ts";
import type { ImportAction, ImportCellError, ImportCounts } from "../../protocol/imports.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { ChangedEntity } from "../changeStore.ts";
import type { UniqueValue } from "../entityStore.ts";
import { inFirstState, refuseState } from "../flow/flow.ts";
import { referencesOf, unlike } from "../named/namedIds.ts";
import { type Rule, told } from "../sentences/sentences.ts";
import { uniqueOf, without } from "../uniqueValues.ts";
import { changedValues, differingFields, newValues, type StoredValues } from "../values.ts";
import { type Importing, type ReadRow, toldCell } from "./readRows.ts";

/** An entity that a row is about. */
export interface KnownEntity {
  id: string;
  version: number;
  blueprintVersion: number;
  /** Of its version. */
  fields: readonly Field[];
  content: StoredValues;
}

/** What stands in the database that rows are about. */
export interface Known {
  /** Who has a value alone, by `keyOf`. */
  holders: Map<string, string>;
  /** By their ids, those that rows find. */
  entities: ReadonlyMap<string, KnownEntity>;
  /** Those in the trash, by `keyOf` of what would find them. */
  trashed: ReadonlyMap<string, KnownEntity>;
}

export interface RowOutcome {
  row: number;
  action: ImportAction;
  /** What the entity is afterwards, with the fields that it fits. */
  content: StoredValues;
  fields: readonly Field[];
  errors: readonly ImportCellError[];
}

export interface PlannedRows {
  created: { id: string; content: StoredValues }[];
  changes: ChangedEntity[];
  outcomes: RowOutcome[];
  counts: ImportCounts;
}

/** An entity in the middle of a plan: what it is and what it was. */
interface Draft {
  known: KnownEntity;
  content: StoredValues;
  isNew: boolean;
  isRestored: boolean;
}

/**
 * What becomes of rows, one after the other, as if each came alone: a row finds what a row above it made. Pure but for `newId`, and for `known.holders`,
 * which is as it will be.
 */
export function planRows(importing: Importing, rows: readonly ReadRow[], known: Known, newId: () => string): PlannedRows {
  const drafts = new Map<string, Draft>();
  const outcomes = rows.map((row): RowOutcome => {
    try {
      return { row: row.row, ...becomes(importing, row, known, drafts, newId) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return failed(row, [errorOf(importing, row, error)]);
    }
  });
  return { ...written(drafts), outcomes, counts: countOf(outcomes) };
}

type Becoming = Omit<RowOutcome, "row">;

function becomes(importing: Importing, row: ReadRow, known: Known, drafts: Map<string, Draft>, newId: () => string): Becoming {
  if (row.errors.length > 0) return failed(row, row.errors);
  const { settings, keyField } = importing;
  const id = row.key === undefined ? undefined : known.holders.get(keyOf(row.key));
  const found = id === undefined ? undefined : (drafts.get(id) ?? draftOf(known.entities.get(id)));
  if (found !== undefined && keyField !== undefined) {
    if (settings.found === "skip") return skipped;
    if (settings.found === "refuse") throw at(keyField, "conflict", (say) => say.thereAlready(keyField.name));
    return change(importing, row, found, { known, drafts });
  }
  const trashed = row.key === undefined ? undefined : known.trashed.get(keyOf(row.key));
  if (trashed !== undefined && keyField !== undefined && settings.trashed !== "create") {
    if (settings.trashed === "skip") return skipped;
    if (settings.trashed === "refuse") throw at(keyField, "conflict", (say) => say.inTrashWithThis(keyField.name));
    // A row above may have restored it, and changed its key since.
    const draft = drafts.get(trashed.id) ?? { known: trashed, content: trashed.content, isNew: false, isRestored: true };
    return change(importing, row, draft, { known, drafts });
  }
  if (keyField !== undefined) {
    if (settings.missing === "skip") return skipped;
    if (settings.missing === "refuse") throw at(keyField, "not_found", (say) => say.noneWithThis(keyField.name));
    if (keyField.type === "sequence" && row.key !== undefined)
      throw at(keyField, "not_found", (say) => say.noneWithThisNumber(keyField.name));
  }
  return create(importing, row, { known, drafts }, newId);
}

interface Planning {
  known: Known;
  drafts: Map<string, Draft>;
}

const skipped: Becoming = { action: "skip", content: {}, fields: [], errors: [] };

function create({ definition, moment, version }: Importing, row: ReadRow, planning: Planning, newId: () => string): Becoming {
  const { fields } = definition;
  const content = newValues(fields, inFirstState(definition, row.written, "values"), moment);
  const id = newId();
  claim(fields, id, [], uniqueOf(fields, content), planning.known);
  planning.drafts.set(id, {
    known: { id, version: 0, blueprintVersion: version, fields, content },
    content,
    isNew: true,
    isRestored: false,
  });
  return { action: "create", content, fields, errors: [] };
}

function change({ definition, version }: Importing, row: ReadRow, draft: Draft, { known, drafts }: Planning): Becoming {
  const { fields, id, blueprintVersion } = draft.known;
  const strange = definition.fields.find(({ key }) => row.written[key] !== undefined && !fields.some((one) => one.key === key));
  if (strange !== undefined && blueprintVersion !== version)
    throw at(strange, "conflict", (say) => say.ofVersion(blueprintVersion, strange.name));
  refuseState(definition, fields, draft.content, row.written);
  const content = changedValues(fields, draft.content, row.written);
  const isFresh = !drafts.has(id) && draft.isRestored;
  claim(fields, id, isFresh ? [] : uniqueOf(fields, draft.content), uniqueOf(fields, content), known);
  const action = isFresh ? "restore" : differingFields(fields, draft.content, content).length === 0 ? "same" : "update";
  drafts.set(id, { ...draft, content });
  return { action, content, fields, errors: [] };
}

/** Refusal `conflict` where another has one of the values. */
function claim(fields: readonly Field[], id: string, had: readonly UniqueValue[], has: readonly UniqueValue[], { holders }: Known): void {
  for (const value of has) {
    const holder = holders.get(keyOf(value));
    const field = fields.find((one) => one.id === value.field);
    if (holder !== undefined && holder !== id && field !== undefined) throw at(field, "conflict", (say) => say.anotherHasThis(field.name));
  }
  for (const value of without(had, has)) holders.delete(keyOf(value));
  for (const value of has) holders.set(keyOf(value), id);
}

function written(drafts: ReadonlyMap<string, Draft>): Pick<PlannedRows, "created" | "changes"> {
  const created: PlannedRows["created"] = [];
  const changes: ChangedEntity[] = [];
  for (const { known, content, isNew, isRestored } of drafts.values()) {
    const { id, version, fields } = known;
    if (isNew) {
      created.push({ id, content });
      continue;
    }
    const differing = differingFields(fields, known.content, content);
    if (differing.length === 0 && !isRestored) continue;
    const [had, has] = [isRestored ? [] : uniqueOf(fields, known.content), uniqueOf(fields, content)];
    changes.push({
      id,
      seen: version,
      kind: isRestored ? "restore" : "change",
      content,
      trashedAt: null,
      before: only(differing, known.content),
      after: only(differing, content),
      freed: without(had, has),
      taken: without(has, had),
      left: unlike(referencesOf(fields, known.content), referencesOf(fields, content)),
      met: unlike(referencesOf(fields, content), referencesOf(fields, known.content)),
    });
  }
  return { created, changes };
}

function only(fields: readonly Field[], content: StoredValues): StoredValues {
  return Object.fromEntries(
    fields.flatMap(({ id }) => {
      const value = content[id];
      return value === undefined ? [] : [[id, value]];
    }),
  );
}

function draftOf(known: KnownEntity | undefined): Draft | undefined {
  return known === undefined ? undefined : { known, content: known.content, isNew: false, isRestored: false };
}

function at({ key }: Field, code: "conflict" | "not_found", say: Rule): Refusal {
  return new Refusal(code, told(say), { path: `values.${key}` });
}

function errorOf({ columns, names, language }: Importing, { cells }: ReadRow, refusal: Refusal): ImportCellError {
  const key = (refusal.path ?? "").replace(/^values\./, "");
  const column = columns.find(({ field }) => field.key === key);
  return {
    column: column === undefined ? null : (names[column.index] ?? null),
    value: toldCell(cells.get(key) ?? ""),
    reason: refusal.in(language),
  };
}

function failed({ row }: ReadRow, errors: readonly ImportCellError[]): RowOutcome {
  return { row, action: "fail", content: {}, fields: [], errors };
}

const countedAs: Readonly<Record<ImportAction, keyof ImportCounts>> = {
  create: "created",
  update: "changed",
  restore: "changed",
  same: "same",
  skip: "skipped",
  fail: "failed",
};

export const noCounts: ImportCounts = { created: 0, changed: 0, same: 0, skipped: 0, failed: 0 };

function countOf(outcomes: readonly RowOutcome[]): ImportCounts {
  const counts = { ...noCounts };
  for (const { action } of outcomes) counts[countedAs[action]]++;
  return counts;
}

/** A value that somebody has alone, as a key of maps. */
export function keyOf({ field, value }: UniqueValue): string {
  return `${field} ${value}`;
}
