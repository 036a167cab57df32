import { every } from "../platform/clock/clock.ts";
import type { Platform } from "../platform/platform.ts";
import { listCalendars, type StoredCalendar } from "./calendarStore.ts";
import type { RunningTimer, ServiceLevel, StoredTimer, Track } from "./serviceStore.ts";
import * as store from "./serviceStore.ts";
import { dueOf, type EndedClock, type ServiceKind, type ServiceStory, serviceKinds, tellService } from "./serviceStory.ts";

export interface ServiceDependencies extends Pick<Platform, "database" | "bus" | "clock" | "log"> {
  /** A note to the agents, once for each key. */
  note: (conversation: { tenant: string; id: string }, key: string, text: string) => Promise<void>;
  /** Whoever shows the conversation reads it again. */
  changed: (tenant: string, conversation: string) => void;
}

/** A promise to a conversation is nearly broken, or is: for whoever tells people of it. */
export function serviceSubject(tenant: string): string {
  return `tenant.${tenant}.service`;
}

const sweepEveryMs = 2000;
const atOnce = 200;
/** At its start, a process looks so far back for what nobody followed. */
const lookBackSeconds = 24 * 3600;

/** Follows what happens to conversations, warns before a promise is broken and escalates after. Any number of processes may do it. */
export function startServiceLevels(deps: ServiceDependencies): () => void {
  const { database, clock, log } = deps;
  let since = Math.floor(clock.now() / 1000 - lookBackSeconds);
  const sweep = async () => {
    const tenants = await store.tenantsWithServiceLevels(database.acrossTenants);
    if (tenants.length === 0) return;
    const begun = Math.floor(clock.now() / 1000);
    // A statement may commit its deadline after its `touched`.
    const changed = await store.unfollowed(database.acrossTenants, tenants, Math.floor((since - 30) / 10), atOnce);
    const due = await store.dueTracks(database.acrossTenants, atOnce);
    const wanted = new Map([...changed, ...due].map((each) => [each.conversation, each]));
    for (const { tenant, conversation } of wanted.values()) await followConversation(deps, tenant, conversation);
    if (changed.length < atOnce) since = begun;
  };
  return every(clock, sweepEveryMs, sweep, (error) =>
    log.warn({ error: error instanceof Error ? error.message : "unknown" }, "could not follow the service levels"),
  );
}

/** Brings what is promised to one conversation up to its history, and tells what is due. Repeating it tells nothing twice. */
async function followConversation(deps: ServiceDependencies, tenant: string, conversation: string): Promise<void> {
  const sql = deps.database.forTenant(tenant);
  const [levels, calendars] = await Promise.all([store.listServiceLevels(sql), listCalendars(sql)]);
  const calendarOf = new Map(calendars.map((each) => [each.key, each]));
  const now = deps.clock.now();
  const followed = await sql.transaction(async (tx) => {
    const track = await store.lockTrack(tx, conversation);
    const level = levels.find(({ priority }) => priority === track?.conversation.priority);
    const calendar = calendarOf.get((level ?? levels[0])?.calendar ?? "");
    if (track === undefined || calendar === undefined) return undefined;
    const { story, ended } = retell(track, await store.happeningsSince(tx, conversation, track), calendar, now);
    const running = level === undefined ? [] : runningOf(story, level, calendar);
    const timers = await store.saveTimers(tx, conversation, running, ended);
    const told = tellable(running, timers);
    await store.saveTrack(tx, conversation, track, story, soonest(running), nextLook(told, now));
    const shows = soonest(running);
    const seen = shows?.kind !== (track.shown.kind ?? undefined) || (shows?.dueAt ?? null) !== track.shown.dueAt;
    return { track, level, calendar, due: told, seen };
  });
  if (followed === undefined) return;
  for (const each of followed.due)
    if (followed.level !== undefined) await tellDue(deps, tenant, conversation, { ...followed, level: followed.level }, each, now);
  if (followed.seen) deps.changed(tenant, conversation);
}

function retell(
  track: Track,
  happenings: Awaited<ReturnType<typeof store.happeningsSince>>,
  calendar: StoredCalendar,
  now: number,
): { story: ServiceStory; ended: EndedClock[] } {
  const ended: EndedClock[] = [];
  let { story } = track;
  const { snoozed } = track.conversation;
  // When it was put aside stands nowhere: it is seen within a sweep.
  const aside = snoozed === story.snoozed ? [] : [{ at: now, what: snoozed ? ("snoozed" as const) : ("woke" as const) }];
  for (const happening of [...happenings, ...aside]) {
    const told = tellService(story, happening, calendar);
    story = told.story;
    ended.push(...told.ended);
  }
  return { story, ended };
}

