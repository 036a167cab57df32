import { validate as isId, v7 as newId } from "uuid";
import { z } from "zod";
import { actorOf, audit } from "../../access/audit/audit.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import { requireConversation } from "../../access/roles/reachStore.ts";
import { readTenant } from "../../access/tenants/tenantStore.ts";
import { checkedTimeZone } from "../../access/tenants/tenantValues.ts";
import { checkArguments } from "../../commands/arguments.ts";
import { mayRun } from "../../commands/execute.ts";
import { type Sql, sqlState } from "../../platform/database/database.ts";
import { addJob } from "../../platform/jobs/jobs.ts";
import { inShape } from "../../protocol/inShape.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { ScheduleAnswer } from "../../protocol/schedules.ts";
import type { MessageOutside } from "../messages/reaching.ts";
import { deleteSchedule, insertSchedule, lockSchedule, type StoredSchedule, saveSchedule } from "./scheduleStore.ts";
import { peopleOf } from "./tellAnswer.ts";
import { readWhen, timesOf } from "./when.ts";

export const scheduleKind = "schedule.run";
const mostSchedules = 200;
const longestName = 100;

const place = z.string().min(1).max(300);
const answerShape = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("nothing") }),
  z.strictObject({ by: z.enum(["mail", "notice"]), to: z.array(place).min(1, "somebody must get it").max(20, "20 places are the most") }),
  z.strictObject({ by: z.literal("note"), conversation: z.string().max(60) }),
]);

export type ScheduleOutside = Omit<MessageOutside, "reaching">;

/** As somebody wrote it; what is left out stays as it was. */
export interface ScheduleDraft {
  name?: string;
  operation?: string;
  args?: unknown;
  when?: string;
  timeZone?: string;
  answer?: unknown;
  onlyRows?: boolean;
  seen?: number;
}

/** It runs as whoever makes it, from its next time on. Refusals: `invalid_value` with the field, `conflict` for a name that is taken. */
export async function createSchedule(outside: ScheduleOutside, by: AccountPrincipal, draft: ScheduleDraft): Promise<string> {
  const { timeZone } = await readTenant(outside.database.acrossTenants, by.tenant);
  const begun: StoredSchedule = {
    id: newId(),
    name: "",
    operation: "",
    args: {},
    spoken: "",
    pattern: "",
    timeZone,
    answer: { by: "nothing" },
    onlyRows: true,
    ...whose(by),
    state: "active",
    reason: null,
    version: 1,
  };
  const schedule = await checked(outside, by, begun, draft);
  const now = new Date(outside.clock.now());
  await changing(outside, by, "schedule.create", schedule, async (tx) => {
    const nextAt = nextOf(schedule, now);
    if (!(await insertSchedule(tx, schedule, { nextAt, by: by.name, at: now, most: mostSchedules })))
      throw new Refusal("conflict", `${mostSchedules} schedules are the most.`);
    await addNext(tx, schedule, nextAt);
  });
  return schedule.id;
}

/**
 * Changes a schedule. It runs as whoever changed it: nobody lets something be done with another's rights. From the save on the new version counts;
 * what was due of the one before is not done. Refusals: as above, `not_found`, `stale`.
 */
export async function updateSchedule(outside: ScheduleOutside, by: AccountPrincipal, id: string, draft: ScheduleDraft): Promise<void> {
  const before = await outside.database.forTenant(by.tenant).transaction((tx) => held(tx, by, id));
  const schedule = await checked(outside, by, { ...before, ...whose(by) }, draft);
  await renew(outside, by, "schedule.update", { ...schedule, version: draft.seen ?? before.version });
}

/** Stops it, or lets it go on from its next time. Refusals: `not_found`, `conflict` where it is so. */
export async function switchSchedule(
  outside: ScheduleOutside,
  by: AccountPrincipal,
  id: string,
  state: "active" | "paused",
): Promise<void> {
  const before = await outside.database.forTenant(by.tenant).transaction((tx) => held(tx, by, id));
  if (before.state === state) throw new Refusal("conflict", state === "paused" ? "It is paused already." : "It runs already.");
  const next = state === "active" ? await checked(outside, by, { ...before, ...whose(by) }, {}) : before;
  await renew(outside, by, state === "paused" ? "schedule.pause" : "schedule.resume", { ...next, state, reason: null });
}

/** With its history. Refusal `not_found`. */
export async function removeSchedule(outside: ScheduleOutside, by: AccountPrincipal, id: string): Promise<void> {
  await changing(outside, by, "schedule.delete", { id }, async (tx) => {
    await held(tx, by, id);
    await deleteSchedule(tx, id);
  });
}

/** Whoever makes operations sees all, the others their own. Refusal `not_found`. */
async function held(tx: Sql, by: AccountPrincipal, id: string): Promise<StoredSchedule> {
  const found = isId(id) ? await lockSchedule(tx, id) : undefined;
  if (found === undefined || (found.account !== by.account && !by.permissions.has("operations.manage")))
    throw new Refusal("not_found", "There is no such schedule.", { path: "schedule" });
  return found;
}

