import type { AccountPrincipal } from "../../access/principal.ts";
import { sleep } from "../../platform/clock/clock.ts";
import { type Sql, sqlState, type TenantSql } from "../../platform/database/database.ts";
import { createTurnstile } from "../../platform/process/turnstile.ts";
import type { ImportCounts } from "../../protocol/imports.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Sentence } from "../../protocol/sentence.ts";
import { type StoredBlueprint, takeNumbers } from "../blueprints/blueprintStore.ts";
import { changeEntities } from "../changeStore.ts";
import { insertUnlooked } from "../entityStore.ts";
import { freeValues } from "../heldStore.ts";
import { referencesOf } from "../named/namedIds.ts";
import { refused, toldOf } from "../sentences/imports/sentences.ts";
import { mostTold, tellOfEntities } from "../tellEntities.ts";
import { uniqueOf } from "../uniqueValues.ts";
import { inBatches, oneAhead, type TableRow } from "./files/tableRow.ts";
import { forgetFile } from "./forgetImports.ts";
import {
  advanceImport,
  claimImport,
  deleteErrors,
  insertErrors,
  moveImport,
  type StoredImport,
  type StoredRowError,
} from "./importStore.ts";
import { type PlanRows, planner } from "./lookUp.ts";
import { dataRows, fileRows, keptFile } from "./openFile.ts";
import { noCounts, type PlannedRows } from "./planRows.ts";
import { type ImportOutside, preparedImport, requireImport, requireImportable, whyNot } from "./prepareImport.ts";

/** How an import ended, or where it rests. */
export interface ImportOutcome {
  state: "done" | "paused" | "cancelled" | "refused";
  counts: ImportCounts;
  of: number;
}

interface Doing {
  outside: ImportOutside;
  by: AccountPrincipal;
  blueprint: StoredBlueprint;
  sql: TenantSql;
  stored: StoredImport;
  plan: PlanRows;
  run: string;
  signal: AbortSignal;
  progress: (counts: ImportCounts) => void;
}

/** Each reads and writes as fast as it can. */
const turn = createTurnstile(2);

/**
 * Brings the rows of an import's file in, from where it is: each row once, whatever dies meanwhile, since it is written in one transaction with the place
 * behind it. Where nothing shall be written unless all fits, all of it is one transaction. Whoever starts it again goes on. Refusals: `not_found`,
 * `conflict` where it has ended or goes on elsewhere, `invalid_value` where it can't be begun as it is set, and those of its file.
 */
export async function runImport(
  outside: ImportOutside,
  by: AccountPrincipal,
  key: string,
  { id, run, signal, progress }: { id: string; run: string; signal: AbortSignal; progress: (counts: ImportCounts, of: number) => void },
): Promise<ImportOutcome> {
  const blueprint = await requireImportable(outside, by, key);
  const sql = outside.database.forTenant(by.tenant);
  const stored = await requireImport(sql, blueprint, by, id);
  const { importing, view } = await preparedImport(outside, by, blueprint, stored);
  const refusal = whyNot(view);
  if (refusal !== undefined) throw refusal;
  if (!(await claimImport(sql, id, run, now(outside)))) throw refused("conflict", "import", (say) => say.already(stored.state));
  try {
    return await turn(async () => {
      const plan = await planner(outside, by, blueprint, importing);
      const doing: Doing = { outside, by, blueprint, sql, stored, plan, run, signal, progress: (counts) => progress(counts, stored.rows) };
      const outcome = stored.settings.errors === "nothing" ? await bringAll(doing) : await bringFitting(doing);
      if (outcome.state === "done" || outcome.state === "cancelled") await forgetFile(outside, by.tenant, stored);
      return outcome;
    });
  } catch (error) {
    const fault =
      error instanceof Refusal ? error.in(by.language ?? "en") : "Something went wrong on our side. It was logged; start it again.";
    // Where this can't be written either, a minute of silence says the same.
    await moveImport(sql, id, { from: ["going"], to: "paused", run, fault, at: now(outside) }).catch(() => {});
    throw error;
  }
}

