/** How a condition of a sequence's step compares two values. */
export const comparisons = ["eq", "ne", "lt", "lte", "gt", "gte", "contains", "empty", "notEmpty"] as const;

export const comparedAs = ["text", "number", "time"] as const;
export type ComparedAs = (typeof comparedAs)[number];