async function renew(outside: ScheduleOutside, by: AccountPrincipal, action: string, schedule: StoredSchedule): Promise<void> {
  const now = new Date(outside.clock.now());
  await changing(outside, by, action, schedule, async (tx) => {
    const current = await held(tx, by, schedule.id);
    if (current.version !== schedule.version)
      throw new Refusal("stale", "Somebody changed it first; look at it again.", {
        path: "version",
        current: { version: current.version },
      });
    const nextAt = schedule.state === "active" ? nextOf(schedule, now) : null;
    await saveSchedule(tx, schedule, { nextAt, by: by.name, at: now });
    if (nextAt !== null) await addNext(tx, { id: schedule.id, version: schedule.version + 1 }, nextAt);
  });
}

async function changing(
  { database }: ScheduleOutside,
  by: AccountPrincipal,
  action: string,
  { id, name }: { id: string; name?: string },
  work: (tx: Sql) => Promise<void>,
): Promise<void> {
  try {
    await database.forTenant(by.tenant).transaction(async (tx) => {
      await work(tx);
      const object = { kind: "schedule", id, ...(name === undefined ? {} : { name }) };
      await audit(tx, { tenant: by.tenant, actor: actorOf(by), action, object });
    });
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    throw new Refusal("conflict", `There is another schedule called "${name ?? ""}".`, { path: "name" });
  }
}

function nextOf({ pattern, timeZone }: StoredSchedule, now: Date): Date {
  const [next] = timesOf(pattern, timeZone, now, 1);
  if (next === undefined) throw new Refusal("invalid_value", "That never comes.", { path: "when" });
  return next;
}

/** Once for each version and time, whoever asks for it. */
export async function addNext(tx: Sql, { id, version }: Pick<StoredSchedule, "id" | "version">, at: Date): Promise<void> {
  const due = at.toISOString();
  await addJob(tx, { kind: scheduleKind, key: `${id}:${version}:${due}`, data: { schedule: id, version, due }, at });
}

function whose({ account, key }: AccountPrincipal): Pick<StoredSchedule, "account" | "key"> {
  return { account, key: key?.id ?? null };
}

async function checked(
  outside: ScheduleOutside,
  by: AccountPrincipal,
  before: StoredSchedule,
  draft: ScheduleDraft,
): Promise<StoredSchedule> {
  const name = (draft.name ?? before.name).trim();
  if (name === "" || name.length > longestName)
    throw new Refusal("invalid_value", "It needs a name, of 100 characters at most.", { path: "name" });
  const operation = (draft.operation ?? before.operation).trim().toLowerCase();
  const args = await checkedArgs(outside, by, operation, draft.args ?? before.args);
  const timeZone = checkedTimeZone(draft.timeZone ?? before.timeZone);
  const spoken = (draft.when ?? before.spoken).trim();
  const pattern = readWhen(spoken, timeZone, new Date(outside.clock.now()));
  const answer = await checkedAnswer(outside, by, draft.answer ?? before.answer);
  return { ...before, name, operation, args, timeZone, spoken, pattern, answer, onlyRows: draft.onlyRows ?? before.onlyRows };
}

async function checkedArgs(
  outside: ScheduleOutside,
  by: AccountPrincipal,
  operation: string,
  args: unknown,
): Promise<Record<string, unknown>> {
  const command = (await outside.commands(by.tenant)).find(operation);
  if (command?.source !== "operation" || !mayRun(command, by))
    throw new Refusal("invalid_value", `There is no published operation "${operation.slice(0, 60)}" that you may run.`, {
      path: "operation",
    });
  if (command.risk === "destructive")
    throw new Refusal("invalid_value", "What can't be taken back is confirmed by a person each time, not by a schedule.", {
      path: "operation",
    });
  const given = z.record(z.string(), z.unknown()).safeParse(args);
  if (!given.success) throw new Refusal("invalid_value", "Arguments are an object: the value of each by its name.", { path: "args" });
  try {
    return { ...checkArguments(command.args, given.data) };
  } catch (error) {
    // The operation's arguments are the value of one of this command's.
    throw error instanceof Refusal ? error.movedTo(`args.${error.path}`) : error;
  }
}

async function checkedAnswer(outside: ScheduleOutside, by: AccountPrincipal, written: unknown): Promise<ScheduleAnswer> {
  const answer = inShape(answerShape, written, "answer");
  if (answer.by === "mail" || answer.by === "notice") await peopleOf(outside, by, answer);
  if (answer.by === "note") {
    const gone = new Refusal("not_found", "There is no such conversation.", { path: "answer.conversation" });
    if (!isId(answer.conversation)) throw gone;
    await requireConversation(outside.database.forTenant(by.tenant), by, "conversations.answer", answer.conversation).catch(() => {
      throw gone;
    });
  }
  return answer;
}
