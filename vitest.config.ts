import { defineConfig } from "vitest/config";
import { LongestFirst } from "./tests/fixtures/longestFirst.ts";

export default defineConfig({
  test: {
    globalSetup: ["tests/fixtures/embeddedForRun.ts"],
    pool: "forks",
    // Files share a process, and what they import is read once: 370 s of processor time became 243.
    isolate: false,
    // One more than the machine has cores: most of a test is waiting (151 s with two, 117 s with three, on two cores).
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    expect: { poll: { timeout: 5000 } },
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: { name: "tests", include: ["tests/**/*.test.{ts,tsx}"], exclude: ["tests/**/*.long.test.ts", "tests/journeys/**"] },
      },
      { extends: true, test: { name: "long", include: ["tests/**/*.long.test.ts"], sequence: { sequencer: LongestFirst, groupOrder: 1 } } },
      {
        extends: true,
        test: {
          name: "journeys",
          include: ["tests/journeys/*.test.ts"],
          maxWorkers: 2,
          sequence: { sequencer: LongestFirst, groupOrder: 2 },
        },
      },
    ],
  },
});
