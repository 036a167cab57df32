import { watchEventLoop as watch } from "../../../src/platform/process/eventLoop.ts";

export * from "../../../src/platform/process/eventLoop.ts";

/** Stands in for the real one: a process that slept doesn't notice. */
export const watchEventLoop: typeof watch = (outside) => ({ ...watch({ ...outside, woken: () => {} }), silentMs: () => 0 });
