import type { AccountPrincipal } from "../../access/principal.ts";
import type { Sql } from "../../platform/database/database.ts";
import { announceJobs } from "../../platform/jobs/jobs.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { type ChangedEntity, changeEntities } from "../changeStore.ts";
import { startKind } from "../flow/startKind.ts";
import { namedFilter } from "../named/namedFilter.ts";
import { type ReachedBlueprint, seenDefinition } from "../reach.ts";
import { type EntityOutside, requireUsable } from "../rewriteEntity.ts";
import { told } from "../sentences/sentences.ts";
import { tellOfEntities } from "../tellEntities.ts";
import { asOne } from "./asOne.ts";
import {
  type Became,
  countWhich,
  listProblems,
  listWhich,
  noteUnchanged,
  type Problem,
  readBecame,
  takenAmong,
  type Which,
} from "./bulkStore.ts";
import { anotherUnique, type Decide, type Decided, decideAll, problemOf, sameMoment, versionsOf } from "./decideAll.ts";

/** What is asked for many entities at once. */
export interface Asked {
  /** As a list's filter, or the ids. */
  filter: string | undefined;
  ids: readonly string[] | undefined;
  trashed: boolean;
  /** What one that is refused does to the others. */
  errors: "skip" | "nothing";
}

export interface Outcome extends Became {
  of: number;
  problems: (Problem & { id: string })[];
}

export const mostAtOnce = 100_000;
export const firstId = "00000000-0000-0000-0000-000000000000";
export const batch = 500;
const mostProblems = 100;

/** Which entities are meant, and how many; without those of which a run has noted something, where one is named. Refusals: `not_found`, `invalid_value` of the filter or where there are too many. */
export async function chosen(
  outside: EntityOutside,
  by: AccountPrincipal,
  key: string,
  { filter, ids, trashed }: Omit<Asked, "errors">,
  without?: string,
): Promise<{ blueprint: ReachedBlueprint; which: Which; of: number }> {
  if (filter === undefined && ids === undefined)
    throw new Refusal(
      "invalid_value",
      told((say) => say.sayWhich),
      { path: "where" },
    );
  const blueprint = await requireUsable(outside, by, key);
  const { fields } = seenDefinition(blueprint.reach, blueprint.definition);
  const which = { ids, trashed, filter: await namedFilter(outside, by, fields, filter), ...(without === undefined ? {} : { without }) };
  const of = await countWhich(outside.database.aside.forTenant(by.tenant), blueprint, which, mostAtOnce + 1);
  if (of > mostAtOnce)
    throw new Refusal(
      "invalid_value",
      told((say) => say.mostAtOnce(mostAtOnce)),
      {
        path: "where",
      },
    );
  return { blueprint, which, of };
}

interface Running {
  /** Its id: what it did already it leaves. */
  run: string;
  signal: AbortSignal;
  progress: (done: number, of: number) => void;
}

/**
 * Lets each of many be decided, and writes it, some hundred in a statement with their lines in the history. What becomes of each is written down with its run, so that
 * whoever goes on with the run after its process died leaves those out; where one refused shall stop all, it is one transaction instead. Refusals: those of
 * `chosen`, and `conflict` where nothing is changed for one that was refused.
 */
export async function changeAll(
  outside: EntityOutside,
  by: AccountPrincipal,
  key: string,
  asked: Asked,
  decide: Decide,
  { run, signal, progress }: Running,
): Promise<Outcome> {
  const sql = outside.database.forTenant(by.tenant);
  const before = await readBecame(sql, run);
  const done = before.changed + before.refused + before.same;
  const { blueprint, which, of: left } = await chosen(outside, by, key, asked, done > 0 ? run : undefined);
  // All or nothing that has noted something is written whole, though its process died before it said so.
  const isWritten = asked.errors === "nothing" && done > 0;
  const of = isWritten ? done : left + done;
  const doing = { clock: outside.clock, by, blueprint, which, decide, run, done, of };
  const ended = () => signal.aborted;
  const tell = (written: Written) => tellOf(outside, by, blueprint, written);
  if (asked.errors === "skip") await inBatches({ ...doing, sql, reading: sql.unwalled, tell }, { ended, progress });
  else if (!isWritten) {
    const written = await asOne(sql, async (tx) => {
      const all: Written[] = [];
      await inBatches({ ...doing, sql: tx, reading: tx, isWhole: true, tell: (some) => all.push(some) }, { ended, progress });
      if (ended())
        throw new Refusal(
          "conflict",
          told((say) => say.stopped),
        );
      const { refused } = await readBecame(tx, run);
      if (refused > 0) throw await nothingChanged(tx, run, refused);
      return all;
    });
    // Before the commit whoever is told would find nothing, and be told of what may never be.
    written.forEach(tell);
  }
  const became = await readBecame(sql, run);
  return { of, ...became, problems: became.refused === 0 ? [] : await listProblems(sql, run, mostProblems) };
}

