import type { RunState } from "./commands.ts";
import { ownValue } from "./ownValue.ts";

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
  "account",
  "file",
  "relation",
  "formula",
] as const;
export type FieldType = (typeof fieldTypes)[number];

/** A checked value: decimals, money, dates (`2026-11-21`) and instants (ISO 8601, UTC) are texts, several choices a list, what is named its id. */
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
  /** Whether lists that are filtered and sorted by it are fast among very many: it has an index. */
  indexed?: boolean;
  /** The heading under which forms show it, with all others of that name. */
  section?: string;
  /**
   * A filter, as lists have it, over other fields of its own: forms and panels show it where that holds, and it is required only there. What stands in
   * it stays where it doesn't.
   */
  shownWhen?: Readonly<Record<string, unknown>>;
  /** Whether cards show it, on the board; where no field says so, they show the first few. */
  onCard?: boolean;
  /** As a value is written; `now` of an instant, `today` of a date and `me` of a person are of the moment in which an entity is made. */
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
  /** Of files: as many as there may be; 1 where nothing is said. */
  most?: number;
  /** Of files: the media types that are taken, as content says: `image/*`, `application/pdf`. Any where nothing is said. */
  accepts?: string[];
  /** Of a relation: the key of the blueprint whose entities it names; its values are lists of their ids. */
  blueprint?: string;
  /** Of a relation: whether it may name several. */
  many?: boolean;
  /** Of a relation: what those that name it are called there, the other side; what their blueprint is called where nothing is said. */
  otherSide?: string;
  /** Of a formula: how it is computed, wherever it is read; exactly. Of money, `currency` says of which. */
  formula?: Formula;
}

/**
 * What is computed of an entity: of numbers, by the keys of their fields or as they are written (a sum leaves out what is empty; the others are empty where
 * one is), or of the entities that it is related to.
 */
export type Formula =
  | { sum: string[] }
  | { difference: string[] }
  | { product: string[] }
  | { count: Related }
  | { total: Related & { field: string } };

/** Those that a relation of the entity leads to, or, with `blueprint`, the entities of that one whose relation leads to it. */
export interface Related {
  /** The key of the relation. */
  relation: string;
  blueprint?: string;
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
  /** What is run once it is done, each once, as whoever did it. */
  start?: StartedCommand[];
}

/** A command that a step starts, with its arguments: each as it is said, or `{ field }` for what stands there after the step (`entityId` for which it is). */
export interface StartedCommand {
  command: string;
  args: Readonly<Record<string, unknown>>;
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

/** How far the index of a field is; why it can't be made, where it failed. */
export interface IndexView {
  field: string;
  state: "making" | "ready" | "failed";
  reason?: string;
}

/** By their ids: what is missing is gone for good, or isn't for whoever asks. */
export type Named = Readonly<Record<string, NamedValue>>;

/** What an id stands for that is a value: a person, a file or another entity. */
export interface NamedValue {
  /** What people call it. */
  title: string;
  /** Of an entity: the key of its blueprint, and whether it is in the trash. */
  blueprint?: string;
  trashed?: true;
  /** Of a file: its media type, its size in bytes, and addresses that end; a preview of pictures only. */
  type?: string;
  size?: number;
  url?: string;
  previewUrl?: string;
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
  /** What the ids among the values stand for. */
  named: Named;
  createdAt: string;
  createdBy: string;
  updatedAt: string;
  updatedBy: string;
  /** Whether it is in the trash, and since when. */
  trashed: boolean;
  trashedAt: string | null;
}

/** Those that name an entity in one of their relations: the other side of it. */
export interface OtherSide {
  /** The key of their blueprint, and of the relation among its fields. */
  blueprint: string;
  field: string;
  name: string;
  /** The newest first. */
  items: { id: string; title: string }[];
  /** Whether there are more. */
  more: boolean;
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
  /** Of a field that changed: which of its options, or its `type`; of the blueprint its `state`, its `states`, or the `order` of its fields. */
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
  /** What a step started. */
  started?: StartedRun[];
}

/** What became of a command that a step started. */
export interface StartedRun {
  command: string;
  /** `asked` before its run is there; missing where that was forgotten long ago. */
  state?: RunState | "asked";
  /** Its id, once it was begun. */
  run?: string;
  /** Why it was not begun, for who sees all of the entity. */
  reason?: string;
}

/** A value in words, ids as what they stand for; null where there is none. */
export function fieldWords(value: FieldValue | undefined, named: Named = {}): string | null {
  if (value === undefined) return null;
  if (typeof value === "boolean") return value ? "yes" : "no";
  const words = (one: string) => ownValue(named, one)?.title ?? one;
  return typeof value === "object" ? value.map(words).join(", ") : words(String(value));
}

/** What somebody wrote about an entity, for colleagues. */
export interface EntityNote {
  id: string;
  text: string;
  by: string;
  /** Whether whoever reads it wrote it. */
  mine: boolean;
  at: string;
}

/** A conversation in which a command about an entity was run, by its last one. */
export interface EntityTalk {
  conversation: string;
  /** Who is served there. */
  contact: string;
  command: string;
  by: string;
  at: string;
}
