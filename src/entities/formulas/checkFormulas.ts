import type { Field, Formula } from "../../protocol/blueprints.ts";
import { shownShort } from "../../protocol/sentence.ts";
import { wrong } from "../sentences/definitions/sentences.ts";
import { isNumber, operandsOf, relatedIn } from "./formula.ts";

/** What a blueprint is among: its own key, and the fields of those that its relations and formulas name. */
export interface Around {
  key: string;
  related: ReadonlyMap<string, readonly Field[]>;
}

const mostOperands = 20;
const mostFactors = 5;

/**
 * The fields, each formula with the currency that it is of. Refusal `invalid_value` under `fields.<index>.formula`: of what is no number or not there, of
 * currencies that don't go together, of a circle. Pure.
 */
export function checkFormulas(fields: readonly Field[], around: Around): Field[] {
  return fields.map((field, index) => {
    if (field.formula === undefined) return field;
    const path = `fields.${index}.formula`;
    refuseCircle(field, fields, path);
    const { currency: _, ...rest } = field;
    const currency = currencyOf(field, field.formula, fields, around, path);
    return { ...rest, ...(currency === undefined ? {} : { currency }) };
  });
}

/** The currency of what a formula gives; undefined of plain numbers. */
function currencyOf(field: Field, formula: Formula, fields: readonly Field[], around: Around, path: string): string | undefined {
  const related = relatedIn(formula);
  if (related !== undefined) {
    const theirs = relatedFields(field, related, fields, around, path);
    if (related.field === undefined) return undefined;
    const summed = theirs.find(({ key }) => key === related.field);
    if (summed === undefined || !isNumeric(summed) || (summed.formula !== undefined && !isOwn(summed.formula, theirs)))
      throw wrong(`${path}.total.field`, (say) => say.gathersNumber(field.name, shownShort(related.field)));
    return summed.currency;
  }
  const operands = operandsOf(formula);
  const most = "product" in formula ? mostFactors : mostOperands;
  if (operands.length < 2 || operands.length > most) throw wrong(path, (say) => say.madeOfUpTo(field.name, most));
  const currencies = operands.flatMap((operand) => {
    if (isNumber(operand)) return [];
    const other = fields.find(({ key }) => key === operand);
    if (other === undefined || !isNumeric(other)) throw wrong(path, (say) => say.madeOfNumbers(field.name, shownShort(operand)));
    return other.formula === undefined ? (other.currency ?? []) : (currencyOf(other, other.formula, fields, around, path) ?? []);
  });
  if ("product" in formula ? currencies.length > 1 : new Set(currencies).size > 1)
    throw wrong(path, (say) => say.notTogether(field.name, currencies.join(", ")));
  return currencies[0];
}

function relatedFields(
  field: Field,
  { relation, blueprint }: { relation: string; blueprint?: string },
  fields: readonly Field[],
  { key, related }: Around,
  path: string,
): readonly Field[] {
  const of = blueprint === undefined ? fields : blueprint === key ? fields : related.get(blueprint);
  const found = of?.find((one) => one.key === relation && one.type === "relation");
  if (found === undefined || (blueprint !== undefined && found.blueprint !== key))
    throw wrong(path, (say) => (blueprint === undefined ? say.ownRelation : say.relationHere)(field.name, shownShort(relation)));
  if (blueprint !== undefined) return of ?? [];
  return found.blueprint === key ? fields : (related.get(found.blueprint ?? "") ?? []);
}

function isNumeric({ type }: Field): boolean {
  return type === "integer" || type === "decimal" || type === "money" || type === "formula";
}

/** Whether it is of one entity's own numbers alone, and so are those that it is made of. */
function isOwn(formula: Formula, fields: readonly Field[], depth = 0): boolean {
  if (relatedIn(formula) !== undefined || depth > fields.length) return false;
  return operandsOf(formula).every((operand) => {
    const other = fields.find(({ key }) => key === operand);
    return other?.formula === undefined || isOwn(other.formula, fields, depth + 1);
  });
}

function refuseCircle(field: Field, fields: readonly Field[], path: string): void {
  const walk = (one: Field, before: readonly string[]): void => {
    if (before.includes(one.key)) throw wrong(path, (say) => say.madeOfItself(field.name, [...before, one.key].join(", ")));
    for (const operand of one.formula === undefined ? [] : operandsOf(one.formula)) {
      const other = fields.find(({ key }) => key === operand);
      if (other !== undefined) walk(other, [...before, one.key]);
    }
  };
  walk(field, []);
}

/** A formula of before, of fields some of which have other keys now. */
export function renamedFormula(formula: Formula, now: (key: string) => string): Formula {
  if ("sum" in formula) return { sum: formula.sum.map(now) };
  if ("difference" in formula) return { difference: formula.difference.map(now) };
  if ("product" in formula) return { product: formula.product.map(now) };
  if ("count" in formula) return { count: renamedRelated(formula.count, now) };
  return { total: renamedRelated(formula.total, now) };
}

function renamedRelated<Over extends { relation: string; blueprint?: string }>(over: Over, now: (key: string) => string): Over {
  return over.blueprint === undefined ? { ...over, relation: now(over.relation) } : over;
}
