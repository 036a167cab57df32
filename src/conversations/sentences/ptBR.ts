import type { Sentences } from "./en.ts";

export const ptBR: Sentences = {
  askForPerson: "Falar com uma pessoa",
  whatCanIAsk: "O que posso perguntar?",
  leave: "Sair da fila",

  joined: (agent) => `${agent} entrou na conversa.`,
  handedBack: (agent) => `${agent} devolveu a conversa ao assistente.`,
  backInQueue: (agent) => `${agent} devolveu a conversa à fila.`,
  handedTo: (agent, to) => `${agent} passou a conversa para ${to}.`,
  closedBy: (agent) => `${agent} encerrou a conversa.`,
  frontOfLine: "Você está de novo no começo da fila; outra pessoa vai continuar daqui.",
  pageIsOld: "Este chat foi aberto há algum tempo e está desatualizado; por favor, recarregue a página.",
  serverIsOld: "O chat está sendo atualizado neste momento; ele continua sozinho em alguns segundos.",
  reopened: (agent) => `${agent} reabriu a conversa.`,
  ended: "Você encerrou a conversa.",
  leftQueue: "Você saiu da fila. O assistente responde de novo.",
  notInLine: "Você não está na fila.",
  inLine:
    "Você está na fila para falar com uma pessoa. Seu lugar fica guardado se você fechar esta página; enquanto isso, o assistente continua aqui.",
  inLineNobodyThere:
    "Você está na fila para falar com uma pessoa. Não havia ninguém quando você pediu; seu lugar fica guardado, e a resposta estará aqui quando você voltar.",
  inLineAlready: "Você já está na fila; seu lugar está guardado.",
  noSuchTeam: (team, known) => `Não há uma equipe "${team}" aqui; há "${known}".`,

  edited: (who, seq, text) => `${who} alterou a mensagem ${seq}: ${text}`,
  editedBefore: (who, seq) => `${who} alterou a mensagem ${seq}.`,
  deletedMessage: (who, seq) => `${who} apagou a mensagem ${seq}.`,
  reacted: (who, seq, emoji) => `${who} reagiu à mensagem ${seq}: ${emoji}`,
  unreacted: (who, seq, emoji) => `${who} retirou uma reação à mensagem ${seq}: ${emoji}`,
  wasDeleted: "Esta mensagem foi apagada.",

  suggestion: (written, name) => `Não conheço "${written}". Você quis dizer "${name}"?`,
  nothingWritten: "Escreva um comando, ou peça uma pessoa.",
  lost: `Ainda não tenho resposta para isso. "help" mostra o que sei fazer.`,
  onlyFiles: "Guardo isso para quem for ajudar você, mas não consigo ler arquivos. Uma pessoa consegue.",
  away: (name) => `"${name}" não está funcionando agora. Tente mais tarde, ou peça uma pessoa.`,
  stillWorking: (name) => `Ainda estou em "${name}". Aviso assim que terminar.`,
  gaveUp: (name, seconds) => `"${name}" não respondeu em ${seconds} segundos.`,
  nothingChanged: "Nada foi alterado.",
  perhapsDone: "Pode ter sido feito ou não; confira antes de repetir.",
  personCanHelp: "Uma pessoa pode ajudar.",
  interrupted: (name) => `Fui interrompido durante "${name}": pode ter sido feito ou não. Confira antes de repetir.`,
  runAgain: (name) => `Repetir "${name}"`,
  confirmFirst: (name, seconds, line) =>
    `"${name}" não pode ser desfeito. Se é isso mesmo, toque no botão ou escreva "${line}" em até ${seconds} segundos.`,
  confirmYes: (name) => `Sim, executar "${name}"`,
  confirmationOver: "Isso não pode mais ser confirmado: já foi feito, ou passou mais de um minuto. Peça de novo.",
  failed: "Isso não funcionou, e ficou anotado. Uma pessoa pode ajudar.",
  write: (usage) => `Escreva: ${usage}`,

  youCanWrite: "Você pode escrever:",
  noCommand: (name) => `Não há um comando "${name}". "help" mostra os que existem.`,
  summaries: {
    help: "Mostra o que você pode perguntar, ou como se escreve um comando.",
    person: "Pede que uma pessoa responda.",
    leave: "Sai da fila.",
  },

  yes: "sim",
  no: "não",
};
