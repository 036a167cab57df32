import type { Database } from "../database/database.ts";
import { type Choosing, type TakenJob, takeReady } from "./jobLeaseStore.ts";
import type { JobRunner } from "./jobRunner.ts";
import type { JobKind } from "./jobs.ts";

/** Goes around the tenants: where the last round ended, the next begins. */
export class Round {
  readonly #after = new Map<string, string>();

  /** Chooses behind the tenant that came last, then from the first on. Answers in the order in which they are due. */
  async choose<Chosen extends { tenant: string; dueAt: Date }>(
    { kind, perTenant }: Pick<JobKind, "kind" | "perTenant">,
    limit: number,
    choose: (choosing: Choosing) => Promise<Chosen[]>,
  ): Promise<Chosen[]> {
    const after = this.#after.get(kind);
    const chosen = await choose({ kind, perTenant, limit, after });
    if (after !== undefined && chosen.length < limit)
      chosen.push(...(await choose({ kind, perTenant, limit: limit - chosen.length, after: undefined })));
    const last = chosen
      .map(({ tenant }) => tenant)
      .sort()
      .at(-1);
    if (last === undefined || chosen.length < limit) this.#after.delete(kind);
    else this.#after.set(kind, last);
    return chosen.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  }
}

export interface Taking {
  database: Pick<Database, "acrossTenants">;
  runner: JobRunner;
  holder: string;
  look(kind: JobKind): void;
}

/** Takes as many as this process has room for straight from the database, and begins them. Answers whether there may be more. */
export async function takeJobs({ database, runner, holder, look }: Taking, round: Round, kind: JobKind): Promise<boolean> {
  const room = runner.free(kind);
  if (room === 0) return true;
  const take = (choosing: Choosing): Promise<TakenJob[]> => takeReady(database.acrossTenants, choosing, holder, runner.leaseSeconds);
  const taken = await round.choose(kind, room, take);
  for (const job of taken) void runner.run(kind, job).then(() => look(kind));
  return taken.length === room;
}