function runningOf(story: ServiceStory, level: ServiceLevel, calendar: StoredCalendar): RunningTimer[] {
  return serviceKinds.flatMap((kind) => {
    const clock = story.clocks[kind];
    const minutes = minutesOf(level, kind);
    if (clock === undefined || minutes === null) return [];
    const due = dueOf(clock, { promiseMs: minutes * 60_000, warnPercent: level.warnPercent }, calendar);
    return [{ kind, begunAt: clock.begunAt, dueAt: due?.dueAt ?? null, warnAt: due?.warnAt ?? null }];
  });
}

export function minutesOf(level: ServiceLevel, kind: ServiceKind): number | null {
  return kind === "first" ? level.firstMinutes : kind === "next" ? level.nextMinutes : level.resolutionMinutes;
}

/** A running promise, and what nobody was told of it so far. */
interface Tellable extends RunningTimer {
  warned: boolean;
  breached: boolean;
}

function tellable(running: readonly RunningTimer[], timers: readonly StoredTimer[]): Tellable[] {
  return running.map((each) => {
    const stored = timers.find(({ kind, begunAt }) => kind === each.kind && begunAt.getTime() === each.begunAt);
    const breached = stored?.breachedAt != null;
    return { ...each, breached, warned: breached || stored?.warnedAt != null };
  });
}

function soonest(running: readonly RunningTimer[]): RunningTimer | undefined {
  return running.filter(({ dueAt }) => dueAt !== null).sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))[0];
}

/** When something is to be told that isn't told in this look: what is due now is told after the commit, and looked at again if that fails. */
function nextLook(told: readonly Tellable[], now: number): number | null {
  const times = told.flatMap(({ warnAt, dueAt, warned, breached }) => [...(warned ? [] : [warnAt]), ...(breached ? [] : [dueAt])]);
  const open = times.filter((time) => time !== null);
  return open.length === 0 ? null : Math.max(Math.min(...open), now + 1000);
}

async function tellDue(
  deps: ServiceDependencies,
  tenant: string,
  conversation: string,
  { track, level, calendar }: { track: Track; level: ServiceLevel; calendar: StoredCalendar },
  each: Tellable,
  now: number,
): Promise<void> {
  const { kind, dueAt, warnAt, begunAt } = each;
  if (dueAt === null || warnAt === null) return;
  const what = now >= dueAt ? "breached" : "warned";
  if (each[what] || (what === "warned" && now < warnAt)) return;
  const sql = deps.database.forTenant(tenant);
  const ref = { tenant, id: conversation };
  const by = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short", timeZone: calendar.timeZone }).format(dueAt);
  const lines =
    what === "warned"
      ? [`Service level: ${serviceWords[kind]} is due by ${by} (${calendar.timeZone}); ${level.warnPercent} % of the time has passed.`]
      : [`Service level breached: ${serviceWords[kind]} was due by ${by} (${calendar.timeZone}).`];
  if (what === "breached") {
    const { raiseTo, moveTo } = level;
    if (raiseTo !== null && (await store.raisePriority(sql, conversation, raiseTo)))
      lines.push(`Its priority is ${priorityNames[raiseTo]} now.`);
    if (moveTo !== null && track.conversation.team !== moveTo && (await store.moveToTeam(sql, conversation, moveTo)))
      lines.push(`It waits for the team ${moveTo} now.`);
  }
  await deps.note(ref, `s:${kind}:${begunAt}:${what}`, lines.join(" "));
  await store.markTold(sql, conversation, each, what);
  deps.bus.publish(serviceSubject(tenant), { conversation, kind, what, dueAt: new Date(dueAt).toISOString() });
  if (lines.length > 1) deps.bus.publish(`tenant.${tenant}.queue`, {});
}

export const serviceWords: Record<ServiceKind, string> = {
  first: "the first answer",
  next: "the next answer",
  resolution: "the resolution",
};
export const priorityNames: Record<number, string> = { 1: "urgent", 2: "high", 3: "normal", 4: "low" };
