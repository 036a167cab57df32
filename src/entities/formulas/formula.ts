import { Decimal } from "decimal.js";
import type { Field, FieldValue, Formula, Related } from "../../protocol/blueprints.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import type { StoredValues } from "../values.ts";

/** Whole, however many digits are multiplied. */
const Exact = Decimal.clone({ precision: 1000 });

/** The keys and numbers that a formula of one entity's own numbers is made of; none of one over related ones. */
export function operandsOf(formula: Formula): readonly string[] {
  if ("sum" in formula) return formula.sum;
  if ("difference" in formula) return formula.difference;
  return "product" in formula ? formula.product : [];
}

/** Over which related entities a formula goes, and of which of their fields; none of one over the entity's own numbers. */
export function relatedIn(formula: Formula): (Related & { field?: string }) | undefined {
  if ("count" in formula) return formula.count;
  return "total" in formula ? formula.total : undefined;
}

export function isNumber(operand: string): boolean {
  return /^-?\d{1,30}(\.\d{1,30})?$/.test(operand);
}

/** What the formulas among these fields give for an entity's values; `gathered` has what those over related entities give, by their ids. Pure. */
export function computed(
  fields: readonly Field[],
  content: StoredValues,
  gathered: ReadonlyMap<string, FieldValue>,
): Record<string, FieldValue> {
  const given = (field: Field): FieldValue | undefined => {
    if (field.formula === undefined) return ownValue(content, field.id);
    if (relatedIn(field.formula) !== undefined) return gathered.get(field.id);
    return arithmetic(field.formula, field.currency, (key) => {
      const operand = fields.find((one) => one.key === key);
      return operand === undefined ? undefined : given(operand);
    });
  };
  return Object.fromEntries(
    fields.flatMap((field): [string, FieldValue][] => {
      const value = field.formula === undefined ? undefined : given(field);
      return value === undefined ? [] : [[field.key, value]];
    }),
  );
}

function arithmetic(formula: Formula, currency: string | undefined, given: (key: string) => FieldValue | undefined): string | undefined {
  const values = operandsOf(formula).map((operand) => (isNumber(operand) ? operand : given(operand)));
  const numbers = values.flatMap((value) => (value === undefined ? [] : [new Exact(String(value))]));
  const [first, ...others] = numbers;
  if (first === undefined || (!("sum" in formula) && numbers.length < values.length)) return undefined;
  return numberText(
    others.reduce((all, one) => ("sum" in formula ? all.plus(one) : "product" in formula ? all.times(one) : all.minus(one)), first),
    currency,
  );
}

/** With all its digits and no more, of money at least those that its currency has. */
export function numberText(value: Decimal | string, currency: string | undefined): string {
  const exact = new Exact(value);
  const places = Math.max(exact.decimalPlaces(), currency === undefined ? 0 : placesOf(currency));
  return exact.isZero() ? new Exact(0).toFixed(places) : exact.toFixed(places);
}

function placesOf(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** The immutable expression that gives the same in a statement; undefined where it goes over related entities, or over what isn't there. */
export function formulaSql(field: Field, fields: readonly Field[]): string | undefined {
  const { formula } = field;
  if (formula === undefined) return `(e.content ->> '${field.id}')::numeric`;
  if (relatedIn(formula) !== undefined) return undefined;
  const operands = operandsOf(formula).map((operand) => {
    const other = fields.find(({ key }) => key === operand);
    return isNumber(operand) ? `(${operand})::numeric` : other && formulaSql(other, fields);
  });
  const known = operands.filter((operand) => operand !== undefined);
  if (known.length < operands.length || known.length === 0) return undefined;
  if ("difference" in formula) return `(${known.join(" - ")})`;
  if ("product" in formula) return `(${known.join(" * ")})`;
  return `(case when coalesce(${known.join(", ")}) is not null then ${known.map((operand) => `coalesce(${operand}, 0)`).join(" + ")} end)`;
}
