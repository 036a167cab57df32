import { v7 as newId } from "uuid";
import { z } from "zod";
import { type Sql, sqlState } from "../../platform/database/database.ts";
import { asTenant } from "../../platform/database/installation.ts";
import { keepIndexes } from "../../platform/database/tableIndexes.ts";
import { listJobs } from "../../platform/jobs/jobStore.ts";
import { addJob, announceJobs, type JobKind } from "../../platform/jobs/jobs.ts";
import type { Platform } from "../../platform/platform.ts";
import type { BlueprintDefinition, IndexView } from "../../protocol/blueprints.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { StoredBlueprint } from "../blueprints/blueprintStore.ts";
import { indexesOf, indexOf, tableOf } from "./fieldIndexes.ts";
import { findLatest, listIndexed, listIndexes } from "./indexStore.ts";

const indexKind = "entities.index";

/** In the transaction that makes a version of a blueprint: where it wants other indexes than the one before, a job makes them; `announceIndexes` hurries it. */
export async function askForIndexes(
  tx: Sql,
  id: string,
  before: BlueprintDefinition | undefined,
  after: BlueprintDefinition,
): Promise<void> {
  const names = (definition: BlueprintDefinition | undefined) => [...indexesOf(id, definition?.fields ?? []).on.keys()].sort().join();
  if (names(before) !== names(after)) await addJob(tx, { kind: indexKind, key: `${id}:${newId()}`, data: { blueprint: id } });
}

export function announceIndexes(outside: Pick<Platform, "bus">): void {
  announceJobs(outside, indexKind);
}

const dataShape = z.object({ blueprint: z.uuid() });
/** Of ten million entities each takes some minutes. */
const deadlineMs = 2 * 3_600_000;
const lookAgainMs = 3000;

/** Brings the indexes of a blueprint to what its latest version wants. `databaseUrl` is that of the tables' owner. */
export function fieldIndexJob({ database, clock, log }: Pick<Platform, "database" | "clock" | "log">, databaseUrl: string): JobKind {
  return {
    kind: indexKind,
    atOnce: 1,
    deadlineMs,
    attempts: 5,
    afterLoss: "again",
    run: async ({ tenant, data, signal }) => {
      const { blueprint } = dataShape.parse(data);
      const latest = await findLatest(database.forTenant(tenant), blueprint);
      if (latest === undefined) return undefined;
      const kept = await keepIndexes(databaseUrl, indexesOf(blueprint, latest.fields), signal).catch((error: unknown) => {
        if (signal.aborted || error instanceof Refusal) throw error;
        log.warn({ error, blueprint }, "indexes of a blueprint can't be made");
        throw causedByValues(error)
          ? new Refusal(
              "invalid_value",
              "A value that stands in it can't be compared as its type is; correct it, and save the blueprint again.",
            )
          : new Refusal("conflict", `PostgreSQL doesn't make it (${sqlState(error) ?? "the connection ended"}).`);
      });
      return kept ? undefined : new Date(clock.now() + lookAgainMs);
    },
  };
}

/** Data exceptions and limits (SQLSTATE 22 and 54), which another try meets again. */
function causedByValues(error: unknown): boolean {
  return /^(22|54)/.test(sqlState(error) ?? "");
}

/** At a start: what was left half-made, is missing (after a backup, or in a new form) or is no more wanted is asked for again. */
export async function repairIndexes({ database, bus }: Pick<Platform, "database" | "bus">): Promise<void> {
  let asked = 0;
  for (const { tenant, id, definition, indexes, halfMade } of await listIndexed(database.acrossTenants)) {
    const { on } = indexesOf(id, definition.fields);
    if (halfMade === 0 && indexes.length === on.size && indexes.every((name) => on.has(name))) continue;
    const waits = await listJobs(asTenant(database.acrossTenants, tenant), { kind: indexKind, state: "waiting" }, 200);
    if (waits.some(({ key }) => key?.startsWith(`${id}:`))) continue;
    await addJob(asTenant(database.acrossTenants, tenant), { kind: indexKind, key: `${id}:${newId()}`, data: { blueprint: id } });
    asked += 1;
  }
  if (asked > 0) announceJobs({ bus }, indexKind);
}

/** How far the indexes are that a blueprint's latest version wants. */
export async function readIndexes(
  { database }: Pick<Platform, "database">,
  tenant: string,
  { id, definition }: Pick<StoredBlueprint, "id" | "definition">,
): Promise<IndexView[]> {
  const sql = database.forTenant(tenant);
  const wanted = definition.fields.flatMap(({ key, ...field }) => {
    const index = indexOf(id, field);
    return index === undefined ? [] : [{ field: key, name: index.name }];
  });
  if (wanted.length === 0) return [];
  const there = await listIndexes(sql, tableOf(id));
  const [last] = (await listJobs(sql, { kind: indexKind }, 200)).filter(({ key }) => key?.startsWith(`${id}:`));
  const failed = last?.state === "dead" ? { reason: last.lastError ?? "It failed, and the reason was logged." } : undefined;
  return wanted.map(({ field, name }) => {
    if (there.get(name) === true) return { field, state: "ready" };
    return failed === undefined ? { field, state: "making" } : { field, state: "failed", ...failed };
  });
}
