import type { Field } from "../../protocol/blueprints.ts";
import type { ImportColumn, ImportProblem, ImportQuestion, ImportSettings } from "../../protocol/imports.ts";
import type { Language } from "../../protocol/languages.ts";
import { shownShort } from "../../protocol/sentence.ts";
import { folded } from "../fields/fieldKind.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import { type ImportSay, toldOf } from "../sentences/imports/sentences.ts";
import { isUnique } from "../uniqueValues.ts";
import { numberOf } from "./cells/numbers.ts";
import { dateOf } from "./cells/times.ts";
import type { ColumnSeen } from "./scanTable.ts";

/** What columns probably are: by their names first, by their values where these leave one field only. */
export function guessSettings(
  fields: readonly Field[],
  seen: readonly ColumnSeen[],
): { settings: ImportSettings; by: ImportColumn["by"][] } {
  const taken = new Set<string>();
  const by: ImportColumn["by"][] = seen.map(() => null);
  const columns = seen.map(({ name }, index): ImportSettings["columns"][number] => {
    const field = fields.find((one) => !taken.has(one.key) && isFillable(one) && isCalled(one, name));
    if (field === undefined) return { field: null };
    taken.add(field.key);
    by[index] = "name";
    return { field: field.key };
  });
  seen.forEach((column, index) => {
    const fitting = by[index] === null ? fields.filter((field) => !taken.has(field.key) && areOf(field, column)) : [];
    const [only] = fitting;
    if (only === undefined || fitting.length > 1) return;
    taken.add(only.key);
    by[index] = "values";
    columns[index] = { field: only.key };
  });
  const mapped = fields.filter(({ key }) => taken.has(key));
  const key = mapped.find(({ type }) => type === "sequence") ?? mapped.find(isUnique);
  return {
    settings: { columns, key: key?.key ?? null, found: "update", missing: "create", trashed: "refuse", empty: "leave", errors: "nothing" },
    by,
  };
}

/** What the product gives is left out, but for the number by which entities are found. */
function isFillable({ type }: Field): boolean {
  const { names, given } = fieldKinds[type];
  return names !== "file" && (given !== true || type === "sequence");
}

function isCalled({ key, name }: Field, column: string): boolean {
  const called = plain(column);
  return called !== "" && (called === plain(key) || called === plain(name));
}

/** `Deliver from`, `deliver_from` and `DELIVER-FROM` are the same name. */
function plain(name: string): string {
  return folded(name.normalize("NFKD").replace(/\p{M}/gu, "")).replace(/[^\p{L}\p{N}]/gu, "");
}

function areOf({ type, choices = [] }: Field, { filled, mails, links, distinct }: ColumnSeen): boolean {
  if (filled === 0) return false;
  if (type === "email") return mails === filled;
  if (type === "url") return links === filled;
  return type === "choice" && distinct !== null && distinct.every((one) => choices.some((choice) => folded(choice) === folded(one)));
}

const ofTimes = new Set(["date", "instant"]);
const ofNumbers = new Set(["integer", "decimal", "money"]);

/** The settings with what the values themselves have decided, and what they leave open. `zone` is the tenant's. */
export function askOpen(
  fields: readonly Field[],
  seen: readonly ColumnSeen[],
  settings: ImportSettings,
  { zone, kind }: { zone: string; kind: "csv" | "xlsx" },
): { settings: ImportSettings; questions: ImportQuestion[] } {
  const questions: ImportQuestion[] = [];
  const columns = settings.columns.map((column, index) => {
    const type = fields.find(({ key }) => key === column.field)?.type;
    const evidence = seen[index];
    const decided = { ...column };
    if (type === undefined || evidence === undefined) return decided;
    const { dates, decimals } = evidence;
    if (ofTimes.has(type) && column.dates === undefined) {
      if (isOpen(dates.dmy, dates.mdy, dates.either)) questions.push(datesQuestion(index, dates.sample ?? ""));
      else if (dates.dmy > 0) decided.dates = "dmy";
      else if (dates.mdy > 0) decided.dates = "mdy";
    }
    if (type === "instant" && column.zone === undefined && dates.local > 0) {
      if (zone === "UTC") decided.zone = zone;
      else questions.push(zoneQuestion(index, dates.localSample ?? "", zone));
    }
    // A workbook's numbers are numbers; how they look is another matter.
    if (ofNumbers.has(type) && column.decimals === undefined && kind === "csv") {
      if (isOpen(decimals.point, decimals.comma, decimals.either)) questions.push(decimalsQuestion(index, decimals.sample ?? ""));
      else if (decimals.comma > 0) decided.decimals = ",";
      else if (decimals.point > 0) decided.decimals = ".";
    }
    return decided;
  });
  return { settings: { ...settings, columns }, questions };
}

