import { dayName } from "../../src/client/dayName.ts";
import type { Group } from "../chat/grouping.ts";
import { language } from "../texts/texts.ts";

/** The line between two days, above the first of what was said on one. */
export function Day({ group, before, now }: { group: Group; before: Group | undefined; now: number }) {
  const [{ at }] = group.messages;
  const last = before?.messages.at(-1)?.at;
  if (last !== undefined && new Date(last).toDateString() === new Date(at).toDateString()) return null;
  return (
    <h3 class="day" dir="auto">
      {dayName(at, now, language)}
    </h3>
  );
}
