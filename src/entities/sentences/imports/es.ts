import type { ImportSentences } from "./en.ts";

export const es: ImportSentences = {
  columnsSet: (there, set) => `El archivo tiene ${there} columnas, y hay ${set} definidas.`,
  noZone: (zone) => `«${zone}» no es una zona horaria.`,
  noField: (field) => `No existe el campo «${field}».`,
  filledTwice: (field, one, other) => `«${field}» lo rellenan dos columnas, «${one}» y «${other}».`,
  holdsFiles: (field) => `«${field}» contiene archivos, que ninguna tabla tiene.`,
  onlyFinds: (field) => `«${field}» lo asigna el producto: una columna solo puede buscar registros con él.`,
  nothingFilled: "Ninguna columna rellena un campo.",
  notUnique: (field) => `«${field}» no es único, así que no sirve para buscar.`,
  noKeyColumn: (field) => `Ninguna columna tiene «${field}», con el que se deben buscar los registros.`,
  requiredUnfilled: (field) => `«${field}» es obligatorio, y ninguna columna lo rellena.`,
  twoWays: (column, sample, ask, ways) => `«${column}» se puede leer de dos maneras: ¿es «${sample}» con ${ask} ${ways}?`,
  or: " o ",
  wholeOnly: (key) => `Quien importa en «${key}» puede verlo y cambiarlo todo; sus roles le limitan a una parte.`,
  noImport: "No existe tal importación suya.",
  ended: (state) => `La importación está ${state}; suba el archivo otra vez.`,
  onlyDraft: (state) => `La importación está ${state}; solo un borrador se puede cambiar.`,
  already: (state) => `La importación ya está ${state}.`,
  cannotBe: (state, wanted) => `La importación está ${state}; ahora no puede pasar a ${wanted}.`,
  elsewhere: "Otro proceso continúa la importación.",
  changedAlways: "Otros cambian continuamente los mismos registros; inicie otra vez la importación.",
  whichFile: "Diga qué archivo: se importan sus filas.",
  noneTaken: (failed, isMore, of) =>
    `No se escribió nada: ${digits(failed)}${isMore ? " y más" : ""} de ${digits(of)} filas no se pueden importar.`,
  whyAt: (address) => `El motivo está en ${address}.`,
  noFile: "Ese archivo no existe; súbalo otra vez e indique su id.",
  emptyFile: (file) => `«${file}» está vacío; no hay nada que importar.`,
  onlyEmptyRows: "El archivo solo tiene filas vacías.",
  onlyHeader: "El archivo tiene los nombres de las columnas y ninguna fila debajo.",
  mostColumns: (there, most) => `El archivo tiene ${there} columnas; el máximo es ${most}.`,
  longRow: (row, most) => `La fila ${row} supera los ${most} MB, el límite de una fila.`,
  openQuote: (row) => `En la fila ${row} unas comillas abren un texto que nunca termina.`,
  unreadableRow: (row, why) => `La fila ${row} no se puede leer: ${why}.`,
  sheets: (there) => `El libro tiene ${there} hojas.`,
  longTexts: "Los textos del libro suman más de 48 millones de caracteres; guárdelo como CSV.",
  unpacksLarge: "El libro ocupa descomprimido más de 2 GB; divídalo o guárdelo como CSV.",
  noCellThere: (place) => `Una celda está en ${place}, donde ninguna hoja tiene una.`,
  brokenWorkbook: "El archivo no es un libro XLSX completo: no se puede descomprimir; guárdelo otra vez.",
  workbookAsText: (file) => `«${file}» es un libro XLSX y no un CSV; llámelo .xlsx o guárdelo como CSV.`,
  oldOffice: (file) =>
    `«${file}» es un archivo de Office antiguo o bloqueado; guárdelo como .xlsx sin contraseña: solo se importan CSV y XLSX.`,
  otherKind: (file, type) => `«${file}» es ${type}: solo se importan CSV y XLSX.`,
  noText: (file) => `«${file}» no es texto: solo se importan CSV y XLSX.`,
  noWorkbook: (file) => `«${file}» no es un libro XLSX, aunque se llame así; a un CSV llámelo .csv.`,
  zipArchive: "El archivo es un ZIP: solo se importan CSV y XLSX.",
};

function digits(count: number): string {
  return count.toLocaleString("es");
}
