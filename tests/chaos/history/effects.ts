import type { Violation } from "./violation.ts";

/** A run as the database has it at the end. */
export interface EndedRun {
  id: string;
  command: string;
  /** What everything that it does outside carries. */
  marker: string;
  state: string;
  /** What whoever reads of it is told. */
  error: string;
  effects: { step: string; state: string; check: string }[];
}

/** What a run does outside when it is done: these markers, each once. */
export type Expected = (run: EndedRun) => readonly string[];

/**
 * I4: whatever a run does outside happened at most once, and for a run that asked for it; what succeeded did it all; what was refused or failed did no
 * more than it says; what isn't known says so, and where to look. `seen` counts by marker, as the outside has it. Pure.
 */
export function effectsOnce(runs: readonly EndedRun[], seen: ReadonlyMap<string, number>, expected: Expected): Violation[] {
  const owned = new Set(runs.flatMap((run) => [...expected(run)]));
  return [
    ...[...seen.keys()].filter((marker) => !owned.has(marker)).map((marker) => broken(`"${marker}" was done by no run`)),
    ...[...seen].filter(([, times]) => times > 1).map(([marker, times]) => broken(`"${marker}" was done ${times} times`)),
    ...askedTwice(runs).map((marker) => broken(`two runs were made of one request: ${marker}`)),
    ...runs.flatMap((run) => {
      const all = expected(run);
      const wrong = faultOf(run, all.filter((marker) => seen.has(marker)).length, all.length);
      return wrong === undefined ? [] : [broken(`${run.command} "${run.marker}" (${run.state}) ${wrong}`)];
    }),
  ];
}

function faultOf({ state, error, effects }: EndedRun, done: number, all: number): string | undefined {
  const known = effects.filter((effect) => effect.state === "done").length;
  switch (state) {
    case "running":
    case "waiting":
      return "never ended";
    case "succeeded":
      return done < all ? `did ${done} of ${all}` : undefined;
    case "uncertain":
      if (effects.some((effect) => effect.state === "started" || effect.check === "")) return "doesn't say what to look for";
      return error === "" ? "doesn't say why" : undefined;
    default:
      return done > known ? `did ${done}, and says that it did ${known}` : undefined;
  }
}

function askedTwice(runs: readonly EndedRun[]): string[] {
  const requests = runs.filter(({ marker }) => marker !== "").map(({ command, marker }) => `${command} "${marker}"`);
  return [...new Set(requests.filter((request, index) => requests.indexOf(request) !== index))];
}

function broken(what: string): Violation {
  return { invariant: "I4", what };
}
