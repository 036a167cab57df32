import type { ImportSentences } from "./en.ts";

export const de: ImportSentences = {
  columnsSet: (there, set) => `Die Datei hat ${there} Spalten, gesetzt sind ${set}.`,
  noZone: (zone) => `„${zone}“ ist keine Zeitzone.`,
  noField: (field) => `Es gibt kein Feld „${field}“.`,
  filledTwice: (field, one, other) => `„${field}“ wird von zwei Spalten gefüllt, „${one}“ und „${other}“.`,
  holdsFiles: (field) => `„${field}“ enthält Dateien, die keine Tabelle hat.`,
  onlyFinds: (field) => `„${field}“ wird vom Produkt vergeben: eine Spalte kann damit nur Einträge finden.`,
  nothingFilled: "Keine Spalte füllt ein Feld.",
  notUnique: (field) => `„${field}“ ist nicht eindeutig, damit lässt sich nichts finden.`,
  noKeyColumn: (field) => `Keine Spalte hat „${field}“, womit Einträge gefunden werden sollen.`,
  requiredUnfilled: (field) => `„${field}“ ist Pflicht, und keine Spalte füllt es.`,
  twoWays: (column, sample, ask, ways) => `„${column}“ lässt sich auf zwei Arten lesen: ist „${sample}“ mit ${ask} ${ways}?`,
  or: " oder ",
  wholeOnly: (key) => `Wer in „${key}“ importiert, darf alles davon sehen und ändern; Ihre Rollen beschränken Sie auf einen Teil.`,
  noImport: "Einen solchen Import von Ihnen gibt es nicht.",
  ended: (state) => `Der Import ist ${state}; laden Sie die Datei noch einmal hoch.`,
  onlyDraft: (state) => `Der Import ist ${state}; nur ein Entwurf lässt sich ändern.`,
  already: (state) => `Der Import ist schon ${state}.`,
  cannotBe: (state, wanted) => `Der Import ist ${state}; er kann jetzt nicht ${wanted} werden.`,
  elsewhere: "Ein anderer Prozess setzt den Import fort.",
  changedAlways: "Andere ändern ständig dieselben Einträge; starten Sie den Import noch einmal.",
  whichFile: "Sagen Sie, welche Datei: ihre Zeilen werden importiert.",
  noneTaken: (failed, isMore, of) =>
    `Es wurde nichts geschrieben: ${digits(failed)}${isMore ? " und mehr" : ""} von ${digits(of)} Zeilen lassen sich nicht übernehmen.`,
  whyAt: (address) => `Warum, steht in ${address}.`,
  noFile: "Diese Datei gibt es nicht; laden Sie sie noch einmal hoch und nennen Sie ihre id.",
  emptyFile: (file) => `„${file}“ ist leer; darin gibt es nichts zu importieren.`,
  onlyEmptyRows: "Die Datei hat nur leere Zeilen.",
  onlyHeader: "Die Datei hat die Namen der Spalten und darunter keine Zeile.",
  mostColumns: (there, most) => `Die Datei hat ${there} Spalten; höchstens ${most} sind erlaubt.`,
  longRow: (row, most) => `Zeile ${row} ist länger als ${most} MB, die Grenze für eine Zeile.`,
  openQuote: (row) => `In Zeile ${row} öffnet ein Anführungszeichen einen Text, der nie endet.`,
  unreadableRow: (row, why) => `Zeile ${row} lässt sich nicht lesen: ${why}.`,
  sheets: (there) => `Die Arbeitsmappe hat ${there} Blätter.`,
  longTexts: "Die Texte der Arbeitsmappe haben zusammen über 48 Millionen Zeichen; speichern Sie sie als CSV.",
  unpacksLarge: "Die Arbeitsmappe ist entpackt größer als 2 GB; teilen Sie sie, oder speichern Sie sie als CSV.",
  noCellThere: (place) => `Eine Zelle liegt bei ${place}, wo kein Blatt eine hat.`,
  brokenWorkbook: "Die Datei ist keine vollständige XLSX-Arbeitsmappe: sie lässt sich nicht entpacken; speichern Sie sie noch einmal.",
  workbookAsText: (file) => `„${file}“ ist eine XLSX-Arbeitsmappe und keine CSV; nennen Sie sie .xlsx, oder speichern Sie sie als CSV.`,
  oldOffice: (file) =>
    `„${file}“ ist eine alte oder gesperrte Office-Datei; speichern Sie sie als .xlsx ohne Passwort: nur CSV und XLSX lassen sich importieren.`,
  otherKind: (file, type) => `„${file}“ ist ${type}: nur CSV und XLSX lassen sich importieren.`,
  noText: (file) => `„${file}“ ist kein Text: nur CSV und XLSX lassen sich importieren.`,
  noWorkbook: (file) => `„${file}“ ist keine XLSX-Arbeitsmappe, obwohl sie so heißt; nennen Sie eine CSV .csv.`,
  zipArchive: "Die Datei ist ein ZIP-Archiv: nur CSV und XLSX lassen sich importieren.",
};

function digits(count: number): string {
  return count.toLocaleString("de");
}
