import { z } from "zod";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { StaffCommand } from "../../commands/command.ts";
import { newerStands } from "../../commands/runs/newerStands.ts";
import type { Sql } from "../../platform/database/database.ts";
import type { PlannedChange } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { changeEntities } from "../changeStore.ts";
import { type ReachedBlueprint, seenDefinition } from "../reach.ts";
import { requireWhole, requireWithin } from "../reachWrites.ts";
import { type EntityOutside, type Rewritten, requireUsable, type SeenEntity } from "../rewriteEntity.ts";
import { told } from "../sentences/sentences.ts";
import { tellOfEntities } from "../tellEntities.ts";
import type { StoredValues } from "../values.ts";
import { asOne } from "./asOne.ts";
import { type Left, listLeft, type Problem, readBecame } from "./bulkStore.ts";
import { batch, firstId, takenOf } from "./changeAll.ts";
import { anotherUnique, decideAll, oneByOne, problemOf, versionsOf } from "./decideAll.ts";

const undoHours = 24;
const kept = z.object({ run: z.string() });

/** What a run wrote: values, which who takes it back may write themselves; the step of a flow; or where they are, the trash or not. */
export type Wrote = "values" | "flow" | "place";

/** What a run changed is as it was, of those that nobody changed since. `as` is the opposite, for one. */
export function undoAll(
  outside: EntityOutside,
  key: string,
  { as, wrote }: { as: string; wrote: Wrote },
): NonNullable<StaffCommand["undo"]> {
  return {
    hours: undoHours,
    as: `${key}.${as}`,
    inOne: true,
    plan: async ({ principal, kept: given }) => {
      const { run } = kept.parse(given);
      const { blueprint, sql } = await usable(outside, principal, key);
      const { changed } = await readBecame(sql, run);
      let back = 0;
      for await (const rows of leftBy(sql, blueprint, run)) back += rows.length;
      if (back === 0) throw newerStands("each of them was changed since");
      return {
        changes: [
          { text: `${counted(back)} are as they were before`, kind: "change", count: back },
          ...staying(changed - back),
          ...started(blueprint, wrote),
        ],
        facts: { entities: back },
      };
    },
    run: async ({ principal, kept: given, claim }) => {
      const { run } = kept.parse(given);
      const { blueprint, sql } = await usable(outside, principal, key);
      const { changed } = await readBecame(sql, run);
      // One transaction: whoever takes back can't go on where their process died.
      const { back, problems } = await asOne(sql, async (tx) => {
        await claim(tx);
        return await putAllBack(outside, principal, blueprint, { tx, run, wrote });
      });
      if (back.length > 0) tellOfEntities(outside, principal.tenant, blueprint, back);
      const stays = [...staying(changed - back.length - problems.length), ...started(blueprint, wrote)];
      const since = stays.map(({ text }) => ` ${text}.`);
      const why = problems.slice(0, mostTold).map(({ title, message }) => `\n${title} stays: ${message}`);
      return {
        messages: [{ text: [`${counted(back.length)} are as they were.`, ...since, ...why].join("") }],
        data: { back: back.length, of: changed, problems: problems.length },
      };
    },
  };
}

const mostTold = 10;

function counted(count: number): string {
  return count.toLocaleString("en");
}

function staying(others: number): PlannedChange[] {
  return others <= 0 ? [] : [{ text: `${counted(others)} were changed since, and stay`, kind: "change", count: others }];
}

/** Of a flow whose steps start commands, as far as whoever takes back sees that they do. */
function started({ reach, definition }: ReachedBlueprint, wrote: Wrote): PlannedChange[] {
  const { flow } = seenDefinition(reach, definition);
  const starts = wrote === "flow" && flow?.transitions.some(({ start = [] }) => start.length > 0) === true;
  return starts ? [{ text: "What their steps started stays, and is not taken back" }] : [];
}

async function usable(outside: EntityOutside, by: AccountPrincipal, key: string) {
  return { blueprint: await requireUsable(outside, by, key), sql: outside.database.forTenant(by.tenant) };
}

async function* leftBy(sql: Pick<Sql, "query">, blueprint: ReachedBlueprint, run: string): AsyncGenerator<Left[]> {
  for (let after = firstId; ; ) {
    const { rows, last } = await listLeft(sql, blueprint, run, { after, limit: batch });
    if (last === null) return;
    after = last;
    if (rows.length > 0) yield rows;
  }
}

interface Back {
  tx: Sql;
  run: string;
  wrote: Wrote;
}

async function putAllBack(
  outside: EntityOutside,
  by: AccountPrincipal,
  blueprint: ReachedBlueprint,
  { tx, run, wrote }: Back,
): Promise<{ back: { id: string }[]; problems: Problem[] }> {
  const back: { id: string }[] = [];
  const problems: Problem[] = [];
  const at = new Date(outside.clock.now());
  const seenOf = versionsOf(tx, blueprint);
  for await (const rows of leftBy(tx, blueprint, run)) {
    const leftAs = new Map(rows.map((row) => [row.id, row]));
    const decide = oneByOne((seen) => asBefore(seen, leftAs.get(seen.entity.id), { wrote, at }));
    const decided = await decideAll(tx, { by, at }, blueprint, await seenOf(rows), decide);
    const wanted = decided.flatMap(({ change }) => change ?? []);
    const taken = await takenOf(tx, blueprint, wanted);
    const changes = wanted.filter(({ id }) => !taken.has(id));
    const written = await changeEntities(tx, { blueprint: blueprint.id }, changes, { by: by.account, at });
    if (written?.size !== changes.length)
      throw new Refusal(
        "conflict",
        told((say) => say.someChanged),
      );
    back.push(...changes.map(({ id }) => ({ id })));
    for (const one of decided) {
      if (one.change === undefined && one.problem !== undefined) problems.push(one.problem);
      if (taken.has(one.entity.id)) problems.push(problemOf(one, anotherUnique, by));
    }
  }
  return { back, problems };
}

function asBefore({ blueprint, entity, fields }: SeenEntity, left: Left | undefined, { wrote, at }: { wrote: Wrote; at: Date }): Rewritten {
  if (left === undefined) throw new Error("what is put back was read before");
  if (wrote === "place") {
    requireWhole(blueprint, entity);
    const kind = left.kind === "trash" ? "restore" : "trash";
    return { kind, content: left.content, trashedAt: kind === "trash" ? at : null, written: new Set() };
  }
  const touched = new Set([...Object.keys(left.before), ...Object.keys(left.after)]);
  if (wrote === "values") requireWithin(blueprint, fields, entity, touched, "values");
  const stay = Object.entries(left.content).filter(([field]) => !touched.has(field));
  const content: StoredValues = Object.fromEntries([...stay, ...Object.entries(left.before)]);
  return { kind: "change", content, trashedAt: null, ...(wrote === "values" ? { written: touched } : {}) };
}
