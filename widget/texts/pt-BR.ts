import type { Texts } from "./en.ts";
import { number, plural } from "./words.ts";

const n = (value: number) => number("pt-BR", value);

const ptBR: Texts = {
  chat: "Chat",
  messages: "Mensagens",
  close: "Fechar",
  you: "Você",

  assistant: "Assistente",
  assistantAnswers: "Responde na hora",
  waitingForPerson: "Esperando uma pessoa",
  meanwhile: "O assistente continua aceitando comandos",
  personAnswers: "Uma pessoa responde",
  closed: "Esta conversa foi encerrada. Escreva, e ela se abre de novo.",
  askForPerson: "Falar com uma pessoa",
  whatCanIAsk: "O que posso perguntar?",

  connecting: "Conectando…",
  stillConnecting: "A conexão está demorando mais que o normal. Você já pode escrever; fica guardado e será enviado.",
  noConnection: "Sem conexão. O que você escrever fica guardado e será enviado quando ela voltar.",
  tryNow: "Tentar agora",

  compose: "Escreva uma mensagem",
  send: "Enviar",
  attach: "Anexar um arquivo",
  filesLost: "Os arquivos se perderam com a página; anexe-os de novo.",
  nothingToSend: "Nada para enviar ainda: escreva algo primeiro.",
  tooLong: (limit, length) => `O limite é ${n(limit)}; a sua tem ${n(length)}.`,
  left: (count) => (count < 0 ? `${n(-count)} a mais` : plural("pt-BR", count, { one: `resta ${n(count)}`, other: `restam ${n(count)}` })),

  sending: "enviando",
  sent: "enviada",
  delivered: "entregue",
  read: "lida",
  edited: "editada",
  deleted: "Esta mensagem foi apagada.",
  waiting: "esperando a rede, será enviada",
  unconfirmed: "esperando a confirmação",
  goesByItself: "Será enviada sozinha.",
  notSent: "Não enviada.",
  tryAgain: "Tentar de novo",
  edit: "Editar",
  remove: "Remover",

  typing: (name) => `${name} está escrevendo`,
  fresh: (count) => plural("pt-BR", count, { one: `${n(count)} nova`, other: `${n(count)} novas` }),
  toNewest: "Para a mensagem mais recente",
  opensElsewhere: "abre em outra aba",

  partNotLoaded: "Esta parte não pôde ser carregada.",

  menu: "Mais",
  emoji: "Emoji",

  errors: {
    rate_limited: "Foi demais de uma vez. Espere um momento.",
    unavailable: "Não foi possível guardar agora.",
    internal: "Algo deu errado do nosso lado. Tente de novo.",
    client_id_reused: "Isto já foi enviado.",
    nothing_to_send: "Nada para enviar: a mensagem está vazia.",
    conflict: "Isto não é mais possível.",
  },
};
export default ptBR;
