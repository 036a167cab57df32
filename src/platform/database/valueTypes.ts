import pg from "pg";

const { builtins } = pg.types;

/**
 * How values leave the database: bigint and its arrays as numbers (ours count rows and seqs, far below 2^53; beyond it is an error, not a
 * rounded number), timestamptz as Date, date as text. The rest as `pg` has it: numeric as text, json parsed, bytea as Buffer.
 */
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    format === "binary" ? pg.types.getTypeParser(oid, format) : (parsers.get(oid) ?? pg.types.getTypeParser(oid, "text")),
};

const int8Array = 1016;

const parsers = new Map<number, (text: string) => unknown>([
  [builtins.INT8, parseBigint],
  [int8Array, parseBigints],
  [builtins.DATE, (text) => text],
  [builtins.TIMESTAMPTZ, createInstantParser()],
]);

/** The rows of one statement mostly carry one time, that of their commit: it is read once. */
function createInstantParser(): (text: string) => Date {
  const parse: (text: string) => Date = pg.types.getTypeParser(builtins.TIMESTAMPTZ, "text");
  let last = "";
  let instant = new Date(0);
  return (text) => {
    if (text !== last) {
      instant = parse(text);
      last = text;
    }
    return instant;
  };
}

function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError("a bigint beyond 2^53 came from the database");
  return value;
}

function parseBigints(text: string): (number | null)[] {
  if (text === "{}") return [];
  return text
    .slice(1, -1)
    .split(",")
    .map((item) => (item === "NULL" ? null : parseBigint(item)));
}
