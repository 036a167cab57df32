import { compareVersions as compare, type Spoken } from "../../../src/protocol/version.ts";

export * from "../../../src/protocol/version.ts";

/** A version to come: its pages may need what today's processes don't know. */
export const spoken: Spoken = { oldest: 1, newest: 2, knows: new Set(["tomorrow"]) };

export const compareVersions: typeof compare = (page) => compare(page, spoken);
