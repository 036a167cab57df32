import { Refusal } from "../protocol/refusal.ts";

const longestName = 120;

/**
 * A name that is safe to show and to save under, of at most 120 characters: the last part of a path, without control and direction
 * characters (`photo\u202Egpj.exe` reads as a picture), without what Windows can't have in a name, and never one of its devices.
 */
export function cleanFileName(given: string): string {
  const last = given.toWellFormed().split(/[/\\]/).at(-1) ?? "";
  const clean = last
    .normalize("NFC")
    // Format characters but those that join emoji and Indic or Persian letters.
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]|(?![\u200C\u200D])\p{Cf}/gu, "")
    .replaceAll(/[<>:"|?*]/g, "_")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/^[. ]+|[. ]+$/g, "");
  const named = /[^\p{Default_Ignorable_Code_Point}\s]/u.test(clean) ? shortened(clean) : "file";
  return devices.test(named) ? `_${named}` : named;
}

const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Cut in the middle: the ending tells a person what it is. */
function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= longestName) return name;
  const ending = /\.[\p{L}\p{N}]{1,10}$/u.exec(name)?.[0] ?? "";
  return `${letters.slice(0, longestName - 1 - [...ending].length).join("")}…${ending}`;
}

/** What a double click starts, on one system or another. */
const programs = new Set(
  "apk app appref-ms bat chm cmd com cpl dll dmg exe gadget hta inf iso jar js jse lnk msc msi msp pif ps1 reg scf scr sct vb vbe vbs wsf wsh".split(
    " ",
  ),
);
const programTypes = new Set(["application/x-msdownload", "application/x-elf", "application/x-mach-binary", "application/x-ms-shortcut"]);

/** Refusal `unsupported_media_type` for a program, by its name or by its content: nobody should start what a stranger sent. */
export function refuseProgram(name: string, mediaType: string): void {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  if (!programs.has(ending) && !programTypes.has(mediaType)) return;
  throw new Refusal("unsupported_media_type", `"${name}" is a program, and programs can't be sent; send a document or a picture.`, {
    path: "file",
  });
}
