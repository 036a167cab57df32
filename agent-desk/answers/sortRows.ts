export type Cell = string | number | boolean | null;

export interface Sorting {
  column: number;
  down: boolean;
}

const numeric = new Set(["integer", "decimal", "float", "number", "money"]);
const texts = new Intl.Collator(undefined, { numeric: true });

export function isNumeric(type: string | undefined): boolean {
  return numeric.has(type ?? "");
}

/** The rows in the order of a column: numbers by their value however many digits they have, dates by time, texts as people list them; what is empty is last, up or down. */
export function sortRows<Row extends readonly Cell[]>(rows: readonly Row[], type: string | undefined, { column, down }: Sorting): Row[] {
  const compare = comparing(type);
  return rows.toSorted((one, other) => {
    const [a, b] = [one[column] ?? "", other[column] ?? ""];
    if (a === "" || b === "") return Number(a === "") - Number(b === "");
    return down ? compare(b, a) : compare(a, b);
  });
}

function comparing(type: string | undefined): (a: string | number | boolean, b: string | number | boolean) => number {
  if (isNumeric(type)) return (a, b) => compareNumbers(String(a), String(b));
  // ISO 8601 sorts as text.
  if (type === "date" || type === "instant" || type === "time") return (a, b) => (a < b ? -1 : Number(a > b));
  return (a, b) => texts.compare(String(a), String(b));
}

function compareNumbers(a: string, b: string): number {
  const [one, other] = [Number(a), Number(b)];
  if (Number.isNaN(one) || Number.isNaN(other)) return Number(Number.isNaN(one)) - Number(Number.isNaN(other));
  if (one !== other || a === b) return one < other ? -1 : Number(one > other);
  // Beyond 53 bits two numbers may be one double.
  const places = Math.max(placesOf(a), placesOf(b));
  const difference = scaled(a, places) - scaled(b, places);
  return difference < 0n ? -1 : Number(difference > 0n);
}

function placesOf(decimal: string): number {
  return decimal.split(".")[1]?.length ?? 0;
}

/** An exponent has no more digits than a double: those are told apart before. */
function scaled(decimal: string, places: number): bigint {
  if (!/^-?\d+(\.\d+)?$/.test(decimal)) return 0n;
  return BigInt(decimal.replace(".", "") + "0".repeat(places - placesOf(decimal)));
}
