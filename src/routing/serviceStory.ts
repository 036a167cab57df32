import { addOpenTime, type Calendar, openTimeBetween } from "./calendar.ts";

/** What is promised to whoever waits for a person: the first answer, each next one, and the end of the matter. */
export const serviceKinds = ["first", "next", "resolution"] as const;
export type ServiceKind = (typeof serviceKinds)[number];

/** What happened to a conversation that a promise knows of. `at`: milliseconds since 1970. */
export type Happening = { at: number } & (
  | { what: "control"; to: "bot" | "queue" | "agent" }
  | { what: "visitor" | "agent" }
  | { what: "snoozed" | "woke" }
);

/** A promise that runs, or stands still while nothing can be done for it. Milliseconds. */
export interface ServiceClock {
  begunAt: number;
  /** Open time that it took before it stood still last. */
  spentMs: number;
  /** Null while it stands still. */
  runsSince: number | null;
}

/** Where a conversation stands with its promises. */
export interface ServiceStory {
  /** Whose turn it is; null while no person is wanted. */
  turn: "ours" | "theirs" | null;
  snoozed: boolean;
  clocks: Partial<Record<ServiceKind, ServiceClock>>;
}

/** A promise that is over. */
export interface EndedClock {
  kind: ServiceKind;
  begunAt: number;
  endedAt: number;
  /** Open time; null where it ended without what was promised: who waits left. */
  tookMs: number | null;
}

export const noStory: ServiceStory = { turn: null, snoozed: false, clocks: {} };

/**
 * The story with one more happening, and the promises that it ended. What the assistant says is no happening: it is nobody's answer.
 * - A person is wanted from the queue on: the first answer and the resolution begin. Where an agent takes or reopens by themselves, only the latter.
 * - An agent's message answers; then it is the visitor's turn, and the resolution stands still until they write: the next answer begins.
 * - Back to the assistant, or closed: everything ends. Whoever asks again begins anew; the time in between counts nowhere.
 */
export function tellService(
  story: ServiceStory,
  happening: Happening,
  calendar: Calendar,
): { story: ServiceStory; ended: readonly EndedClock[] } {
  const { at } = happening;
  switch (happening.what) {
    case "control":
      if (happening.to === "bot") return end(story, at, calendar);
      return { story: story.turn === null ? begin(happening.to, at) : story, ended: [] };
    case "visitor":
      return { story: visitorWrote(story, at), ended: [] };
    case "agent":
      return agentWrote(story, at, calendar);
    case "snoozed":
      return { story: { ...each(story, (clock) => halted(clock, at, calendar)), snoozed: true }, ended: [] };
    case "woke":
      return { story: woken({ ...story, snoozed: false }, at), ended: [] };
  }
}

/** When a running promise is due, and when it is to be warned of; undefined while it stands still, or where the calendar never gets there. */
export function dueOf(
  clock: ServiceClock,
  { promiseMs, warnPercent }: { promiseMs: number; warnPercent: number },
  calendar: Calendar,
): { dueAt: number; warnAt: number } | undefined {
  const { runsSince, spentMs } = clock;
  if (runsSince === null) return undefined;
  const dueAt = addOpenTime(calendar, runsSince, Math.max(0, promiseMs - spentMs));
  const warnAt = addOpenTime(calendar, runsSince, Math.max(0, (promiseMs * warnPercent) / 100 - spentMs));
  return dueAt === undefined || warnAt === undefined ? undefined : { dueAt, warnAt };
}

function begin(to: "queue" | "agent", at: number): ServiceStory {
  const clock = { begunAt: at, spentMs: 0, runsSince: at };
  return { turn: "ours", snoozed: false, clocks: to === "queue" ? { first: clock, resolution: clock } : { resolution: clock } };
}

function visitorWrote(story: ServiceStory, at: number): ServiceStory {
  if (story.turn === null) return story;
  const next = (story.clocks.first ?? story.clocks.next) ? {} : { next: { begunAt: at, spentMs: 0, runsSince: story.snoozed ? null : at } };
  return woken({ ...story, turn: "ours", clocks: { ...story.clocks, ...next } }, at);
}

function agentWrote(story: ServiceStory, at: number, calendar: Calendar): { story: ServiceStory; ended: EndedClock[] } {
  if (story.turn === null) return { story, ended: [] };
  const { first, next, resolution } = story.clocks;
  const ended = [
    ...(first === undefined ? [] : [over("first", first, at, calendar)]),
    ...(next === undefined ? [] : [over("next", next, at, calendar)]),
  ];
  const clocks = resolution === undefined ? {} : { resolution: halted(resolution, at, calendar) };
  return { story: { ...story, turn: "theirs", clocks }, ended };
}

/** Who waited for an answer got none; that the matter is over is what the resolution promised. */
function end(story: ServiceStory, at: number, calendar: Calendar): { story: ServiceStory; ended: EndedClock[] } {
  const ended = serviceKinds.flatMap((kind) => {
    const clock = story.clocks[kind];
    if (clock === undefined) return [];
    const done = over(kind, clock, at, calendar);
    return [kind === "resolution" ? done : { ...done, tookMs: null }];
  });
  return { story: noStory, ended };
}

function over(kind: ServiceKind, clock: ServiceClock, at: number, calendar: Calendar): EndedClock {
  return { kind, begunAt: clock.begunAt, endedAt: at, tookMs: halted(clock, at, calendar).spentMs };
}

function halted(clock: ServiceClock, at: number, calendar: Calendar): ServiceClock {
  if (clock.runsSince === null) return clock;
  return { ...clock, spentMs: clock.spentMs + openTimeBetween(calendar, clock.runsSince, at), runsSince: null };
}

/** Whatever stands still runs on, where it is our turn. */
function woken(story: ServiceStory, at: number): ServiceStory {
  if (story.snoozed || story.turn !== "ours") return story;
  return each(story, (clock) => ({ ...clock, runsSince: clock.runsSince ?? at }));
}

function each(story: ServiceStory, change: (clock: ServiceClock) => ServiceClock): ServiceStory {
  const clocks: ServiceStory["clocks"] = {};
  for (const kind of serviceKinds) {
    const clock = story.clocks[kind];
    if (clock !== undefined) clocks[kind] = change(clock);
  }
  return { ...story, clocks };
}
