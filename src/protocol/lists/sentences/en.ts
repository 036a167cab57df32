/** What is told of lists. `rule` is one of those below it; the names of fields and operators stay as they are written. */
export const en = {
  notJson: '"filter" must be JSON like {"field": {"eq": "value"}}.',
  tooManyConditions: (there: number, most: number) => `"filter" has ${there} conditions; ${most} is the limit.`,
  tooDeep: (most: number) => `"filter" is nested more than ${most} levels deep, the limit.`,
  noOperator: (path: string, operators: string) => `"${path}" can't be asked so; it takes ${operators}.`,
  noField: (name: string, known: string) => `There is no field "${name}" in this list; there are ${known}.`,
  noOrder: (name: string) => `"${name}" names others, by which a list has no order.`,
  sortedTwice: (name: string) => `"sort" names "${name}" twice.`,
  tooManyTerms: (there: number, most: number) => `"sort" has ${there} fields; ${most} is the limit.`,
  foreignCursor: "This cursor is none that the list answered for this order; begin without one.",

  mustBe: (path: string, rule: string, value?: string) => `"${path}" must be ${rule}${value === undefined ? "" : `; "${value}" isn't`}.`,
  aListOfFilters: "a list of filters",
  aListOf: (most: number) => `a list of at most ${most} values`,
  anObjectLike: (like: string) => `an object like ${like}`,
  trueOrFalse: "true or false",
  wholeNumber: "a whole number",
  numberLike: (like: string) => `a number, as a text like "${like}"`,
  instantLike: (like: string) => `an instant like ${like}`,
  dateLike: (like: string) => `a date like ${like}`,
  oneOf: (choices: string) => `one of ${choices}`,
  textUpTo: (most: number) => `a text of at most ${most} characters`,
  storable: "without U+0000 and halves of surrogate pairs",

  conditions: {
    eq: (name: string, value: string) => `${name} is ${value}`,
    ne: (name: string, value: string) => `${name} is not ${value}`,
    lt: (name: string, value: string) => `${name} is less than ${value}`,
    lte: (name: string, value: string) => `${name} is at most ${value}`,
    gt: (name: string, value: string) => `${name} is more than ${value}`,
    gte: (name: string, value: string) => `${name} is at least ${value}`,
    in: (name: string, value: string) => `${name} is one of ${value}`,
    contains: (name: string, value: string) => `${name} contains ${value}`,
    startsWith: (name: string, value: string) => `${name} begins with ${value}`,
    empty: (name: string) => `${name} is empty`,
    filled: (name: string) => `${name} is not empty`,
    not: (condition: string) => `not (${condition})`,
    and: " and ",
    or: " or ",
  },
};

export type ListSentences = typeof en;
