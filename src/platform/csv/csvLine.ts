/** What a spreadsheet would take for the beginning of a formula (ASVS 1.2.10), with the full-width twins and what it passes over. */
const formula = /^[=+\-@＝＋－＠\p{Cc}]/u;
const plainNumber = /^-?\d+(\.\d+)?$/;

/**
 * A line of a CSV file by RFC 4180, with its end. What isn't there is nothing, an empty text is `""`. A text that a spreadsheet would calculate gets
 * an apostrophe before it; a number is none of these, though it begins with "-".
 */
export function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  // An empty line would be none to many readers.
  if (cells.length === 1 && cells[0] === null) return '""\r\n';
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(cell: string | number | boolean | null): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  const inert = formula.test(cell) && !plainNumber.test(cell) ? `'${cell}` : cell;
  return inert === "" || /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
