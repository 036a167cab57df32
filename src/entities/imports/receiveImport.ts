import { fileTypeFromBuffer } from "file-type";
import { v7 as newId } from "uuid";
import type { AccountPrincipal } from "../../access/principal.ts";
import { cleanFileName } from "../../files/fileName.ts";
import { keepParts, readParts } from "../../files/parts.ts";
import { type ImportReading, type ImportView, maxImportBytes } from "../../protocol/imports.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { type ImportSay, refused } from "../sentences/imports/sentences.ts";
import { guessDelimiter } from "./files/csvRows.ts";
import { type BytesSeen, isText, watchBytes } from "./files/encoding.ts";
import { openWorkbook, type Workbook } from "./files/workbook.ts";
import { forgetFile } from "./forgetImports.ts";
import { deleteImport, insertArriving, saveArrived } from "./importStore.ts";
import { fileRows, type KeptFile, keptFile } from "./openFile.ts";
import { noCounts } from "./planRows.ts";
import { type ImportOutside, readImport, requireImportable } from "./prepareImport.ts";
import { scanTable } from "./scanTable.ts";
import { guessSettings } from "./settings.ts";

/**
 * Takes a file in and says what it is: a draft, by which nothing is written yet. Whatever breaks off or is refused leaves nothing. Refusals: `not_found`,
 * `conflict` where the blueprint is in the trash, `nothing_to_send`, `payload_too_large`, `unsupported_media_type`, `invalid_value` and `unavailable`.
 */
export async function receiveImport(
  outside: ImportOutside,
  by: AccountPrincipal,
  key: string,
  { id = newId(), name: given, content }: { id?: string; name: string; content: AsyncIterable<Uint8Array> },
): Promise<ImportView> {
  const { clock, database } = outside;
  const blueprint = await requireImportable(outside, by, key);
  const sql = database.forTenant(by.tenant);
  const name = cleanFileName(given);
  await insertArriving(sql, { id, blueprint: blueprint.id, name, by: by.account, at: new Date(clock.now()) });
  try {
    const watched = watchBytes();
    const file = keptFile(by.tenant, { id, size: 0 });
    const { size, sha256 } = await keepParts(outside, file.key, content, { mostBytes: maxImportBytes, look: watched.look });
    if (size === 0) throw refused("nothing_to_send", "file", (say) => say.emptyFile(name));
    const { reading, sheets } = await readingOf(outside, { ...file, size }, name, watched.seen());
    const { header, rows, columns } = await scanTable(fileRows(outside, { ...file, size }, { ...reading, header: true }), undefined);
    const { settings } = guessSettings(blueprint.definition.fields, columns);
    const arrived = { id, size, sha256, reading: { ...reading, header }, sheets, rows, seen: columns, settings, counts: noCounts };
    await saveArrived(sql, arrived, new Date(clock.now()));
  } catch (error) {
    // What can't be deleted now, the row still names.
    await forgetFile(outside, by.tenant, { id })
      .then(() => deleteImport(sql, id))
      .catch(() => {});
    throw error;
  }
  return await readImport(outside, by, key, id);
}

const zip = Buffer.from("PK\x03\x04");

/** How the file is read, by what it is and not by what it is called. Refusal `unsupported_media_type` where it is no table, or called otherwise. */
async function readingOf(
  outside: ImportOutside,
  file: KeptFile,
  name: string,
  { head, encoding }: BytesSeen,
): Promise<{ reading: Omit<ImportReading, "header">; sheets: string[] }> {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase();
  const isWorkbook = head.subarray(0, zip.length).equals(zip);
  const workbook = isWorkbook ? await tryWorkbook(outside, file, ending) : undefined;
  if (workbook !== undefined) {
    if (ending === "csv" || ending === "tsv" || ending === "txt") throw unsupported((say) => say.workbookAsText(name));
    workbook.close();
    return { reading: { kind: "xlsx", encoding: "utf-8", delimiter: ",", sheet: 0 }, sheets: workbook.sheets };
  }
  const isWide = encoding === "utf-16le" || encoding === "utf-16be";
  const found = isWide ? undefined : await fileTypeFromBuffer(head).catch(() => undefined);
  if (found !== undefined && (!isText(head) || found.mime === "application/pdf" || found.mime === "application/rtf")) {
    throw unsupported((say) => (found.mime === "application/x-cfb" ? say.oldOffice(name) : say.otherKind(name, found.mime)));
  }
  if (!isWide && !isText(head)) throw unsupported((say) => say.noText(name));
  if (ending === "xlsx" || ending === "xls") throw unsupported((say) => say.noWorkbook(name));
  const beginning = new TextDecoder(encoding).decode(head);
  return { reading: { kind: "csv", encoding, delimiter: await guessDelimiter(beginning), sheet: 0 }, sheets: [] };
}

async function tryWorkbook(outside: ImportOutside, { key, size }: KeptFile, ending: string | undefined): Promise<Workbook> {
  try {
    return await openWorkbook({ size, read: (start, end) => readParts(outside, key, start, end) });
  } catch (error) {
    if (!(error instanceof Refusal) || ending === "xlsx" || error.code !== "invalid_value") throw error;
    throw unsupported((say) => say.zipArchive);
  }
}

function unsupported(say: ImportSay): Refusal {
  return refused("unsupported_media_type", "file", say);
}
