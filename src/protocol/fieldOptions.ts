/** What fields take by their type, besides what every field has. */
export const fieldOptions = [
  "choices",
  "maxLength",
  "min",
  "max",
  "places",
  "currency",
  "prefix",
  "most",
  "accepts",
  "blueprint",
  "many",
  "otherSide",
  "formula",
] as const;
export type FieldOption = (typeof fieldOptions)[number];
