import { Readable } from "node:stream";
import { CsvError, type Options, parse } from "csv-parse";
import { type ImportDelimiter, importDelimiters } from "../../../protocol/imports.ts";
import { refused } from "../../sentences/imports/sentences.ts";
import type { TableRow } from "./tableRow.ts";

/** Of one row, in characters: far more than an entity holds. */
const longestRow = 4 * 1024 * 1024;

const how = {
  // Files that were put together from several have several.
  record_delimiter: ["\r\n", "\n", "\r"],
  relax_column_count: true,
  // 12" pipe
  relax_quotes: true,
  skip_empty_lines: false,
  max_record_size: longestRow,
} satisfies Options;

/** The rows of a CSV (RFC 4180, and what is found besides). Refusals: `payload_too_large` for a row, `invalid_value` for a quote that isn't closed. */
export async function* csvRows(text: AsyncIterable<string>, delimiter: ImportDelimiter): AsyncGenerator<TableRow> {
  const source = Readable.from(text);
  const parser = parse({ ...how, delimiter });
  source.on("error", (error) => parser.destroy(error));
  source.pipe(parser);
  let number = 0;
  try {
    for await (const cells of parser) yield { number: ++number, cells };
  } catch (error) {
    throw error instanceof CsvError ? told(error, number + 1) : error;
  } finally {
    source.destroy();
    parser.destroy();
  }
}

function told({ code, message }: CsvError, row: number): Error {
  if (code === "CSV_MAX_RECORD_SIZE") return refused("payload_too_large", "file", (say) => say.longRow(row, longestRow / 1024 / 1024));
  if (code === "CSV_QUOTE_NOT_CLOSED") return refused("invalid_value", "file", (say) => say.openQuote(row));
  return refused("invalid_value", "file", (say) => say.unreadableRow(row, message.slice(0, 200)));
}

const looked = 50;

/** What most probably stands between the cells: what gives the beginning the most columns, the same number in nearly all rows. */
export async function guessDelimiter(beginning: string): Promise<ImportDelimiter> {
  let [best, most]: [ImportDelimiter, number] = [",", 0];
  for (const delimiter of importDelimiters) {
    const widths = await firstWidths(beginning, delimiter);
    const [width = 0] = widths;
    const same = widths.filter((one) => one === width).length;
    const score = width < 2 ? 0 : (same / widths.length) ** 2 * (1 + Math.log(width));
    if (score > most) [best, most] = [delimiter, score];
  }
  return best;
}

async function firstWidths(beginning: string, delimiter: ImportDelimiter): Promise<number[]> {
  const widths: number[] = [];
  try {
    for await (const { cells } of csvRows(Readable.from([beginning]), delimiter)) {
      if (cells.length > 1 || cells[0] !== "") widths.push(cells.length);
      if (widths.length === looked) break;
    }
  } catch {
    // The beginning may end within a quoted text.
  }
  // The last may be cut.
  return widths.length > 1 && widths.length < looked ? widths.slice(0, -1) : widths;
}
