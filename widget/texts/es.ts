import type { Texts } from "./en.ts";
import { number, plural } from "./words.ts";

const n = (value: number) => number("es", value);

const es: Texts = {
  chat: "Chat",
  messages: "Mensajes",
  close: "Cerrar",
  you: "Tú",

  assistant: "Asistente",
  assistantAnswers: "Responde al momento",
  waitingForPerson: "Esperando a una persona",
  meanwhile: "El asistente sigue atendiendo órdenes",
  personAnswers: "Responde una persona",
  closed: "Esta conversación está cerrada. Escribe y se abrirá de nuevo.",
  askForPerson: "Hablar con una persona",
  whatCanIAsk: "¿Qué puedo preguntar?",

  connecting: "Conectando…",
  stillConnecting: "La conexión tarda más de lo normal. Ya puedes escribir; se guarda y se envía.",
  noConnection: "Sin conexión. Lo que escribas se guarda y se enviará cuando vuelva.",
  tryNow: "Probar ahora",

  compose: "Escribe un mensaje",
  send: "Enviar",
  attach: "Adjuntar un archivo",
  filesLost: "Sus archivos se perdieron con la página; adjúntelos de nuevo.",
  nothingToSend: "Aún no hay nada que enviar: escribe algo primero.",
  tooLong: (limit, length) => `El límite es ${n(limit)}; tu mensaje tiene ${n(length)}.`,
  left: (count) => (count < 0 ? `${n(-count)} de más` : plural("es", count, { one: `queda ${n(count)}`, other: `quedan ${n(count)}` })),

  sending: "enviando",
  sent: "enviado",
  delivered: "entregado",
  read: "leído",
  edited: "editado",
  deleted: "Este mensaje se ha eliminado.",
  waiting: "esperando la red, se enviará",
  unconfirmed: "esperando la confirmación",
  goesByItself: "Se enviará solo.",
  notSent: "No enviado.",
  tryAgain: "Reintentar",
  edit: "Editar",
  remove: "Quitar",

  typing: (name) => `${name} está escribiendo`,
  fresh: (count) => plural("es", count, { one: `${n(count)} nuevo`, other: `${n(count)} nuevos` }),
  toNewest: "Al mensaje más reciente",
  opensElsewhere: "se abre en otra pestaña",

  partNotLoaded: "Esta parte no se pudo cargar.",

  menu: "Más",
  emoji: "Emoji",

  errors: {
    rate_limited: "Demasiado de una vez. Espera un momento.",
    unavailable: "No se pudo guardar en este momento.",
    internal: "Algo ha fallado por nuestra parte. Inténtalo de nuevo.",
    client_id_reused: "Esto ya se envió.",
    nothing_to_send: "Nada que enviar: el mensaje está vacío.",
    conflict: "Esto ya no es posible.",
  },
};
export default es;
