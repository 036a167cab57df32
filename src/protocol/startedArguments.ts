import { isRecord } from "./isSame.ts";

/** The key of the field whose value an argument is; undefined for one that is said. */
export function fieldOfArgument(said: unknown): string | undefined {
  if (!isRecord(said)) return undefined;
  const { field, ...more } = said;
  return typeof field === "string" && Object.keys(more).length === 0 ? field : undefined;
}
