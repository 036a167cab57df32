import { expect, it } from "vitest";
import type { Calendar } from "../../src/routing/calendar.ts";
import { readSpans } from "../../src/routing/calendarText.ts";
import { dueOf, type EndedClock, type Happening, noStory, type ServiceStory, tellService } from "../../src/routing/serviceStory.ts";

/** A Monday to Friday of 9 to 12 and 13 to 17, UTC. 2026-11-20 is a Friday. */
const office: Calendar = { timeZone: "UTC", spans: readSpans("mon-fri 9:00-12:00 13:00-17:00", "spans"), holidays: [] };
const minute = 60_000;

/** `20 9:00 queue` is the 20th, at 9:00, into the queue. */
function happening(text: string): Happening {
  const [day = "", time = "", what = ""] = text.split(" ");
  const at = Date.parse(`2026-11-${day}T${time.padStart(5, "0")}:00Z`);
  if (what === "bot" || what === "queue" || what === "taken") return { at, what: "control", to: what === "taken" ? "agent" : what };
  if (what === "visitor" || what === "agent" || what === "snoozed" || what === "woke") return { at, what };
  throw new Error(`what is ${what}?`);
}

function tell(history: string[]): { story: ServiceStory; ended: EndedClock[] } {
  let story = noStory;
  const ended: EndedClock[] = [];
  for (const line of history) {
    const told = tellService(story, happening(line), office);
    story = told.story;
    ended.push(...told.ended);
  }
  return { story, ended };
}

it.each<[string, string[], string[]]>([
  ["a bot that answers alone promises nothing", ["20 9:00 visitor", "20 9:05 bot"], []],
  [
    "the first answer counts from the queue, not from the bot's time",
    ["20 9:00 visitor", "20 10:00 queue", "20 10:10 taken", "20 10:12 agent"],
    ["first 12"],
  ],
  ["what the visitor writes meanwhile begins nothing else", ["20 9:00 queue", "20 9:02 visitor", "20 9:05 agent"], ["first 5"]],
  ["over noon only open time counts", ["20 11:50 queue", "20 13:10 agent"], ["first 20"]],
  ["over a week-end too", ["20 16:50 queue", "23 9:05 agent"], ["first 15"]],
  ["asked outside the hours it counts from the opening", ["21 11:00 queue", "23 9:07 agent"], ["first 7"]],
  [
    "each next answer counts from the first message that waits",
    ["20 9:00 queue", "20 9:01 agent", "20 9:10 visitor", "20 9:12 visitor", "20 9:15 agent"],
    ["first 1", "next 5"],
  ],
  ["a second message of the agent answers nothing", ["20 9:00 queue", "20 9:01 agent", "20 9:02 agent"], ["first 1"]],
  [
    "the resolution stands still while the visitor is awaited",
    ["20 9:00 queue", "20 9:10 agent", "20 11:00 visitor", "20 11:05 agent", "20 11:30 bot"],
    ["first 10", "next 5", "resolution 15"],
  ],
  ["a transfer begins nothing anew", ["20 9:00 queue", "20 9:03 taken", "20 9:04 queue", "20 9:06 taken", "20 9:08 agent"], ["first 8"]],
  ["who leaves the queue got no answer", ["20 9:00 queue", "20 9:30 bot"], ["first -", "resolution 30"]],
  [
    "who comes back after the end begins anew",
    ["20 9:00 queue", "20 9:05 agent", "20 9:10 bot", "20 10:00 visitor", "20 10:01 queue", "20 10:03 agent"],
    ["first 5", "resolution 5", "first 2"],
  ],
  [
    "an agent who reopens is not promised a first answer",
    ["20 9:00 queue", "20 9:05 agent", "20 9:10 bot", "23 9:00 taken", "23 9:20 agent", "23 9:30 bot"],
    ["first 5", "resolution 5", "resolution 20"],
  ],
  [
    "an agent who takes it from the bot neither, but each next one",
    ["20 9:00 visitor", "20 9:05 taken", "20 9:06 visitor", "20 9:10 agent"],
    ["next 4"],
  ],
  [
    "snoozed, everything stands still",
    ["20 9:00 queue", "20 9:05 taken", "20 9:10 snoozed", "20 11:00 woke", "20 11:05 agent"],
    ["first 15"],
  ],
  [
    "a visitor who writes into a snooze waits from its end",
    ["20 9:00 queue", "20 9:05 agent", "20 9:10 snoozed", "20 9:30 visitor", "20 10:00 woke", "20 10:05 agent"],
    ["first 5", "next 5"],
  ],
])("%s", (_, history, expected) => {
  const took = ({ kind, tookMs }: EndedClock) => `${kind} ${tookMs === null ? "-" : tookMs / minute}`;
  expect(tell(history).ended.map(took)).toEqual(expected);
});

it.each<[string, string[], string, string | undefined, string | undefined]>([
  ["within a span", ["20 9:00 queue"], "first", "2026-11-20T10:00Z", "2026-11-20T09:48Z"],
  ["over noon", ["20 11:30 queue"], "first", "2026-11-20T13:30Z", "2026-11-20T13:18Z"],
  ["over the week-end", ["20 16:30 queue"], "first", "2026-11-23T09:30Z", "2026-11-23T09:18Z"],
  [
    "after a pause of its own, what is left",
    ["20 9:00 queue", "20 9:20 agent", "20 11:00 visitor"],
    "resolution",
    "2026-11-20T11:40Z",
    "2026-11-20T11:28Z",
  ],
  ["not while it stands still", ["20 9:00 queue", "20 9:20 agent"], "resolution", undefined, undefined],
  [
    "at once where all of it is spent",
    ["20 9:00 queue", "20 11:00 agent", "20 13:00 visitor"],
    "resolution",
    "2026-11-20T13:00Z",
    "2026-11-20T13:00Z",
  ],
])("an hour is due %s", (_, history, kind, dueAt, warnAt) => {
  const { clocks } = tell(history).story;
  const clock = kind === "first" ? clocks.first : clocks.resolution;
  const due = clock && dueOf(clock, { promiseMs: 60 * minute, warnPercent: 80 }, office);
  const shown = (at: number | undefined) => at && new Date(at).toISOString().replace(":00.000Z", "Z");
  expect([shown(due?.dueAt), shown(due?.warnAt)]).toEqual([dueAt, warnAt]);
});
