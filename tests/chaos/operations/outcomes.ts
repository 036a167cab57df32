import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type EndedRun, effectsOnce } from "../history/effects.ts";
import type { Violation } from "../history/violation.ts";
import { query } from "../processes/postgres.ts";
import { soon } from "../processes/until.ts";
import type { World } from "../world.ts";
import { people, type Shop } from "./shop.ts";

/** A process that is silent about its run for 60 s is taken for dead, and whoever looks does so every 15 s. */
const endedWithinMs = 90_000;

/** Waits until no run goes on and no mail is on its way. */
export async function operationsEnd(world: World): Promise<void> {
  await soon(
    endedWithinMs,
    async () => {
      const [row] = await query(
        world.databaseUrl,
        "select (select count(*)::int from run where state = 'running') + (select count(*)::int from mail_out where state = 'waiting') as left",
      );
      return row?.["left"] === 0;
    },
    200,
  );
}

export interface Outcomes {
  runs: EndedRun[];
  /** How many ended so. */
  count(state: string): number;
  violations: Violation[];
}

/** What became of every run of an operation, held against what the shop and the mailbox have. */
export async function outcomesOf(world: World, shop: Shop): Promise<Outcomes> {
  const rows = await query(
    world.databaseUrl,
    `select r.id, r.command, coalesce(r.args->>'marker', '') as marker, r.state, coalesce(r.error->>'message', '') as error,
       coalesce((select json_agg(json_build_object('step', e.step, 'state', e.state, 'check', e.to_check))
         from run_effect e where e.tenant_id = r.tenant_id and e.run_id = r.id::text), '[]') as effects
     from run r join operation o on o.tenant_id = r.tenant_id and o.name = r.command`,
  );
  const runs = rows.map(
    ({ id, command, marker, state, error, effects }): EndedRun => ({
      id: String(id),
      command: String(command),
      marker: String(marker),
      state: String(state),
      error: String(error),
      effects: Array.isArray(effects) ? effects : [],
    }),
  );
  const seen = new Map([...(await shop.payments()), ...(await mailsBySubject(world))]);
  return { runs, count: (state) => runs.filter((run) => run.state === state).length, violations: effectsOnce(runs, seen, expected) };
}

function expected({ command, marker }: EndedRun): string[] {
  if (command === "letters") return Array.from({ length: people }, (_, index) => `${marker}-${index + 1}`);
  // What it renames, its row counts.
  return marker === "" || command === "rename" ? [] : [marker];
}

/** The development mailbox is the outside of a mail: every process of the row writes there what it sends. */
async function mailsBySubject({ dataDir }: World): Promise<Map<string, number>> {
  const folder = join(dataDir, "mailbox");
  const seen = new Map<string, number>();
  for (const name of await readdir(folder).catch(() => [])) {
    const [, subject] = /^Subject: (.*)$/m.exec(await readFile(join(folder, name), "utf8")) ?? [];
    if (subject !== undefined && /^(letter|all)-/.test(subject)) seen.set(subject.trim(), (seen.get(subject.trim()) ?? 0) + 1);
  }
  return seen;
}
