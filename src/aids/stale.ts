import { Refusal } from "../protocol/refusal.ts";

/**
 * Whoever names the version that they saw is refused where it is another one by now and one of their values would replace another.
 * The refusal tells both: theirs in words, and all that stands now in `current`.
 */
export function refuseStale(
  seen: unknown,
  current: Readonly<Record<string, unknown>> & { version: number },
  changes: Readonly<Record<string, unknown>>,
): void {
  if (seen === undefined || seen === current.version) return;
  const conflict = Object.entries(changes).find(([key, value]) => (current[key] ?? null) !== (value ?? null));
  if (conflict === undefined) return;
  const [key, value] = conflict;
  throw new Refusal(
    "stale",
    `“${key}” was changed meanwhile: it is ${inWords(current[key])} now, yours is ${inWords(value)}. Save again to replace it.`,
    { path: `args.${key}`, current: { ...current } },
  );
}

function inWords(value: unknown): string {
  return value === null || value === undefined || value === "" ? "empty" : `“${String(value).slice(0, 120)}”`;
}
