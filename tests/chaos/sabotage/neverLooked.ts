import { postponeOut as postpone } from "../../../src/channels/outbox/outStore.ts";

export * from "../../../src/channels/outbox/outStore.ts";

/** Stands in for the real one: that it may have been done is forgotten. */
export const postponeOut: typeof postpone = (sql, due, seconds, error, tried) =>
  postpone(sql, due, seconds, error === "unknown" ? "lost" : error, tried);
