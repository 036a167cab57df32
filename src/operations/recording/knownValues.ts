import { writeReference } from "../../protocol/reference.ts";
import { withNames } from "../sequences/tableRows.ts";

const mostValues = 20_000;
const deepest = 6;

/** Where each value stands in what the steps before answered. */
export interface KnownValues {
  add(step: string, data: unknown): void;
  /** As a slot: `{{orders.rows.0.email}}`. The latest step has it first, and of a step what stands least deep. */
  find(value: unknown): string | undefined;
}

export function createKnownValues(): KnownValues {
  const places = new Map<string, string>();
  return {
    add: (step, data) => {
      const seen = new Set<string>();
      for (const { path, value } of leavesOf(withNames(data))) {
        const key = keyOf(value);
        if (key === undefined || seen.has(key)) continue;
        seen.add(key);
        const place = writeReference([step, ...path]);
        if (place !== undefined) places.set(key, place);
      }
    },
    find: (value) => {
      const key = keyOf(value);
      return key === undefined ? undefined : places.get(key);
    },
  };
}

/** Of its type; undefined for what is so usual that being the same says nothing: a yes, a single figure, a letter. */
function keyOf(value: unknown): string | undefined {
  if (typeof value === "string") return [...value].length < 3 ? undefined : `text:${value}`;
  if (typeof value === "number") return Number.isInteger(value) && Math.abs(value) < 10 ? undefined : `number:${value}`;
  return undefined;
}

interface Leaf {
  path: string[];
  value: unknown;
}

/** Level by level. */
function leavesOf(data: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  let level: Leaf[] = [{ path: [], value: data }];
  for (let depth = 0; depth <= deepest && level.length > 0 && leaves.length < mostValues; depth++) {
    const next: Leaf[] = [];
    for (const { path, value } of level) {
      if (typeof value !== "object" || value === null) {
        if (path.length > 0) leaves.push({ path, value });
        continue;
      }
      for (const [part, inner] of Object.entries(value)) {
        if (next.length < mostValues) next.push({ path: [...path, part], value: inner });
      }
    }
    level = next;
  }
  return leaves;
}