function batchesOf({ outside, by, stored }: Doing, skip: number): AsyncGenerator<TableRow[]> {
  const rows = fileRows(outside, keptFile(by.tenant, stored), stored.reading);
  return oneAhead(inBatches(dataRows(rows, stored.reading.header), skip));
}

/** Row by row what fits, and what doesn't beside it. */
async function bringFitting(doing: Doing): Promise<ImportOutcome> {
  const { outside, sql, stored, run, signal, progress } = doing;
  const { id, rows: of } = stored;
  let counts = stored.position === 0 ? noCounts : stored.counts;
  // What an attempt told that wrote nothing.
  if (stored.position === 0) await deleteErrors(sql, id);
  for await (const rows of batchesOf(doing, stored.position)) {
    if (signal.aborted) return await rest(doing, counts);
    const from = sum(counts);
    const planned = await patiently(outside, signal, () =>
      untilUnraced(async () => {
        const plan = await doing.plan(sql, rows);
        const numbered = await withNumbers(doing, plan);
        const next = added(counts, plan.counts);
        const isOurs = await sql.transaction(async (tx) => {
          if (!(await advanceImport(tx, { id, run, from, position: sum(next), counts: next }, now(outside)))) return false;
          await write(doing, tx, numbered);
          await insertErrors(tx, id, errorsOf(plan));
          return true;
        });
        return isOurs ? plan : undefined;
      }),
    );
    if (planned === undefined) {
      const written = await writtenMeanwhile(doing, from + rows.length);
      if (written === undefined) return await left(doing, counts);
      counts = written;
    } else {
      counts = added(counts, planned.counts);
      tell(doing, planned);
    }
    progress(counts);
  }
  if (!(await moveImport(sql, id, { from: ["going"], to: "done", run, at: now(outside) }))) return await left(doing, counts);
  return { state: "done", counts, of };
}

/** A batch whose end was not heard of may be there all the same. */
async function writtenMeanwhile({ sql, stored, by, blueprint, run }: Doing, position: number): Promise<ImportCounts | undefined> {
  const found = await requireImport(sql, blueprint, by, stored.id);
  return found.state === "going" && found.run === run && found.position === position ? found.counts : undefined;
}

/** So many rows that don't fit are told; who has more has chosen the wrong column. */
const mostFailed = 10_000;

class Stopped extends Error {}

/** What whoever asked for all or nothing is told where it is nothing. */
export function noneTaken({ failed }: ImportCounts, of: number): Sentence {
  return toldOf((say) => say.noneTaken(failed, failed >= mostFailed, of));
}

/** All rows in one transaction, or none of them. */
async function bringAll(doing: Doing): Promise<ImportOutcome> {
  const { outside, sql, stored, run, signal, progress } = doing;
  const { id, rows: of } = stored;
  let counts: ImportCounts = noCounts;
  let last: PlannedRows | undefined;
  const attempt = () =>
    sql.transaction(async (tx) => {
      counts = noCounts;
      await deleteErrors(sql, id);
      for await (const rows of batchesOf(doing, 0)) {
        const plan = await doing.plan(tx, rows);
        await write(doing, tx, await withNumbers(doing, plan));
        counts = added(counts, plan.counts);
        last = plan;
        // Beside the transaction: errors stay where it doesn't, and others see how far it is.
        await insertErrors(sql, id, errorsOf(plan));
        const isOurs = await advanceImport(sql, { id, run, position: sum(counts), counts }, now(outside));
        if (!isOurs || signal.aborted || counts.failed >= mostFailed) throw new Stopped();
        progress(counts);
      }
      if (counts.failed > 0) throw new Stopped();
      if (!(await moveImport(tx, id, { from: ["going"], to: "done", run, at: now(outside) }))) throw new Stopped();
    });
  try {
    await untilUnraced(attempt);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    if (counts.failed === 0) return signal.aborted ? await rest(doing, noCounts) : await left(doing, noCounts);
    const fault = noneTaken(counts, of)(doing.by.language ?? "en");
    await moveImport(sql, id, { from: ["going"], to: "draft", run, fault, at: now(outside) });
    return { state: "refused", counts, of };
  }
  if (last !== undefined) tell(doing, last);
  return { state: "done", counts, of };
}

