import type { RoleLimit } from "../../src/protocol/people.ts";
import { Refusal } from "../../src/protocol/refusal.ts";

/** A limit as the form has it: null is all fields, also those that come; what is read is written where nothing else is said. */
export interface LimitDraft {
  read: string[] | null;
  write: string[] | null;
  records: "own" | "team" | "all";
  filter: string;
}

export function draftOf({ read, write, records = "all", filter }: RoleLimit = {}): LimitDraft {
  return { read: read ?? null, write: write ?? null, records, filter: filter === undefined ? "" : JSON.stringify(filter) };
}

/** The limit to be saved; nothing where there is none. Refusal `invalid_value` for a filter that is no JSON. */
export function limitIn(key: string, { read, write, records, filter }: LimitDraft): RoleLimit | undefined {
  const limit = {
    ...(read === null ? {} : { read }),
    ...(write === null ? {} : { write }),
    ...(records === "all" ? {} : { records }),
    ...(filter.trim() === "" ? {} : { filter: parsed(filter, `args.limits.${key}.filter`) }),
  };
  return Object.keys(limit).length === 0 ? undefined : limit;
}

/** The same with a field's box ticked or not: what isn't read isn't written. */
export function ticked(draft: LimitDraft, fields: readonly string[], of: "read" | "write", field: string, on: boolean): LimitDraft {
  const reads = draft.read ?? [...fields];
  const writes = draft.write ?? reads;
  const without = (list: readonly string[]) => list.filter((one) => one !== field);
  const withIt = (list: readonly string[]) => fields.filter((one) => one === field || list.includes(one));
  const read = on ? withIt(reads) : of === "read" ? without(reads) : reads;
  const write = of === "write" && on ? withIt(writes) : on && draft.write === null ? withIt(writes) : on ? writes : without(writes);
  const all = (list: readonly string[]) => fields.every((one) => list.includes(one));
  const same = write.length === read.length;
  return { ...draft, read: all(read) ? null : read, write: same ? null : write };
}

function parsed(filter: string, path: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(filter);
    if (typeof json === "object" && json !== null) return { ...json };
  } catch {
    // Told below.
  }
  throw new Refusal("invalid_value", 'The filter must be JSON like {"status": {"eq": "PENDING"}}.', { path });
}
