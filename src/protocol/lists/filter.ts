import { shownShort } from "../sentence.ts";
import { checkValue, type FieldValue, fieldOf, type ListFields, type Operator, operatorNames, operatorOf } from "./listFields.ts";
import { refused } from "./sentences/sentences.ts";

/** A filter whose fields, operators and values fit the list. */
export type Filter =
  | { kind: "all"; filters: readonly Filter[] }
  | { kind: "any"; filters: readonly Filter[] }
  | { kind: "not"; filter: Filter }
  | { kind: "condition"; field: string; operator: Operator; value: FieldValue | readonly FieldValue[] };

const mostConditions = 50;
const deepest = 8;
const longestIn = 200;

/**
 * Reads `filter` as `protocol.md` writes it: `{"status": {"eq": "PENDING"}, "qty": {"gte": 5}}`, with `and`, `or`, `not` around. What stands
 * side by side must all hold. Texts are compared by `contains` and `startsWith` without case. Refusal `invalid_value` with the path of what doesn't fit.
 */
export function checkFilter(fields: ListFields, text: string): Filter {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refused("filter", (say) => say.notJson);
  }
  const filter = checkGroup(fields, json, "filter", 1);
  const conditions = countConditions(filter);
  if (conditions > mostConditions) throw refused("filter", (say) => say.tooManyConditions(conditions, mostConditions));
  return filter;
}

/** The fields that a filter names, as it is written. */
export function namesIn(written: unknown): string[] {
  if (Array.isArray(written)) return written.flatMap(namesIn);
  if (typeof written !== "object" || written === null) return [];
  return Object.entries(written).flatMap(([name, inner]) => (name === "and" || name === "or" || name === "not" ? namesIn(inner) : [name]));
}

function checkGroup(fields: ListFields, json: unknown, path: string, depth: number): Filter {
  if (depth > deepest) throw refused("filter", (say) => say.tooDeep(deepest));
  const filters = entriesOf(json, path, '{"field": {"eq": "value"}}').flatMap(([name, inner]): Filter[] => {
    const innerPath = `${path}.${name.slice(0, 60)}`;
    if (name === "not") return [{ kind: "not", filter: checkGroup(fields, inner, innerPath, depth + 1) }];
    if (name !== "and" && name !== "or") return checkConditions(fields, name, inner, innerPath);
    if (!Array.isArray(inner)) throw refused(innerPath, (say) => say.mustBe(innerPath, say.aListOfFilters, shownShort(inner)));
    const groups = inner.map((group, index) => checkGroup(fields, group, `${innerPath}.${index}`, depth + 1));
    return [{ kind: name === "and" ? "all" : "any", filters: groups }];
  });
  return { kind: "all", filters };
}

function checkConditions(fields: ListFields, name: string, json: unknown, path: string): Filter[] {
  const field = fieldOf(fields, name, path);
  return entriesOf(json, path, '{"eq": "value"}').map(([operatorName, value]): Filter => {
    const operatorPath = `${path}.${operatorName.slice(0, 60)}`;
    const operator = operatorOf(field.type, operatorName);
    if (operator === undefined) {
      throw refused(operatorPath, (say) => say.noOperator(path, operatorNames(field.type)));
    }
    if (operator === "empty")
      return { kind: "condition", field: name, operator, value: checkValue({ type: "boolean" }, value, operatorPath) };
    if (operator !== "in") return { kind: "condition", field: name, operator, value: checkValue(field, value, operatorPath) };
    if (!Array.isArray(value) || value.length > longestIn) {
      throw refused(operatorPath, (say) => say.mustBe(operatorPath, say.aListOf(longestIn)));
    }
    return {
      kind: "condition",
      field: name,
      operator,
      value: value.map((item, index) => checkValue(field, item, `${operatorPath}.${index}`)),
    };
  });
}

function entriesOf(json: unknown, path: string, like: string): [string, unknown][] {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return Object.entries(json);
  throw refused(path, (say) => say.mustBe(path, say.anObjectLike(like), shownShort(json)));
}

function countConditions(filter: Filter): number {
  if (filter.kind === "condition") return 1;
  if (filter.kind === "not") return countConditions(filter.filter);
  return filter.filters.reduce((sum, inner) => sum + countConditions(inner), 0);
}
