import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
    globalSetup: ["tests/fixtures/embeddedForRun.ts"],
    pool: "forks",
    maxWorkers: 2,
    expect: { poll: { timeout: 5000 } },
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 20_000,
  },
});
