import { number } from "../words.ts";
import type { MoreTexts } from "./en.ts";

const n = (value: number) => number("pt-BR", value);

const ptBR: MoreTexts = {
  table: (columns) => `Tabela: ${columns.join(", ")}`,
  chart: (title) => (title === "" ? "Gráfico" : `Gráfico: ${title}`),
  truncated: "Nem todas as linhas são mostradas.",
  earlier: "Mensagens anteriores",
  required: "Preencha este campo.",
  notText: "Não é um texto.",
  notEmail: "Não é um endereço de e-mail, como nome@example.com.",
  notNumber: "Não é um número.",
  notDate: "Não é uma data.",
  notChoice: "Escolha uma opção da lista.",
  optional: "opcional",
  choose: "Escolher…",
  submit: "Enviar",
  yes: "sim",
  no: "não",
  answered: "Respondido.",
  prechat: "Antes de começar",
  team: "Com quem você quer falar?",
  begin: "Começar o chat",
  leaveQueue: "Sair",
  leaveLine: "Sair da fila",
  place: (position) => (position === undefined ? "Na fila" : `${n(position)}º na fila`),
  wait: (minutes) => {
    if (minutes === undefined) return "Seu lugar está guardado.";
    return `${minutes === 0 ? "menos de um minuto" : `cerca de ${n(minutes)} min`}, neste momento`;
  },
  endChat: "Encerrar o chat",
  newConversation: "Começar outra conversa",
  transcript: "Baixar a conversa",
  mailTranscript: "Enviar-me a conversa por e-mail",
  mailAddress: "Seu endereço de e-mail",
  mailed: (email) => `Está a caminho de ${email}.`,
  sound: "Som",
  language: "Idioma",
  rate: "Como foi esta conversa?",
  stars: (count) => `${n(count)} de 5`,
  worst: "ruim",
  best: "muito boa",
  rateComment: "Quer nos contar mais?",
  sendRating: "Enviar a avaliação",
  rated: "Obrigado. Sua avaliação foi guardada.",
  changeRating: "Mudar",
  ratedBefore: "Você já avaliou esta conversa. Uma avaliação pode ser mudada durante 10 minutos.",
};
export default ptBR;
