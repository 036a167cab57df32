import { Refusal } from "../../src/protocol/refusal.ts";
import { runCommand, sentence } from "../commands/run.ts";

/** What came of a change: `stale` has what stands there now, for the person to choose. */
export type Change = { kind: "saved" } | { kind: "stale"; theirs: unknown } | { kind: "refused"; text: string };

/** Which command changes something, of what, and from which version. */
export interface Changeable {
  command: "contact.update" | "conversation.update";
  id: string;
  version: number;
}

/**
 * Saves one value under its argument: `phone`, or `fields.plan`. Where another value of the same thing was changed meanwhile, this one is
 * saved on top of it; where it was this one, nothing is overwritten.
 */
export async function saveValue({ command, id, version }: Changeable, path: string, before: unknown, value: unknown): Promise<Change> {
  const subject = command === "contact.update" ? "contact" : "conversation";
  const args = path.startsWith("fields.") ? { fields: { [path.slice("fields.".length)]: value } } : { [path]: value };
  try {
    await runCommand(command, { [subject]: id, ...args, version });
    return { kind: "saved" };
  } catch (error) {
    if (!(error instanceof Refusal)) return { kind: "refused", text: sentence(error) };
    const now = error.code === "stale" ? error.current : undefined;
    if (now === undefined) return { kind: "refused", text: error.message };
    const theirs = now[path] ?? null;
    if (!same(theirs, before)) return { kind: "stale", theirs };
    return await saveValue({ command, id, version: Number(now["version"]) }, path, before, value);
  }
}

/** Empty, missing and null are the same: nothing stands there. */
function same(a: unknown, b: unknown): boolean {
  return (a ?? "") === (b ?? "");
}
