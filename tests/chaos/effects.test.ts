import { describe, expect, test } from "vitest";
import { type EndedRun, effectsOnce } from "./history/effects.ts";

const done = { step: "write", state: "done", check: "Look in the shop." };
const run = (marker: string, state: string, effects: EndedRun["effects"] = []): EndedRun => ({
  id: marker,
  command: "pay",
  marker,
  state,
  error: state === "succeeded" ? "" : "The shop is closed.",
  effects,
});
const wholesome = () => ({
  runs: [
    run("a", "succeeded", [done]),
    run("b", "refused"),
    run("c", "uncertain", [{ ...done, state: "uncertain" }]),
    run("d", "cancelled", [done]),
    run("e", "failed", [{ ...done, state: "failed" }]),
  ],
  seen: new Map([
    ["a", 1],
    ["c", 1],
    ["d", 1],
  ]),
});
const check = ({ runs, seen }: ReturnType<typeof wholesome>) => effectsOnce(runs, seen, ({ marker }) => [marker]);

describe("the checker of what runs do outside", () => {
  test("finds nothing where each was done once, and what isn't known says so", () => {
    expect(check(wholesome())).toEqual([]);
  });

  test.each<[string, string, (world: ReturnType<typeof wholesome>) => void]>([
    ["something was done twice", '"a" was done 2 times', ({ seen }) => seen.set("a", 2)],
    ["something was done for nobody", '"z" was done by no run', ({ seen }) => seen.set("z", 1)],
    ["a repeated request made a second run", 'two runs were made of one request: pay "a"', ({ runs }) => runs.push(run("a", "refused"))],
    ["a run says that it is done, and isn't", 'pay "a" (succeeded) did 0 of 1', ({ seen }) => seen.delete("a")],
    ["a run says that it was refused, and was done", 'pay "b" (refused) did 1, and says that it did 0', ({ seen }) => seen.set("b", 1)],
    [
      "a lost run is taken for one that did nothing",
      'pay "c" (failed) did 1, and says that it did 0',
      ({ runs }) => Object.assign(runs[2] ?? {}, { state: "failed" }),
    ],
    ["a run never ends", 'pay "a" (running) never ended', ({ runs }) => Object.assign(runs[0] ?? {}, { state: "running" })],
    [
      "nobody is told where to look",
      'pay "c" (uncertain) doesn\'t say what to look for',
      ({ runs }) => Object.assign(runs[2]?.effects[0] ?? {}, { check: "" }),
    ],
    ["nobody is told why", 'pay "c" (uncertain) doesn\'t say why', ({ runs }) => Object.assign(runs[2] ?? {}, { error: "" })],
  ])("reports I4: %s", (_, what, break_) => {
    const world = wholesome();
    break_(world);
    expect(check(world)).toContainEqual({ invariant: "I4", what });
  });
});
