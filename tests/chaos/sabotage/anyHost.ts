import type { allowedAddress as allowed } from "../../../bots/teams/cloud.ts";

export * from "../../../bots/teams/cloud.ts";

/** Stands in for the real one: every host is one of Microsoft's. */
export const allowedAddress: typeof allowed = (_cloud, _hosts, text) => new URL(text);
