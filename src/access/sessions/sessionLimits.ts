import type { Permission } from "../permissions.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** auth.md: how long a session lasts in all, however often it is refreshed, and how long without anything done; less for whoever manages people. */
export function sessionLimits(permissions: ReadonlySet<Permission>): { longestMs: number; idleMs: number } {
  return permissions.has("people.manage") ? { longestMs: 24 * hourMs, idleMs: 30 * minuteMs } : { longestMs: 36 * hourMs, idleMs: hourMs };
}
