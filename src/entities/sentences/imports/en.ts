/** What is told of imports and their files; their rows are told of as entities. The other languages have the same. */
export const en = {
  columnsSet: (there: number, set: number) => `The file has ${there} columns, and ${set} are set.`,
  noZone: (zone: string) => `"${zone}" is no time zone.`,
  noField: (field: string) => `There is no field "${field}".`,
  filledTwice: (field: string, one: string, other: string) => `"${field}" is filled by two columns, "${one}" and "${other}".`,
  holdsFiles: (field: string) => `"${field}" holds files, which no table has.`,
  onlyFinds: (field: string) => `"${field}" is given by the product: a column can only find entities by it.`,
  nothingFilled: "No column fills a field.",
  notUnique: (field: string) => `"${field}" isn't unique, so nothing is found by it.`,
  noKeyColumn: (field: string) => `No column has "${field}", by which entities shall be found.`,
  requiredUnfilled: (field: string) => `"${field}" is required, and no column fills it.`,
  twoWays: (column: string, sample: string, ask: string, ways: string) =>
    `"${column}" can be read in two ways: is "${sample}" with ${ask} ${ways}?`,
  or: " or ",
  wholeOnly: (key: string) => `Who imports into "${key}" may see and change all of it; your roles limit you to a part.`,
  noImport: "There is no such import of yours.",
  ended: (state: string) => `The import is ${state}; upload the file again.`,
  onlyDraft: (state: string) => `The import is ${state}; only a draft can be changed.`,
  already: (state: string) => `The import is ${state} already.`,
  cannotBe: (state: string, wanted: string) => `The import is ${state}; it can't be ${wanted} now.`,
  elsewhere: "Another process goes on with the import.",
  changedAlways: "Others change the same entities all the time; start the import again.",
  whichFile: "Say which file: its rows are what is imported.",
  noneTaken: (failed: number, isMore: boolean, of: number) =>
    `Nothing was written: ${digits(failed)}${isMore ? " and more" : ""} of ${digits(of)} rows can't be taken.`,
  whyAt: (address: string) => `Why is in ${address}.`,
  noFile: "There is no such file; upload it again, and give its id.",
  emptyFile: (file: string) => `"${file}" is empty; there is nothing in it to import.`,
  onlyEmptyRows: "The file has nothing but empty rows.",
  onlyHeader: "The file has the names of columns, and no row below them.",
  mostColumns: (there: string, most: string) => `The file has ${there} columns; ${most} are the most.`,
  longRow: (row: number, most: number) => `Row ${row} is longer than ${most} MB, the limit of a row.`,
  openQuote: (row: number) => `In row ${row} a quotation mark opens a text that never ends.`,
  unreadableRow: (row: number, why: string) => `Row ${row} can't be read: ${why}.`,
  sheets: (there: number) => `The workbook has ${there} sheets.`,
  longTexts: "The workbook's texts have more than 48 million characters together; save it as CSV.",
  unpacksLarge: "The workbook unpacks to more than 2 GB; split it, or save it as CSV.",
  noCellThere: (place: string) => `A cell is at ${place}, where no sheet has one.`,
  brokenWorkbook: "The file is no whole XLSX workbook: it can't be unpacked; save it again.",
  workbookAsText: (file: string) => `"${file}" is an XLSX workbook and no CSV; call it .xlsx, or save it as CSV.`,
  oldOffice: (file: string) =>
    `"${file}" is an old or locked office file; save it as .xlsx without a password: only CSV and XLSX can be imported.`,
  otherKind: (file: string, type: string) => `"${file}" is ${type}: only CSV and XLSX can be imported.`,
  noText: (file: string) => `"${file}" is no text: only CSV and XLSX can be imported.`,
  noWorkbook: (file: string) => `"${file}" is no XLSX workbook, though it is called so; call a CSV .csv.`,
  zipArchive: "The file is a ZIP archive: only CSV and XLSX can be imported.",
};

export type ImportSentences = typeof en;

function digits(count: number): string {
  return count.toLocaleString("en");
}