/** Whether values leave both ways open, or want both. */
function isOpen(one: number, other: number, either: number): boolean {
  return (one > 0 && other > 0) || (either > 0 && one === 0 && other === 0);
}

function datesQuestion(column: number, sample: string): ImportQuestion {
  const read = (order: "dmy" | "mdy") => ({
    value: order,
    reads: dateOf(sample, order) ?? (order === "dmy" ? "day first" : "month first"),
  });
  return { column, ask: "dates", sample, options: [read("dmy"), read("mdy")] };
}

function decimalsQuestion(column: number, sample: string): ImportQuestion {
  const read = (mark: "." | ",") => ({ value: mark, reads: numberOf(sample, mark) ?? (mark === "." ? "a point" : "a comma") });
  return { column, ask: "decimals", sample, options: [read("."), read(",")] };
}

function zoneQuestion(column: number, sample: string, zone: string): ImportQuestion {
  return { column, ask: "zone", sample, options: [zone, "UTC"].map((value) => ({ value, reads: `${sample} in ${value}` })) };
}

/** Why an import can't begin so. Its questions are no problems: they are asked. */
export function problemsOf(
  fields: readonly Field[],
  seen: readonly Pick<ColumnSeen, "name">[],
  settings: ImportSettings,
  language: Language,
): ImportProblem[] {
  const problems: ImportProblem[] = [];
  const add = (path: string, say: ImportSay) => problems.push({ path: `settings.${path}`, message: toldOf(say)(language) });
  const { columns, key, missing } = settings;
  if (columns.length !== seen.length) add("columns", (say) => say.columnsSet(seen.length, columns.length));
  const taken = new Map<string, number>();
  columns.forEach(({ field: called, zone }, index) => {
    if (zone !== undefined && !isZone(zone)) add(`columns.${index}.zone`, (say) => say.noZone(shownShort(zone)));
    if (called === null) return;
    const field = fields.find((one) => one.key === called);
    const path = `columns.${index}.field`;
    const before = taken.get(called);
    taken.set(called, index);
    if (field === undefined) add(path, (say) => say.noField(shownShort(called)));
    else if (before !== undefined) add(path, (say) => say.filledTwice(field.name, seen[before]?.name ?? "", seen[index]?.name ?? ""));
    else if (fieldKinds[field.type].names === "file") add(path, (say) => say.holdsFiles(field.name));
    else if (fieldKinds[field.type].given === true && key !== called) add(path, (say) => say.onlyFinds(field.name));
  });
  if (taken.size === 0) add("columns", (say) => say.nothingFilled);
  const keyField = fields.find((one) => one.key === key);
  if (key !== null && keyField === undefined) add("key", (say) => say.noField(shownShort(key)));
  if (keyField !== undefined && !isUnique(keyField)) add("key", (say) => say.notUnique(keyField.name));
  if (keyField !== undefined && !taken.has(keyField.key)) add("key", (say) => say.noKeyColumn(keyField.name));
  if (missing === "create" || key === null)
    for (const field of fields)
      if (
        field.required === true &&
        field.shownWhen === undefined &&
        field.default === undefined &&
        fieldKinds[field.type].given !== true &&
        !taken.has(field.key)
      )
        add("columns", (say) => say.requiredUnfilled(field.name));
  return problems;
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** A question as a sentence, for whoever has no page. */
export function questionText({ ask, sample, options }: ImportQuestion, column: string): ImportSay {
  const ways = options.map(({ value, reads }) => `${value} (${reads})`);
  return (say) => say.twoWays(column, sample, ask, ways.join(say.or));
}