/** Whoever asked wants it to stop; another start goes on. */
async function rest({ outside, sql, stored, run }: Doing, counts: ImportCounts): Promise<ImportOutcome> {
  await moveImport(sql, stored.id, { from: ["going"], to: "paused", run, at: now(outside) });
  return { state: "paused", counts, of: stored.rows };
}

/** Somebody paused or cancelled it, or another process goes on with it. */
async function left({ sql, stored, by, blueprint }: Doing, counts: ImportCounts): Promise<ImportOutcome> {
  const { state } = await requireImport(sql, blueprint, by, stored.id);
  if (state === "going" || state === "done") throw refused("conflict", "import", (say) => say.elsewhere);
  return { state: state === "cancelled" ? "cancelled" : "paused", counts, of: stored.rows };
}

type Numbered = Pick<PlannedRows, "created" | "changes">;

/** New ones get their numbers; what isn't written after all leaves a gap. */
async function withNumbers({ sql, blueprint }: Doing, { created, changes }: PlannedRows): Promise<Numbered> {
  const field = blueprint.definition.fields.find(({ type }) => type === "sequence");
  if (field === undefined || created.length === 0) return { created, changes };
  const first = await takeNumbers(sql, blueprint.id, created.length);
  const numbered = created.map(({ id, content }, index) => ({
    id,
    content: { ...content, [field.id]: `${field.prefix ?? ""}${first + index}` },
  }));
  return { created: numbered, changes };
}

class Raced extends Error {}

async function write({ outside, by, blueprint }: Doing, tx: Sql, { created, changes }: Numbered): Promise<void> {
  const at = now(outside);
  if (changes.length > 0) {
    await freeValues(tx, blueprint.id, changes);
    const freed = changes.map((change) => ({ ...change, freed: [] }));
    const written = await changeEntities(tx, { blueprint: blueprint.id }, freed, { by: by.account, at });
    // What others changed since it was looked at is looked at again.
    if (written?.size !== changes.length) throw new Raced();
  }
  if (created.length === 0) return;
  const { fields } = blueprint.definition;
  const entities = created.map(({ id, content }) => ({
    id,
    content,
    unique: uniqueOf(fields, content),
    references: referencesOf(fields, content),
  }));
  await insertUnlooked(tx, { id: blueprint.id, version: blueprint.number }, entities, { by: by.account, at });
}

const attempts = 5;

/** Once more where somebody took a value, or changed an entity, in the same moment. */
async function untilUnraced<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Raced) && sqlState(error) !== "23505") throw error;
      if (tries === attempts) throw refused("conflict", "import", (say) => say.changedAlways);
    }
  }
}

const patienceMs = 60_000;
const betweenMs = 1000;

/** Once more where the database or the files can't be reached for a while: whether something was written, the place behind it says. */
async function patiently<Result>({ clock }: ImportOutside, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  const until = clock.monotonic() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isAway = error instanceof Refusal && error.code === "unavailable";
      if (!isAway || signal.aborted || clock.monotonic() > until) throw error;
      await sleep(clock, betweenMs);
    }
  }
}

function errorsOf({ outcomes }: PlannedRows): StoredRowError[] {
  return outcomes.flatMap(({ row, errors }) => errors.map((error, place) => ({ ...error, row, place })));
}

function tell({ outside, by, blueprint }: Doing, { created, changes }: PlannedRows): void {
  const ids = [...created, ...changes].slice(0, mostTold).map(({ id }) => ({ id }));
  if (ids.length > 0) tellOfEntities(outside, by.tenant, blueprint, ids);
}

function added(one: ImportCounts, more: ImportCounts): ImportCounts {
  return {
    created: one.created + more.created,
    changed: one.changed + more.changed,
    same: one.same + more.same,
    skipped: one.skipped + more.skipped,
    failed: one.failed + more.failed,
  };
}

export function sum({ created, changed, same, skipped, failed }: ImportCounts): number {
  return created + changed + same + skipped + failed;
}

function now({ clock }: Pick<ImportOutside, "clock">): Date {
  return new Date(clock.now());
}
