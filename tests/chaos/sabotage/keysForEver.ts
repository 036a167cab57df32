import { createSigningKeys as create } from "../../../bots/teams/signingKeys.ts";

export * from "../../../bots/teams/signingKeys.ts";

/** Stands in for the real one: its clock stands still, so that a key that was told once counts for ever. */
export const createSigningKeys: typeof create = (outside) => {
  const startedAt = outside.clock.now();
  return create({ ...outside, clock: { now: () => startedAt } });
};
