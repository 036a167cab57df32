import { describe, expect, it } from "vitest";
import { meansAll, mostChosen, whichOf } from "../../../agent-desk/entities/table/chosen.ts";

const ids = (count: number) => Array.from({ length: count }, (_, index) => `id-${index}`);
const filter = { status: { eq: "NEW" } };

describe("what is meant by what is chosen", () => {
  it("more than fit are never taken for all: nothing is meant until it is fewer, or all", () => {
    expect(whichOf(ids(mostChosen), filter, false)).toEqual({ ids: ids(mostChosen) });
    expect(whichOf(ids(mostChosen + 1), filter, false)).toBeNull();
    expect(whichOf(ids(mostChosen + 1), filter, true)).toEqual({ filter });
    expect(whichOf([], null, true)).toEqual({ filter: null });
  });

  it("all are meant until the choice is another, or the filter", () => {
    const chosen = new Set(ids(3));
    const everything = { chosen, filter };
    expect(meansAll(everything, { chosen, filter: { ...filter } })).toBe(true);
    expect(meansAll(null, { chosen, filter })).toBe(false);
    expect(meansAll(everything, { chosen: new Set(ids(2)), filter })).toBe(false);
    expect(meansAll(everything, { chosen, filter: { status: { eq: "OLD" } } })).toBe(false);
    expect(meansAll(everything, { chosen, filter: null })).toBe(false);
  });
});