async function nothingChanged(tx: Pick<Sql, "query">, run: string, refused: number): Promise<Refusal> {
  const reasons = (await listProblems(tx, run, 3)).map(({ title, message }) => `${title}: ${message}`);
  return new Refusal(
    "conflict",
    told((say) => say.nothingChanged(refused, reasons.join(" "))),
  );
}

/** What was written together, and whether it asks for something to be started. */
interface Written {
  ids: readonly string[];
  starts: boolean;
}

function tellOf(outside: EntityOutside, by: AccountPrincipal, blueprint: ReachedBlueprint, { ids, starts }: Written): void {
  if (starts) announceJobs(outside, startKind);
  tellOfEntities(
    outside,
    by.tenant,
    blueprint,
    ids.map((id) => ({ id })),
  );
}

interface Doing extends Pick<EntityOutside, "clock"> {
  by: AccountPrincipal;
  blueprint: ReachedBlueprint;
  which: Which;
  decide: Decide;
  run: string;
  /** Those that were looked at before a process died, and all. */
  done: number;
  of: number;
  sql: Pick<Sql, "query">;
  reading: Pick<Sql, "query">;
  tell: (written: Written) => void;
  /** Whether all is one transaction, which the first thing that the database refuses ends. */
  isWhole?: true;
}

const attempts = 5;

async function inBatches(doing: Doing, { ended, progress }: { ended: () => boolean; progress: Running["progress"] }): Promise<void> {
  const { blueprint, which, of, decide, by, clock, sql, reading } = doing;
  const seenOf = versionsOf(sql, blueprint);
  let done = doing.done;
  for (let after = firstId; !ended(); ) {
    const rows = await listWhich(reading, blueprint, which, { after, limit: batch });
    const last = rows.at(-1);
    if (last === undefined) return;
    let open = rows;
    for (let tries = 1; open.length > 0 && tries <= attempts; tries++) {
      const at = new Date(clock.now());
      const decided = await decideAll(sql, { by, at }, blueprint, await seenOf(open), decide);
      const missed = await writeBatch(doing, decided, at, tries === attempts);
      // Somebody was faster: they are read, and decided, once more.
      open = missed.length === 0 ? [] : await listWhich(reading, blueprint, { ...which, ids: missed }, { after, limit: batch });
    }
    done += rows.length;
    after = last.id;
    progress(Math.min(done, of), of);
  }
}

/** Writes a batch, without those of which another has a value. Answers whom somebody else changed meanwhile. */
async function writeBatch(
  { by, blueprint, run, sql, isWhole, tell }: Doing,
  decided: readonly Decided[],
  at: Date,
  isLastTry: boolean,
): Promise<string[]> {
  const to = { blueprint: blueprint.id, run };
  const wanted = decided.flatMap(({ change }) => change ?? []);
  const taken = await takenOf(sql, blueprint, wanted);
  const free = wanted.filter(({ id }) => !taken.has(id));
  const written = free.length === 0 ? new Set<string>() : await changeEntities(sql, to, free, { by: by.account, at });
  if (written === undefined && isWhole === true)
    throw new Refusal(
      "conflict",
      told((say) => say.takenMeanwhile),
    );
  const missed = new Set(free.flatMap(({ id }) => (written?.has(id) === true ? [] : [id])));
  const whyNot = (one: Decided): Problem | undefined => {
    if (taken.has(one.entity.id)) return problemOf(one, anotherUnique, by);
    if (missed.has(one.entity.id)) return problemOf(one, sameMoment, by);
    return one.change === undefined ? one.problem : undefined;
  };
  const left = decided.filter(({ entity: { id }, change }) => change === undefined || taken.has(id) || (isLastTry && missed.has(id)));
  await noteUnchanged(
    sql,
    to,
    left.map((one) => ({ id: one.entity.id, problem: whyNot(one) })),
    at,
  );
  if (written !== undefined && written.size > 0)
    tell({ ids: [...written], starts: free.some(({ id, starts = [] }) => starts.length > 0 && written.has(id)) });
  return [...missed];
}

/** Those that would take what another has, or what one before them takes. */
export async function takenOf(
  sql: Pick<Sql, "query">,
  blueprint: ReachedBlueprint,
  changes: readonly ChangedEntity[],
): Promise<Set<string>> {
  const taking = changes.flatMap(({ id, taken }) => taken.map((value) => ({ entity: id, ...value })));
  const taken = await takenAmong(sql, blueprint.id, taking);
  const first = new Map<string, string>();
  for (const { entity, field, value } of taking) {
    const place = `${field} ${value}`;
    if (!first.has(place)) first.set(place, entity);
    else if (first.get(place) !== entity) taken.add(entity);
  }
  return taken;
}
