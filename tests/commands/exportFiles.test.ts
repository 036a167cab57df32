import { readSheet } from "read-excel-file/node";
import { describe, expect, it } from "vitest";
import { csvFile } from "../../src/commands/exports/csvFile.ts";
import type { TableCell, TableColumn } from "../../src/commands/exports/table.ts";
import { xlsxFile } from "../../src/commands/exports/xlsxFile.ts";
import { columnLetters } from "../../src/commands/exports/xlsxRow.ts";

async function* of(rows: readonly (readonly TableCell[])[]) {
  yield rows;
}

async function whole(pieces: AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return Buffer.concat(all);
}

const csvOf = async (columns: readonly TableColumn[], rows: readonly (readonly TableCell[])[]) =>
  (await whole(csvFile({ columns, batches: of(rows) }, { marked: false }))).toString();
const column = (type: string, name = "a"): TableColumn => ({ name, type });

describe("a CSV file", () => {
  it.each<[TableCell, string]>([
    [null, '""'],
    ["", '""'],
    ["=1+1", "'=1+1"],
    ["＝1", "'＝1"],
    ["\t=1", "'\t=1"],
    ["-1+1", "'-1+1"],
    ["-1", "-1"],
    ["-12345678901234567890.0100", "-12345678901234567890.0100"],
    [-1.5, "-1.5"],
    ["+1", "'+1"],
    [true, "true"],
    ['a"b', '"a""b"'],
    ["=a,b", `"'=a,b"`],
  ])("writes %j as %j", async (cell, written) => {
    expect(await csvOf([column("text")], [[cell]])).toBe(`a\r\n${written}\r\n`);
  });

  it("comes in pieces of 64 KiB, whatever a row holds, and no letter is lost between two", async () => {
    const cells = ["x".repeat(65_535), "é🚀".repeat(50_000), "y"];
    const pieces: Uint8Array[] = [];
    const rows = cells.map((cell) => [cell]);
    for await (const piece of csvFile({ columns: [column("text")], batches: of(rows) }, { marked: false })) pieces.push(piece);
    expect(Math.max(...pieces.map(({ byteLength }) => byteLength))).toBe(64 * 1024);
    expect(Buffer.concat(pieces).toString()).toBe(`a\r\n${cells.join("\r\n")}\r\n`);
  });

  it("tells nothing from an empty text, and a column's name is no formula", async () => {
    expect(await csvOf([column("text", "=a"), column("text", "b")], [[null, ""]])).toBe(`'=a,b\r\n,""\r\n`);
  });
});

describe("an XLSX file", () => {
  it.each<[string, TableCell, unknown]>([
    ["text", "=1+1", "=1+1"],
    ["text", "<&>\u0007 _x0041_", "<&>\u0007 _x0041_"],
    ["text", "007", "007"],
    ["integer", "123456789012345", 123456789012345],
    ["integer", "1234567890123456", "1234567890123456"],
    ["decimal", "-0.00123", -0.00123],
    ["decimal", "0.1234567890123456", "0.1234567890123456"],
    ["float", 0.1, 0.1],
    ["float", "NaN", "NaN"],
    ["date", "2026-11-22", new Date("2026-11-22")],
    ["date", "1900-02-28", "1900-02-28"],
    ["date", "infinity", "infinity"],
    ["instant", "2026-11-22T03:00:00Z", new Date("2026-11-22T03:00:00Z")],
    ["boolean", true, true],
  ])("has a cell of %s %j as %j", async (type, cell, read) => {
    const sheet = await readSheet(await whole(xlsxFile({ columns: [column(type)], batches: of([[cell]]) })), { trim: false });
    expect(sheet).toEqual([["a"], [read]]);
  });

  it("has columns beyond Z", () => {
    expect([0, 25, 26, 701, 702].map(columnLetters)).toEqual(["A", "Z", "AA", "ZZ", "AAA"]);
  });

  it.each([
    ["more rows than a sheet has", [column("text")], Array.from({ length: 1_048_576 }, () => []), /1,048,576 rows/],
    ["a text that no cell holds", [column("text", "notes")], [["x".repeat(32_768)]], /32768 characters in "notes"/],
  ])("is refused aloud for %s", async (_what, columns, rows, message) => {
    await expect(whole(xlsxFile({ columns, batches: of(rows) }))).rejects.toMatchObject({ code: "payload_too_large", message });
  });

  it("is not read faster than it is taken", async () => {
    let read = 0;
    async function* endless() {
      for (;;) {
        read += 1;
        yield Array.from({ length: 100 }, () => [Math.random().toString(36)]);
      }
    }
    const pieces = xlsxFile({ columns: [column("text")], batches: endless() });
    for (let taken = 0; taken < 5; taken++) await pieces.next();
    const before = read;
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    expect(read).toBeLessThan(500);
    expect(read - before).toBeLessThan(200);
    await pieces.return(undefined);
  });
});
