import { isDeepStrictEqual } from "node:util";
import { validate as isId } from "uuid";
import type { AccountPrincipal } from "../../access/principal.ts";
import { readTenant } from "../../access/tenants/tenantStore.ts";
import type { TenantSql } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import type { ImportPreview, ImportReading, ImportSettings, ImportView } from "../../protocol/imports.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { StoredBlueprint } from "../blueprints/blueprintStore.ts";
import { momentOf } from "../moment.ts";
import { type EntityOutside, requireUsable } from "../rewriteEntity.ts";
import { refused } from "../sentences/imports/sentences.ts";
import { shownValues } from "../values.ts";
import { inBatches } from "./files/tableRow.ts";
import { findImport, findSameBefore, listImports, type StoredImport, saveDraft } from "./importStore.ts";
import { planner } from "./lookUp.ts";
import { dataRows, fileRows, keptFile } from "./openFile.ts";
import { noCounts } from "./planRows.ts";
import { type Importing, importingOf } from "./readRows.ts";
import { scanTable } from "./scanTable.ts";
import { askOpen, guessSettings, problemsOf, questionText } from "./settings.ts";

export type ImportOutside = EntityOutside & Pick<Platform, "files">;

/** For who may see and change all of a blueprint: a file may say anything of any of its entities. Refusals: `not_found`, `conflict`, `forbidden`. */
export async function requireImportable(outside: EntityOutside, by: AccountPrincipal, key: string): Promise<StoredBlueprint> {
  const blueprint = await requireUsable(outside, by, key);
  if (blueprint.reach === "all" && blueprint.changes === "all") return blueprint;
  throw refused("forbidden", "blueprint", (say) => say.wholeOnly(key));
}

/** Of whoever made it: its errors tell what stands in the file. Refusal `not_found`. */
export async function requireImport(
  sql: Pick<TenantSql, "query">,
  blueprint: Pick<StoredBlueprint, "id">,
  by: AccountPrincipal,
  id: string,
): Promise<StoredImport> {
  const found = isId(id) ? await findImport(sql, id, by.account) : undefined;
  if (found === undefined || found.blueprintId !== blueprint.id) throw refused("not_found", "import", (say) => say.noImport);
  return found;
}

