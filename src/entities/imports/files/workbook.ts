import { refused } from "../../sentences/imports/sentences.ts";
import { sheetRows } from "./sheetRows.ts";
import type { TableRow } from "./tableRow.ts";
import { unescaped } from "./workbookParts.ts";
import { readAllXml } from "./xml.ts";
import { type ByteSource, broken, openZip, type ZipParts } from "./zipParts.ts";

/** An XLSX workbook (ECMA-376, part 1, 18) as far as a table needs it. */
export interface Workbook {
  /** The names of its sheets that are shown. */
  sheets: string[];
  /** The rows of a sheet, by its place. Refusals: `invalid_value`, `payload_too_large`. */
  rows(sheet: number): AsyncGenerator<TableRow>;
  close(): void;
}

/** Refusal `invalid_value` where it is none. */
export async function openWorkbook(source: ByteSource): Promise<Workbook> {
  const zip = await openZip(source);
  try {
    const { sheets, is1904 } = await readSheets(zip);
    if (sheets.length === 0) throw broken();
    return {
      sheets: sheets.map(({ name }) => name),
      rows: async function* (sheet) {
        const wanted = sheets[sheet];
        if (wanted === undefined) throw refused("invalid_value", "reading.sheet", (say) => say.sheets(sheets.length));
        const parts = { texts: await readTexts(zip), areTimes: await readStyles(zip), is1904 };
        yield* sheetRows(await zip.open(wanted.path), parts);
      },
      close: zip.close,
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

const book = "xl/workbook.xml";

async function readSheets(zip: ZipParts): Promise<{ sheets: { name: string; path: string }[]; is1904: boolean }> {
  const found: { name: string; id: string }[] = [];
  let is1904 = false;
  await readAllXml(await zip.open(book), {
    open: (name, attributes) => {
      if (name === "workbookPr") is1904 = attributes["date1904"] === "1" || attributes["date1904"] === "true";
      if (name !== "sheet" || (attributes["state"] ?? "visible") !== "visible") return;
      const id = Object.entries(attributes).find(([key]) => key.endsWith(":id"))?.[1];
      if (id !== undefined) found.push({ name: attributes["name"] ?? "", id });
    },
  });
  const paths = new Map<string, string>();
  await readAllXml(await zip.open("xl/_rels/workbook.xml.rels"), {
    open: (name, { Id: id, Target: target }) => {
      if (name === "Relationship" && id !== undefined && target !== undefined)
        paths.set(id, target.startsWith("/") ? target.slice(1) : `xl/${target}`);
    },
  });
  const sheets = found.flatMap(({ name, id }) => {
    const path = paths.get(id);
    return path === undefined || !zip.has(path) ? [] : [{ name, path }];
  });
  return { sheets, is1904 };
}

/** They are held while a sheet is read. */
const mostCharacters = 48 * 1024 * 1024;

async function readTexts(zip: ZipParts): Promise<string[]> {
  const texts: string[] = [];
  if (!zip.has("xl/sharedStrings.xml")) return texts;
  let [text, characters] = ["", 0];
  let [isText, isPhonetic] = [false, false];
  await readAllXml(await zip.open("xl/sharedStrings.xml"), {
    open: (name) => {
      if (name === "rPh") isPhonetic = true;
      isText = name === "t" && !isPhonetic;
    },
    text: (piece) => {
      if (!isText) return;
      text += piece;
      characters += piece.length;
      if (characters > mostCharacters) throw refused("payload_too_large", "file", (say) => say.longTexts);
    },
    close: (name) => {
      isText = false;
      if (name === "rPh") isPhonetic = false;
      if (name !== "si") return;
      texts.push(unescaped(text));
      text = "";
    },
  });
  return texts;
}

async function readStyles(zip: ZipParts): Promise<boolean[]> {
  const own = new Map<number, string>();
  const areTimes: boolean[] = [];
  let isCell = false;
  if (!zip.has("xl/styles.xml")) return areTimes;
  await readAllXml(await zip.open("xl/styles.xml"), {
    open: (name, attributes) => {
      if (name === "numFmt") own.set(Number(attributes["numFmtId"]), attributes["formatCode"] ?? "");
      if (name === "cellXfs") isCell = true;
      if (name === "xf" && isCell) areTimes.push(isTime(Number(attributes["numFmtId"] ?? 0), own));
    },
    close: (name) => {
      if (name === "cellXfs") isCell = false;
    },
  });
  return areTimes;
}

/** Formats of days and times (18.8.30), those of other languages too, and a workbook's own: with a letter of a date outside of quotes and brackets. */
function isTime(format: number, own: ReadonlyMap<number, string>): boolean {
  const code = own.get(format);
  if (code === undefined) return (format >= 14 && format <= 22) || (format >= 27 && format <= 36) || (format >= 45 && format <= 58);
  return /[ymdhs]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\./g, "").replace(/general/gi, ""));
}
