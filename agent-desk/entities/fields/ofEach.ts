import type { Field } from "../../../src/protocol/blueprints.ts";

/** What every entity has besides the fields of its blueprint, whose keys have no capital letters. */
export const ofEach: readonly Field[] = [
  { id: "updatedAt", key: "updatedAt", name: "Last changed", type: "instant" },
  { id: "createdAt", key: "createdAt", name: "Made", type: "instant" },
];
