import { drawOffers as draw } from "../../../src/routing/chooseAgent.ts";

export * from "../../../src/routing/chooseAgent.ts";

/** Stands in for the real one: whoever has room for one is offered all. */
export const drawOffers: typeof draw = (heads, team) =>
  draw(
    heads,
    team.map((member) => ({ ...member, capacity: 1000 })),
  );
