import type { Parameter, ParameterType, ParameterValue, ParameterValues } from "../../../protocol/operations.ts";
import type { RequestDefinition } from "../request.ts";

/** An API call that was read from somewhere else, for a person to look through: what to ask for, what stood there, and what was left out. */
export interface DraftRequest {
  definition: RequestDefinition;
  parameters: Parameter[];
  /** What stood in the places of the parameters: suggestions for a try. */
  values: ParameterValues;
  /** Of the credential; nowhere else in this. */
  secret?: string;
  /** Sentences on what was left out or is to be done. */
  notes: string[];
}

/** Gathers parameters, each under a name of its own. */
export interface Suggestions {
  parameters: Parameter[];
  values: Record<string, ParameterValue>;
  /** A slot for a value that stood somewhere; the value itself where there are as many parameters as an operation may have. */
  slot(name: string, value: ParameterValue, type?: ParameterType): string;
  /** A slot for a parameter that is described; undefined where there are as many as there may be. */
  declare(parameter: Parameter): string | undefined;
}

const most = 30;
const reserved = new Set(["me", "team", "tenant"]);

/** What a text is in JSON, where `"5"` is no number. */
export function typeOfText(value: string): ParameterType {
  const type = typeOf(value);
  return type === "date" || type === "instant" ? type : "text";
}

export function createSuggestions(): Suggestions {
  const parameters: Parameter[] = [];
  const values: Record<string, ParameterValue> = {};
  const taken = () => new Set(parameters.map(({ name }) => name.toLowerCase()));
  const declare = (parameter: Parameter): string | undefined => {
    if (parameters.length >= most) return undefined;
    const name = freeName(parameter.name, taken());
    parameters.push({ ...parameter, name });
    return name;
  };
  return {
    parameters,
    values,
    slot: (wanted, value, type = typeOf(value)) => {
      const typed = valueAs(type, value);
      const same = parameters.find((known) => known.name === nameOf(wanted) && known.type === type && values[known.name] === typed);
      const name = same?.name ?? declare({ name: wanted, type, required: true });
      if (name === undefined) return String(value);
      values[name] = typed;
      return `{{${name}}}`;
    },
    declare: (parameter) => {
      const name = declare(parameter);
      return name === undefined ? undefined : `{{${name}}}`;
    },
  };
}

function valueAs(type: ParameterType, value: ParameterValue): ParameterValue {
  if (type === "integer") return Number(value);
  if (type === "boolean") return value === true || value === "true";
  return typeof value === "number" ? String(value) : value;
}

/** Letters, digits and underscores, a letter first, as operations name their parameters. */
function nameOf(wanted: string): string {
  const plain = wanted
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^[_\d]+|_+$/g, "")
    .slice(0, 36);
  return plain === "" ? "value" : plain;
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const name = nameOf(wanted);
  const isFree = (each: string) => !taken.has(each.toLowerCase()) && !reserved.has(each.toLowerCase());
  for (let number = 1; ; number++) {
    const numbered = number === 1 ? name : `${name}_${number}`;
    if (isFree(numbered)) return numbered;
  }
}

function typeOf(value: ParameterValue): ParameterType {
  if (typeof value === "boolean" || value === "true" || value === "false") return "boolean";
  if (typeof value === "number") return Number.isSafeInteger(value) ? "integer" : "decimal";
  if (/^-?(?:0|[1-9]\d{0,14})$/.test(value)) return "integer";
  if (/^-?(?:0|[1-9]\d{0,14})\.\d{1,10}$/.test(value)) return "decimal";
  if (/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(value)) return "date";
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? "instant" : "text";
}

/** What stands behind `/orders/` is an `order_id`. */
export function idNameAfter(segment: string | undefined): string {
  if (segment === undefined || !/^[A-Za-z]/.test(segment)) return "id";
  return `${segment.replace(/ies$/, "y").replace(/([^s])s$/, "$1")}_id`;
}
