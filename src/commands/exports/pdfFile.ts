import { Refusal } from "../../protocol/refusal.ts";
import type { TableCell, TableColumn, TableRows } from "./table.ts";

/** What is printed has an end: some three hundred pages. */
export const pdfRowsAtMost = 10_000;
const columnsAtMost = 20;
/** In points, of a page of A4 on its side. */
const margin = 36;
const rowHeight = 14;
const fontSize = 8;
const gap = 4;

/**
 * The rows as a table on pages, with the names of the columns on each, and what doesn't fit a cell cut with an ellipsis. Refusals: `payload_too_large`,
 * and `invalid_value` for letters that the fonts of every PDF reader lack.
 */
export async function* pdfFile({ columns, batches }: TableRows): AsyncGenerator<Uint8Array> {
  if (columns.length > columnsAtMost)
    throw new Refusal(
      "payload_too_large",
      `A page has room for ${columnsAtMost} columns, and there are ${columns.length}; choose some, or take the XLSX.`,
    );
  // Fonts and all it is a tenth of a start: whoever prints waits for it.
  const { default: PDFDocument } = await import("pdfkit");
  const pages = new PDFDocument({ size: "A4", layout: "landscape", margin });
  void writeTable(pages, columns, batches).then(
    () => pages.end(),
    (error: Error) => pages.destroy(error),
  );
  for await (const piece of pages) yield Buffer.from(piece);
}

async function writeTable(pages: PDFKit.PDFDocument, columns: readonly TableColumn[], batches: TableRows["batches"]): Promise<void> {
  let count = 0;
  let widths: number[] | undefined;
  let [y, page] = [margin, 1];
  const bottom = pages.page.height - 2 * margin;
  const line = (cells: readonly string[], font: "Helvetica" | "Helvetica-Bold") => {
    pages.font(font).fontSize(fontSize);
    let x = margin;
    for (const [index, text] of cells.entries()) {
      const width = widths?.[index] ?? 0;
      pages.text(text, x, y, { width: Math.max(1, width - gap), height: rowHeight, lineBreak: false, ellipsis: true });
      x += width;
    }
    y += rowHeight;
  };
  const head = () => {
    y = margin;
    line(
      columns.map(({ name }) => printable(name, "the names of columns")),
      "Helvetica-Bold",
    );
    pages
      .moveTo(margin, y - 3)
      .lineTo(pages.page.width - margin, y - 3)
      .lineWidth(0.5)
      .stroke();
    pages.fontSize(fontSize).text(String(page), margin, pages.page.height - margin - rowHeight, { lineBreak: false });
  };
  for await (const rows of batches) {
    count += rows.length;
    if (count > pdfRowsAtMost)
      throw new Refusal("payload_too_large", "A PDF holds 10,000 rows at most, and there are more; ask for less at once, or take the CSV.");
    if (widths === undefined) {
      widths = widthsOf(columns, rows, pages.page.width - 2 * margin);
      head();
    }
    for (const row of rows) {
      if (y > bottom) {
        pages.addPage();
        page++;
        head();
      }
      line(
        row.map((cell, index) => printable(textOf(cell), columns[index]?.name ?? "")),
        "Helvetica",
      );
    }
  }
  widths ??= widthsOf(columns, [], pages.page.width - 2 * margin);
  if (count === 0) head();
}

/** By the longest of the first rows, none less than its name's share and none more than a third of the page. */
function widthsOf(columns: readonly TableColumn[], rows: readonly (readonly TableCell[])[], whole: number): number[] {
  const wanted = columns.map(({ name }, index) =>
    Math.min(60, Math.max(4, name.length, ...rows.map((row) => textOf(row[index] ?? null).length))),
  );
  const total = wanted.reduce((sum, one) => sum + one, 0);
  return wanted.map((one) => (one / total) * whole);
}

function textOf(cell: TableCell): string {
  if (cell === null) return "";
  return typeof cell === "boolean" ? (cell ? "yes" : "no") : String(cell).replaceAll(/\s+/g, " ");
}

/** The fonts that no PDF has to bring have the letters of Windows-1252. */
function printable(text: string, column: string): string {
  const strange = /[^\u0020-\u007E\u00A0-\u00FF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/u.exec(text.normalize("NFC"))?.[0];
  if (strange === undefined) return text.normalize("NFC");
  throw new Refusal("invalid_value", `"${strange}" in "${column.slice(0, 60)}" is a letter that a PDF of ours can't print; take the XLSX.`);
}
