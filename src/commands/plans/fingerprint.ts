import { createHmac } from "node:crypto";
import { acceptedKeys, type Keys } from "../../access/keys/keys.ts";
import type { Plan } from "../../protocol/commands.ts";
import type { Args, Command } from "../command.ts";

/** Which command with which arguments. With a key, because the arguments may hold a password that could be guessed from a plain hash. */
export function fingerprint(keys: Pick<Keys, "requests">, command: Pick<Command, "name">, args: Args): Buffer {
  return mark(keys, [command.name, sorted(args)]);
}

/** Also by the key of before, while both count. */
export function isSameRequest(keys: Keys, command: Pick<Command, "name">, args: Args, stored: Buffer): boolean {
  return acceptedKeys(keys, "requests").some((requests) => fingerprint({ requests }, command, args).equals(stored));
}

export interface Planned {
  command: Pick<Command, "name">;
  args: Args;
  /** Whose plan it is: nobody runs another's. */
  account: string;
  plan: Plan;
}

/**
 * The plan as a whole: the command, its arguments, who asks, and what it saw of the world. What a change comes to (`after`) follows from those, and
 * may have a clock's or a sequence's values in it: where it doesn't follow, it is one of the facts.
 */
export function planMark(keys: Pick<Keys, "requests">, { command, args, account, plan }: Planned): Buffer {
  const changes = plan.changes.map(({ after: _, ...change }) => change);
  return mark(keys, ["plan", command.name, sorted(args), account, changes, sorted(plan.facts)]);
}

export function isSamePlan(keys: Keys, planned: Planned, stored: Buffer): boolean {
  return acceptedKeys(keys, "requests").some((requests) => planMark({ requests }, planned).equals(stored));
}

function sorted(values: Readonly<Record<string, unknown>>) {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

function mark(keys: Pick<Keys, "requests">, what: unknown): Buffer {
  return createHmac("sha256", keys.requests).update(JSON.stringify(what)).digest();
}
