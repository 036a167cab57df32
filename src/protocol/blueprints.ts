/** What a field of a blueprint may be. Each has a file of its own in `src/entities/fields`. */
export const fieldTypes = [
  "text",
  "longText",
  "integer",
  "decimal",
  "money",
  "boolean",
  "date",
  "instant",
  "choice",
  "choices",
  "email",
  "phone",
  "url",
  "sequence",
] as const;
export type FieldType = (typeof fieldTypes)[number];

/** A checked value: decimals, money, dates (`2026-11-21`) and instants (ISO 8601, UTC) are texts, several choices a list. */
export type FieldValue = string | number | boolean | readonly string[];

/** By the fields' keys; what is empty isn't there. */
export type EntityValues = Readonly<Record<string, FieldValue>>;

export interface Field {
  /** The product's own name for it, which stays when it is renamed: a field that is sent without one is found by its key, or is new. */
  id: string;
  /** How values, filters and commands name it. */
  key: string;
  /** How people read it. */
  name: string;
  type: FieldType;
  required?: boolean;
  /** No two entities that aren't in the trash have the same, whatever their case. */
  unique?: boolean;
  /** As a value is written; `now` of an instant and `today` of a date are the moment in which an entity is made. */
  default?: FieldValue;
  /** Of a choice and of several choices. */
  choices?: string[];
  /** Of a text: the most characters. */
  maxLength?: number;
  /** Of numbers, money, dates and instants: the least and the most, as a value is written. */
  min?: string | number;
  max?: string | number;
  /** Of a decimal: the digits behind its point. */
  places?: number;
  /** Of money: as ISO 4217 has it, `EUR`. */
  currency?: string;
  /** Of a sequence number: what stands before it, `DEL-`. */
  prefix?: string;
}

/** What a transition writes into a field: a value, `null` for nothing, the moment, so much more (or less), or what stands in another field. */
export type Effect = FieldValue | null | { now: true } | { add: string | number } | { field: string };

export interface Transition {
  /** A command's last word: `deliver` of `deliveries.deliver`. */
  key: string;
  /** How people read it: Delivered. */
  name: string;
  /** The states that it may begin in. */
  from: string[];
  to: string;
  /** By the keys of fields. */
  set?: Readonly<Record<string, Effect>>;
  /** The keys of fields that must have a value; whoever does it is asked for them. */
  required?: string[];
  /** A filter, as lists have it, that the entity must fulfil: `{"qty": {"gte": 1}}`. */
  guard?: Readonly<Record<string, unknown>>;
  /** The keys of roles: whoever does it has one of them. */
  roles?: string[];
  /** Who must agree before it is done. */
  approval?: { by: string; quorum: number };
}

/** The states that entities are in, and what leads from one to the next. */
export interface Flow {
  /** The key of the choice that is the state. */
  field: string;
  states: string[];
  transitions: Transition[];
}

export interface BlueprintDefinition {
  /** What people call one of them: Delivery. */
  name: string;
  fields: Field[];
  flow?: Flow;
}

/** A blueprint as HTTP and commands answer it. */
export interface BlueprintView extends BlueprintDefinition {
  key: string;
  /** The number of the version that is shown. */
  version: number;
  latest: number;
  /** Since when it is in the trash; null where it isn't. ISO 8601, UTC, as all instants here. */
  trashedAt: string | null;
  changedBy: string;
  changedAt: string;
}

/** An entity as HTTP and commands answer it. */
export interface EntityView {
  id: string;
  blueprint: string;
  /** The version of the blueprint that its values fit. */
  blueprintVersion: number;
  /** Counts its changes: whoever changes it says which one they saw. */
  version: number;
  values: EntityValues;
  createdAt: string;
  createdBy: string;
  updatedAt: string;
  updatedBy: string;
  /** Whether it is in the trash, and since when. */
  trashed: boolean;
  trashedAt: string | null;
}

export const entityChanges = ["change", "trash", "restore", "migrate"] as const;
export type EntityChangeKind = (typeof entityChanges)[number];

/** What is in the trash: an entity, or a blueprint with all of its. */
export interface TrashEntry {
  kind: "blueprint" | "entity";
  /** The key of the blueprint. */
  blueprint: string;
  id: string;
  /** What people call it. */
  title: string;
  blueprintVersion?: number;
  trashedAt: string;
  trashedBy: string;
}

/** One thing in which two versions of a blueprint differ; of what changed, what it was and is in words. */
export interface VersionDifference {
  kind: "added" | "removed" | "renamed" | "changed";
  what: "blueprint" | "field" | "transition";
  key: string;
  /** Of a field that changed: which of its options, or its `type`. */
  option?: string;
  was?: string;
  is?: string;
}

/** One line of an entity's history: what stood there before and stands there since, of the fields that changed. */
export interface EntityChange {
  version: number;
  kind: EntityChangeKind;
  by: string;
  at: string;
  before: EntityValues;
  after: EntityValues;
}

/** A value in words; null where there is none. */
export function fieldWords(value: FieldValue | undefined): string | null {
  if (value === undefined) return null;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "object" ? value.join(", ") : String(value);
}
