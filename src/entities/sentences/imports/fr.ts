import type { ImportSentences } from "./en.ts";

export const fr: ImportSentences = {
  columnsSet: (there, set) => `Le fichier a ${there} colonnes, et ${set} sont définies.`,
  noZone: (zone) => `« ${zone} » n'est pas un fuso horaire.`,
  noField: (field) => `Il n'y a pas de champ « ${field} ».`,
  filledTwice: (field, one, other) => `« ${field} » est rempli par deux colonnes, « ${one} » et « ${other} ».`,
  holdsFiles: (field) => `« ${field} » contient des fichiers, qu'aucun tableau n'a.`,
  onlyFinds: (field) => `« ${field} » est attribué par le produit : une colonne ne peut que trouver des fiches par lui.`,
  nothingFilled: "Aucune colonne ne remplit de champ.",
  notUnique: (field) => `« ${field} » n'est pas unique : rien ne se trouve par lui.`,
  noKeyColumn: (field) => `Aucune colonne n'a « ${field} », par lequel les fiches doivent être trouvées.`,
  requiredUnfilled: (field) => `« ${field} » est obligatoire, et aucune colonne ne le remplit.`,
  twoWays: (column, sample, ask, ways) => `« ${column} » se lit de deux façons : « ${sample} » est-il, avec ${ask}, ${ways} ?`,
  or: " ou ",
  wholeOnly: (key) => `Qui importe dans « ${key} » peut tout en voir et modifier ; vos rôles vous limitent à une partie.`,
  noImport: "Vous n'avez pas d'import de ce nom.",
  ended: (state) => `L'import est ${state} ; envoyez le fichier de nouveau.`,
  onlyDraft: (state) => `L'import est ${state} ; seul un brouillon peut être modifié.`,
  already: (state) => `L'import est déjà ${state}.`,
  cannotBe: (state, wanted) => `L'import est ${state} ; il ne peut pas devenir ${wanted} maintenant.`,
  elsewhere: "Un autre processus poursuit l'import.",
  changedAlways: "D'autres modifient sans cesse les mêmes fiches ; relancez l'import.",
  whichFile: "Dites quel fichier : ce sont ses lignes qui sont importées.",
  noneTaken: (failed, isMore, of) =>
    `Rien n'a été écrit : ${digits(failed)}${isMore ? " et plus" : ""} lignes sur ${digits(of)} ne peuvent pas être importées.`,
  whyAt: (address) => `La raison est dans ${address}.`,
  noFile: "Ce fichier n'existe pas ; envoyez-le de nouveau et donnez son id.",
  emptyFile: (file) => `« ${file} » est vide ; il n'y a rien à importer.`,
  onlyEmptyRows: "Le fichier n'a que des lignes vides.",
  onlyHeader: "Le fichier a les noms des colonnes, et aucune ligne en dessous.",
  mostColumns: (there, most) => `Le fichier a ${there} colonnes ; le maximum est ${most}.`,
  longRow: (row, most) => `La ligne ${row} dépasse ${most} Mo, la limite d'une ligne.`,
  openQuote: (row) => `À la ligne ${row}, un guillemet ouvre un texte qui ne finit jamais.`,
  unreadableRow: (row, why) => `La ligne ${row} ne peut pas être lue : ${why}.`,
  sheets: (there) => `Le classeur a ${there} feuilles.`,
  longTexts: "Les textes du classeur font ensemble plus de 48 millions de caractères ; enregistrez-le en CSV.",
  unpacksLarge: "Le classeur décompressé dépasse 2 Go ; divisez-le, ou enregistrez-le en CSV.",
  noCellThere: (place) => `Une cellule est en ${place}, où aucune feuille n'en a.`,
  brokenWorkbook: "Le fichier n'est pas un classeur XLSX entier : il ne peut pas être décompressé ; enregistrez-le de nouveau.",
  workbookAsText: (file) => `« ${file} » est un classeur XLSX et non un CSV ; appelez-le .xlsx, ou enregistrez-le en CSV.`,
  oldOffice: (file) =>
    `« ${file} » est un fichier Office ancien ou verrouillé ; enregistrez-le en .xlsx sans mot de passe : seuls CSV et XLSX s'importent.`,
  otherKind: (file, type) => `« ${file} » est ${type} : seuls CSV et XLSX s'importent.`,
  noText: (file) => `« ${file} » n'est pas du texte : seuls CSV et XLSX s'importent.`,
  noWorkbook: (file) => `« ${file} » n'est pas un classeur XLSX, malgré son nom ; appelez un CSV .csv.`,
  zipArchive: "Le fichier est une archive ZIP : seuls CSV et XLSX s'importent.",
};

function digits(count: number): string {
  return count.toLocaleString("fr");
}