/** An import with what it would need to go on. */
export async function preparedImport(
  outside: ImportOutside,
  by: AccountPrincipal,
  blueprint: StoredBlueprint,
  stored: StoredImport,
): Promise<{ importing: Importing; view: ImportView }> {
  const { fields } = blueprint.definition;
  const { reading, seen } = stored;
  const { timeZone: zone } = await readTenant(outside.database.acrossTenants, by.tenant);
  const { settings, questions } = askOpen(fields, seen, stored.settings, { zone, kind: reading.kind });
  const moment = await momentOf(outside, by, true);
  const importing = importingOf(blueprint, { columns: seen }, settings, {
    ...{ moment, zone, isShort: reading.kind === "xlsx" },
    language: by.language ?? "en",
  });
  const { by: found } = guessSettings(fields, seen);
  const before = stored.state === "draft" ? await findSameBefore(outside.database.forTenant(by.tenant), stored.id) : null;
  const { id, name, size, sheets, rows, state, position, counts, run, fault, createdAt, endedAt } = stored;
  const view: ImportView = {
    id,
    blueprint: blueprint.key,
    name,
    size,
    state: state === "arriving" ? "draft" : state,
    reading,
    sheets,
    rows,
    columns: seen.map((column, index) => ({ name: column.name, samples: column.samples, filled: column.filled, by: found[index] ?? null })),
    settings,
    questions,
    problems: problemsOf(fields, seen, settings, by.language ?? "en"),
    before: before?.toISOString() ?? null,
    position,
    counts,
    run,
    fault,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
  return { importing, view };
}

/** Why an import can't begin, or go on: the first of its problems, else the first question that nobody has answered. */
export function whyNot({ state, problems, questions, columns }: ImportView): Refusal | undefined {
  if (state === "done" || state === "cancelled") return refused("conflict", "import", (say) => say.ended(state));
  const [problem] = problems;
  if (problem !== undefined) return new Refusal("invalid_value", problem.message, { path: problem.path });
  const [question] = questions;
  if (question === undefined) return undefined;
  const { column, ask } = question;
  return refused("invalid_value", `settings.columns.${column}.${ask}`, questionText(question, columns[column]?.name ?? ""));
}

/** Refusal `not_found`. */
export async function readImport(outside: ImportOutside, by: AccountPrincipal, key: string, id: string): Promise<ImportView> {
  const { blueprint, stored } = await find(outside, by, key, id);
  return (await preparedImport(outside, by, blueprint, stored)).view;
}

const mostListed = 50;

/** The newest of whoever asks. Refusal `not_found`. */
export async function readImports(outside: ImportOutside, by: AccountPrincipal, key: string): Promise<ImportView[]> {
  const blueprint = await requireImportable(outside, by, key);
  const found = await listImports(outside.database.forTenant(by.tenant), blueprint.id, by.account, mostListed);
  return await Promise.all(found.map(async (stored) => (await preparedImport(outside, by, blueprint, stored)).view));
}

/** What somebody says of some of it. */
type Some<Values> = { readonly [Name in keyof Values]?: Values[Name] | undefined };

export interface ChangedDraft {
  reading?: Some<Omit<ImportReading, "kind">> | undefined;
  settings?: Some<ImportSettings> | undefined;
}

/**
 * Says how a draft is read, and what shall become of it; where it is read otherwise, its columns are looked at, and guessed, anew. Refusals: `not_found`,
 * `conflict` where it has begun, and those of reading the file so.
 */
export async function changeImport(
  outside: ImportOutside,
  by: AccountPrincipal,
  key: string,
  id: string,
  { reading: said = {}, settings = {} }: ChangedDraft,
): Promise<ImportView> {
  const { blueprint, stored, sql } = await find(outside, by, key, id);
  if (stored.state !== "draft") throw noDraft(stored.state);
  const reading = withReading(stored.reading, said);
  const isOther = !isDeepStrictEqual(reading, stored.reading);
  const found = isOther ? await scanTable(fileRows(outside, keptFile(by.tenant, stored), reading), reading.header) : undefined;
  const guessed = found === undefined ? stored.settings : guessSettings(blueprint.definition.fields, found.columns).settings;
  const draft = {
    ...stored,
    reading,
    rows: found?.rows ?? stored.rows,
    seen: found?.columns ?? stored.seen,
    settings: withSettings(guessed, settings),
  };
  if (!(await saveDraft(sql, draft, new Date(outside.clock.now())))) throw noDraft("going");
  return (await preparedImport(outside, by, blueprint, { ...draft, fault: null })).view;
}

function noDraft(state: string): Refusal {
  return refused("conflict", "import", (say) => say.onlyDraft(state));
}

function withReading(before: ImportReading, said: NonNullable<ChangedDraft["reading"]>): ImportReading {
  const { encoding = before.encoding, delimiter = before.delimiter, header = before.header, sheet = before.sheet } = said;
  return { kind: before.kind, encoding, delimiter, header, sheet };
}

function withSettings(before: ImportSettings, said: NonNullable<ChangedDraft["settings"]>): ImportSettings {
  const { columns = before.columns, key = before.key, found = before.found, missing = before.missing } = said;
  const { trashed = before.trashed, empty = before.empty, errors = before.errors } = said;
  return { columns, key, found, missing, trashed, empty, errors };
}

const lookedAt = 1000;
const mostShown = 20;

/** What would become of the first rows; nothing is written. Refusals: `not_found`, `conflict` where the file is gone, `invalid_value` as for a start, but for questions. */
export async function previewImport(outside: ImportOutside, by: AccountPrincipal, key: string, id: string): Promise<ImportPreview> {
  const { blueprint, stored, sql } = await find(outside, by, key, id);
  const { importing, view } = await preparedImport(outside, by, blueprint, stored);
  const refusal = whyNot({ ...view, questions: [], problems: view.problems.filter(({ path }) => path !== "settings.columns") });
  if (refusal !== undefined) throw refusal;
  const plan = await planner(outside, by, blueprint, importing);
  const rows = dataRows(fileRows(outside, keptFile(by.tenant, stored), stored.reading), stored.reading.header);
  for await (const batch of inBatches(rows, 0)) {
    const { outcomes, counts } = await plan(sql, batch.slice(0, lookedAt));
    return {
      lookedAt: outcomes.length,
      counts,
      rows: outcomes.slice(0, mostShown).map(({ row, action, content, fields, errors }) => ({
        row,
        action,
        values: shownValues(fields, content),
        errors: [...errors],
      })),
    };
  }
  return { lookedAt: 0, counts: noCounts, rows: [] };
}

async function find(outside: ImportOutside, by: AccountPrincipal, key: string, id: string) {
  const blueprint = await requireImportable(outside, by, key);
  const sql = outside.database.forTenant(by.tenant);
  return { blueprint, sql, stored: await requireImport(sql, blueprint, by, id) };
}
