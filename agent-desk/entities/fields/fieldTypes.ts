import {
  AtSign,
  Banknote,
  Calculator,
  Calendar,
  CalendarClock,
  CircleDot,
  Hash,
  Link,
  Link2,
  ListChecks,
  ListOrdered,
  type LucideIcon,
  Paperclip,
  Percent,
  Phone,
  Pilcrow,
  TextCursorInput,
  ToggleLeft,
  UserRound,
} from "lucide-preact";
import type { Field, FieldType } from "../../../src/protocol/blueprints.ts";
import type { FieldOption } from "../../../src/protocol/fieldOptions.ts";

/** By which operators a list compares fields of a type, as HTTP calls them. */
export type Operator = "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "contains" | "startsWith" | "empty";

export interface FieldLook {
  label: string;
  /** What it is for, in a few words. */
  about: string;
  icon: LucideIcon;
  /** Which options it takes besides those that every field has. */
  options: readonly FieldOption[];
  /** By what lists compare it; none where they can't, neither filter nor sort. */
  operators: readonly Operator[];
  /** Whether its values may be unique. */
  unique: boolean;
  /** The product gives its value. */
  given?: true;
  /** Its values are ids of something that has a name. */
  named?: true;
  /** Lists have no order by it. */
  unordered?: true;
  /** Written in the form of an entity, not in a cell. */
  inForm?: true;
  /** A default that is of the moment in which an entity is made, and how that is said. */
  moment?: { word: string; about: string };
  /** How wide its column begins. */
  width: number;
  /** Digits stand under digits. */
  aligned?: true;
}

const texts: readonly Operator[] = ["contains", "eq", "ne", "startsWith", "empty"];
const numbers: readonly Operator[] = ["eq", "ne", "gt", "gte", "lt", "lte", "empty"];
const times: readonly Operator[] = ["gte", "lt", "gt", "lte", "eq", "empty"];

/** How each type of field is offered, drawn and asked for. */
export const fieldTypes: Readonly<Record<FieldType, FieldLook>> = {
  text: { label: "Text", about: "One line", icon: TextCursorInput, options: ["maxLength"], operators: texts, unique: true, width: 180 },
  longText: {
    label: "Long text",
    about: "Several lines",
    icon: Pilcrow,
    options: ["maxLength"],
    operators: [],
    unique: false,
    width: 220,
  },
  integer: {
    label: "Number",
    about: "Whole: 12",
    icon: Hash,
    options: ["min", "max"],
    operators: numbers,
    unique: true,
    width: 110,
    aligned: true,
  },
  decimal: {
    label: "Decimal",
    about: "Exact: 12.50",
    icon: Percent,
    options: ["places", "min", "max"],
    operators: numbers,
    unique: true,
    width: 120,
    aligned: true,
  },
  money: {
    label: "Money",
    about: "In one currency",
    icon: Banknote,
    options: ["currency", "min", "max"],
    operators: numbers,
    unique: true,
    width: 130,
    aligned: true,
  },
  boolean: { label: "Yes or no", about: "A switch", icon: ToggleLeft, options: [], operators: ["eq", "empty"], unique: false, width: 100 },
  date: {
    label: "Date",
    about: "A day",
    icon: Calendar,
    options: ["min", "max"],
    operators: times,
    unique: true,
    moment: { word: "today", about: "The day on which it is made" },
    width: 130,
  },
  instant: {
    label: "Date and time",
    about: "A moment",
    icon: CalendarClock,
    options: ["min", "max"],
    operators: times,
    unique: true,
    moment: { word: "now", about: "The moment in which it is made" },
    width: 184,
  },
  choice: {
    label: "Choice",
    about: "One of several",
    icon: CircleDot,
    options: ["choices"],
    operators: ["eq", "ne", "empty"],
    unique: false,
    width: 140,
  },
  choices: {
    label: "Several choices",
    about: "Some of several",
    icon: ListChecks,
    options: ["choices"],
    operators: [],
    unique: false,
    width: 180,
  },
  email: { label: "E-mail", about: "An address", icon: AtSign, options: [], operators: texts, unique: true, width: 200 },
  phone: { label: "Phone", about: "A number to call", icon: Phone, options: [], operators: texts, unique: true, width: 150 },
  url: { label: "Link", about: "https://…", icon: Link, options: [], operators: texts, unique: true, width: 200 },
  sequence: {
    label: "Sequence number",
    about: "DEL-1, DEL-2 …, given by itself",
    icon: ListOrdered,
    options: ["prefix"],
    operators: texts,
    unique: false,
    given: true,
    width: 110,
  },
  account: {
    label: "Person",
    about: "Who works here",
    icon: UserRound,
    options: [],
    operators: ["eq", "ne", "empty"],
    unique: false,
    named: true,
    moment: { word: "me", about: "Whoever makes it" },
    width: 160,
  },
  file: {
    label: "File",
    about: "Pictures, documents",
    icon: Paperclip,
    options: ["most", "accepts"],
    operators: [],
    unique: false,
    named: true,
    inForm: true,
    width: 180,
  },
  relation: {
    label: "Relation",
    about: "Other things that it belongs to",
    icon: Link2,
    options: ["blueprint", "many", "otherSide"],
    operators: ["eq", "ne", "empty"],
    unique: false,
    named: true,
    unordered: true,
    inForm: true,
    width: 180,
  },
  formula: {
    label: "Formula",
    about: "Sums, products, totals, counts",
    icon: Calculator,
    options: ["formula"],
    operators: numbers,
    unique: false,
    given: true,
    width: 120,
    aligned: true,
  },
};

/** Whether a field's default is of the moment in which an entity is made. */
export function isMoment({ type, default: value }: Pick<Field, "type" | "default">): boolean {
  return value !== undefined && fieldTypes[type].moment?.word === value;
}

/** Fields in their order, those of a heading together where the first of them stands; "" for those without one. */
export function sectionsOf(fields: readonly Field[]): { section: string; fields: Field[] }[] {
  const sections = new Map<string, Field[]>();
  for (const field of fields) {
    const section = field.section?.trim() ?? "";
    sections.set(section, [...(sections.get(section) ?? []), field]);
  }
  return [...sections].map(([section, of]) => ({ section, fields: of }));
}

export function isSortable({ type }: Pick<Field, "type">): boolean {
  return fieldTypes[type].operators.length > 0 && fieldTypes[type].unordered !== true;
}

/** What people call an entity: its number, else its first text that isn't empty; null where it has neither. */
export function titleField(fields: readonly Field[]): Field | undefined {
  return fields.find(({ type }) => type === "sequence") ?? fields.find(({ type }) => type === "text");
}
