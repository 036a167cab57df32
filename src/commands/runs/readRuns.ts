import { validate as isId } from "uuid";
import { wholeBlueprints } from "../../access/policy.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { TenantSql } from "../../platform/database/database.ts";
import type { ListRequest } from "../../platform/lists/listSql.ts";
import type { Platform } from "../../platform/platform.ts";
import type { RunAnswer, RunItem, RunStory } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { whyNotDecide } from "../approvals/approvalRules.ts";
import { listApprovers, listDecisions } from "../approvals/approvalStore.ts";
import { mayRun } from "../execute.ts";
import { listEffects } from "./effectStore.ts";
import { answerOf, itemOf } from "./runAnswer.ts";
import { findRun, listRuns, type Sight } from "./runListStore.ts";
import { commandOf, type RunOutside } from "./runOutside.ts";
import { stateNow, verbsOf, whyNotUndo } from "./runRules.ts";
import type { StoredRun } from "./runStore.ts";

/**
 * Whose runs this principal may see. What waits for a role or a permission, whoever has it sees; a key sees what it asked for itself: the answers that
 * its maker got may be of more than its scopes. Arguments, plans and answers about entities are told to who may see all of that blueprint's.
 */
export function sightOf({ account, kind, key, roles, permissions, grants }: AccountPrincipal): Sight {
  const standing = [...roles.map((role) => `role:${role}`), ...[...permissions].map((permission) => `permission:${permission}`)];
  return {
    account,
    key: key?.id,
    standing: kind === "apiKey" ? [] : standing,
    all: permissions.has("runs.read"),
    blueprints: wholeBlueprints({ grants }),
  };
}

export function noRun(): Refusal {
  return new Refusal("not_found", "There is no such run.", { path: "id" });
}

/** The runs that this principal may see, the newest first where nothing else is asked. Refusals: `invalid_value` with the path of what doesn't fit. */
export async function runsOf(
  { database, clock }: { database: Pick<Platform["database"], "forTenant">; clock: Platform["clock"] },
  principal: AccountPrincipal,
  request: ListRequest,
): Promise<{ items: RunAnswer[]; nextCursor: string | null }> {
  const sql = database.forTenant(principal.tenant);
  const { rows, nextCursor } = await listRuns(sql, sightOf(principal), request, clock.now());
  return { items: rows.map((run) => answerOf(run, clock.now())), nextCursor };
}

const shown = 50;

/** The newest of them, for a list that is live. */
export async function newestRuns(
  { database, clock }: { database: Pick<Platform["database"], "forTenant">; clock: Platform["clock"] },
  principal: AccountPrincipal,
): Promise<RunItem[]> {
  const sql = database.forTenant(principal.tenant);
  const newest = { limit: shown, cursor: undefined, sort: undefined, filter: undefined };
  const { rows } = await listRuns(sql, sightOf(principal), newest, clock.now());
  return rows.map((run) => itemOf(run, clock.now()));
}

/** The run as it is stored, for whoever may see it. Refusal `not_found`, also for a run of somebody else. */
export async function storedRun(sql: Pick<TenantSql, "query">, principal: AccountPrincipal, id: string): Promise<StoredRun> {
  const run = isId(id) ? await findRun(sql, sightOf(principal), id) : undefined;
  if (run === undefined) throw noRun();
  return run;
}

/** One run with its plan, who decided, what it did outside, and what the reader may do with it. Refusal `not_found`. */
export async function storyOf(
  { database, clock, registry }: Pick<RunOutside, "database" | "clock" | "registry">,
  principal: AccountPrincipal,
  id: string,
): Promise<RunStory> {
  const sql = database.forTenant(principal.tenant);
  const run = await storedRun(sql, principal, id);
  const [people, decided, effects] = await Promise.all([listApprovers(sql), listDecisions(sql, id), listEffects(sql, id)]);
  const now = clock.now();
  const state = stateNow(run, now);
  const me = people.find(({ account }) => account === principal.account);
  const command = await commandOf({ registry }, principal.tenant, run.command);
  const person = principal.kind === "account";
  const waiting = { requester: run.account, rules: run.approval ?? [], decided };
  return {
    ...answerOf(run, now),
    plan: run.plan,
    decisions: decided.map(({ account: _, ...decision }) => decision),
    effects,
    may: verbsOf(state, {
      own: run.account === principal.account,
      mayRun: command !== undefined && mayRun(command, principal),
      mayDecide: person && me !== undefined && whyNotDecide(waiting, me) === undefined,
      mayBreakGlass: person && principal.permissions.has("runs.break-glass"),
      undoable: whyNotUndo({ ...run, state, hasUndo: run.undo !== null }, now) === undefined,
    }),
  };
}
