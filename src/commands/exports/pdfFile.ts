import { createRequire } from "node:module";
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
 * and `invalid_value` for letters that our fonts lack, or that are written from right to left.
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
  const line = (cells: readonly string[], weight: keyof typeof everywhere) => {
    let x = margin;
    for (const [index, text] of cells.entries()) {
      pages.font(isEverywhere(text) ? everywhere[weight] : brought[weight]).fontSize(fontSize);
      const width = widths?.[index] ?? 0;
      pages.text(text, x, y + fontSize, {
        width: Math.max(1, width - gap),
        height: rowHeight,
        lineBreak: false,
        ellipsis: true,
        baseline: "alphabetic",
      });
      x += width;
    }
    y += rowHeight;
  };
  const head = () => {
    y = margin;
    line(
      columns.map(({ name }) => printable(name, "the names of columns")),
      "bold",
    );
    pages
      .moveTo(margin, y - 3)
      .lineTo(pages.page.width - margin, y - 3)
      .lineWidth(0.5)
      .stroke();
    pages
      .font(everywhere.plain)
      .fontSize(fontSize)
      .text(String(page), margin, pages.page.height - margin - rowHeight, { lineBreak: false });
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
        "plain",
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

const { resolve: findFile } = createRequire(import.meta.url);

/** Those that no PDF has to bring, and for other letters those that it brings, as far as it needs them. */
const everywhere = { plain: "Helvetica", bold: "Helvetica-Bold" };
const brought = {
  get plain() {
    return findFile("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
  },
  get bold() {
    return findFile("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf");
  },
};

/** Windows-1252. */
function isEverywhere(text: string): boolean {
  return /^[\u0020-\u007E\u00A0-\u00FF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/u.test(text);
}

// The blocks of Latin, Greek and Cyrillic, signs, currencies, arrows, mathematics and shapes, as far as DejaVu Sans 2.37 has all of them.
const strangeLetter =
  /[^\u0020-\u007E\u00A0-\u02AF\u0370-\u0525\u1E00-\u1EFB\u1F00-\u1FFF\u2010-\u2027\u2030-\u205E\u20A0-\u20B5\u20B8-\u20BA\u20BD\u2122\u2190-\u22FF\u25A0-\u25FF]/u;

function printable(text: string, column: string): string {
  const composed = text.normalize("NFC");
  const strange = strangeLetter.exec(composed)?.[0];
  if (strange === undefined || isEverywhere(composed)) return composed;
  throw new Refusal("invalid_value", `"${strange}" in "${column.slice(0, 60)}" is a letter that a PDF of ours can't print; take the XLSX.`);
}
