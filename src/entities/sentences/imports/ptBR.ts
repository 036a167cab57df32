import type { ImportSentences } from "./en.ts";

export const ptBR: ImportSentences = {
  columnsSet: (there, set) => `O arquivo tem ${there} colunas, e há ${set} definidas.`,
  noZone: (zone) => `"${zone}" não é um fuso horário.`,
  noField: (field) => `Não existe o campo "${field}".`,
  filledTwice: (field, one, other) => `"${field}" é preenchido por duas colunas, "${one}" e "${other}".`,
  holdsFiles: (field) => `"${field}" contém arquivos, que nenhuma tabela tem.`,
  onlyFinds: (field) => `"${field}" é atribuído pelo produto: uma coluna só pode encontrar registros por ele.`,
  nothingFilled: "Nenhuma coluna preenche um campo.",
  notUnique: (field) => `"${field}" não é único, então não serve para encontrar.`,
  noKeyColumn: (field) => `Nenhuma coluna tem "${field}", pelo qual os registros devem ser encontrados.`,
  requiredUnfilled: (field) => `"${field}" é obrigatório, e nenhuma coluna o preenche.`,
  twoWays: (column, sample, ask, ways) => `"${column}" pode ser lido de duas maneiras: "${sample}" é, com ${ask}, ${ways}?`,
  or: " ou ",
  wholeOnly: (key) => `Quem importa em "${key}" pode ver e alterar tudo; suas funções limitam você a uma parte.`,
  noImport: "Não existe essa importação sua.",
  ended: (state) => `A importação está ${state}; envie o arquivo de novo.`,
  onlyDraft: (state) => `A importação está ${state}; só um rascunho pode ser alterado.`,
  already: (state) => `A importação já está ${state}.`,
  cannotBe: (state, wanted) => `A importação está ${state}; agora não pode passar a ${wanted}.`,
  elsewhere: "Outro processo continua a importação.",
  changedAlways: "Outras pessoas alteram os mesmos registros o tempo todo; inicie a importação de novo.",
  whichFile: "Diga qual arquivo: são as linhas dele que se importam.",
  noneTaken: (failed, isMore, of) =>
    `Nada foi escrito: ${digits(failed)}${isMore ? " e mais" : ""} de ${digits(of)} linhas não podem ser importadas.`,
  whyAt: (address) => `O motivo está em ${address}.`,
  noFile: "Esse arquivo não existe; envie-o de novo e informe o id.",
  emptyFile: (file) => `"${file}" está vazio; não há nada para importar.`,
  onlyEmptyRows: "O arquivo só tem linhas vazias.",
  onlyHeader: "O arquivo tem os nomes das colunas e nenhuma linha abaixo.",
  mostColumns: (there, most) => `O arquivo tem ${there} colunas; o máximo é ${most}.`,
  longRow: (row, most) => `A linha ${row} passa de ${most} MB, o limite de uma linha.`,
  openQuote: (row) => `Na linha ${row} uma aspa abre um texto que nunca termina.`,
  unreadableRow: (row, why) => `A linha ${row} não pode ser lida: ${why}.`,
  sheets: (there) => `A pasta de trabalho tem ${there} planilhas.`,
  longTexts: "Os textos da pasta de trabalho somam mais de 48 milhões de caracteres; salve-a como CSV.",
  unpacksLarge: "A pasta de trabalho descompactada passa de 2 GB; divida-a ou salve-a como CSV.",
  noCellThere: (place) => `Uma célula está em ${place}, onde nenhuma planilha tem uma.`,
  brokenWorkbook: "O arquivo não é uma pasta XLSX completa: não pode ser descompactado; salve-o de novo.",
  workbookAsText: (file) => `"${file}" é uma pasta XLSX e não um CSV; chame-a .xlsx ou salve-a como CSV.`,
  oldOffice: (file) =>
    `"${file}" é um arquivo de Office antigo ou bloqueado; salve-o como .xlsx sem senha: só CSV e XLSX podem ser importados.`,
  otherKind: (file, type) => `"${file}" é ${type}: só CSV e XLSX podem ser importados.`,
  noText: (file) => `"${file}" não é texto: só CSV e XLSX podem ser importados.`,
  noWorkbook: (file) => `"${file}" não é uma pasta XLSX, embora se chame assim; chame um CSV de .csv.`,
  zipArchive: "O arquivo é um ZIP: só CSV e XLSX podem ser importados.",
};

function digits(count: number): string {
  return count.toLocaleString("pt-BR");
}
