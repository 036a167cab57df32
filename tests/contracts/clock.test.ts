import { describe, expect, test } from "vitest";
import { type Clock, every, sleep, systemClock } from "../../src/platform/clock/clock.ts";
import { createMovableClock } from "../fixtures/movableClock.ts";

/** `pass` lets so much time pass on the clock. */
function clockContract(open: () => { clock: Clock; pass: (ms: number) => Promise<void> }): void {
  const { clock, pass } = open();

  test("time goes on, on both scales alike", async () => {
    const [wall, monotonic] = [clock.now(), clock.monotonic()];
    await pass(30);
    expect(clock.now() - wall).toBeGreaterThanOrEqual(29);
    expect(clock.monotonic() - monotonic).toBeGreaterThanOrEqual(29);
  });

  test("work is done once, not before its time, in the order of its times", async () => {
    const done: string[] = [];
    clock.after(20, () => done.push("second"));
    clock.after(5, () => done.push("first"));
    expect(done).toEqual([]);
    await pass(60);
    await pass(60);
    expect(done).toEqual(["first", "second"]);
  });

  test("what was cancelled is not done, also when it is cancelled late or twice", async () => {
    const done: string[] = [];
    const cancel = clock.after(5, () => done.push("cancelled"));
    const late = clock.after(5, () => done.push("done"));
    cancel();
    await pass(40);
    late();
    late();
    expect(done).toEqual(["done"]);
  });

  test("work may ask for more work", async () => {
    const done: number[] = [];
    clock.after(5, () => {
      done.push(1);
      clock.after(5, () => done.push(2));
    });
    await pass(80);
    expect(done).toEqual([1, 2]);
  });

  test("sleep ends in time", async () => {
    let awake = false;
    const slept = sleep(clock, 10).then(() => {
      awake = true;
    });
    expect(awake).toBe(false);
    await pass(40);
    await slept;
    expect(awake).toBe(true);
  });

  test("every repeats, tells failures, and stops", async () => {
    let runs = 0;
    const failures: unknown[] = [];
    const stop = every(
      clock,
      5,
      async () => {
        runs += 1;
        if (runs === 1) throw new Error("the first");
      },
      (error) => failures.push(error),
    );
    while (runs < 3) await pass(10);
    stop();
    const ran = runs;
    await pass(40);
    expect(runs).toBe(ran);
    expect(failures).toEqual([new Error("the first")]);
  });
}

describe("the system's clock", () => {
  clockContract(() => ({ clock: systemClock, pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) }));
});

describe("the clock of tests", () => {
  clockContract(() => {
    const clock = createMovableClock();
    return {
      clock,
      pass: async (ms) => {
        clock.advance(ms);
        await new Promise((resolve) => setImmediate(resolve));
      },
    };
  });
});
