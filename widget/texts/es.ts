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
  leaveQueue: "Salir",
  leaveLine: "Salir de la cola",

  place: (position) => (position === undefined ? "En la cola" : `Puesto ${n(position)}`),
  wait: (minutes) => {
    if (minutes === undefined) return "Tu puesto queda guardado.";
    return `${minutes === 0 ? "menos de un minuto" : `unos ${n(minutes)} min`}, por ahora`;
  },

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
  earlier: "Mensajes anteriores",
  opensElsewhere: "se abre en otra pestaña",

  table: (columns) => `Tabla: ${columns.join(", ")}`,
  chart: (title) => (title === "" ? "Gráfico" : `Gráfico: ${title}`),
  truncated: "No se muestran todas las filas.",
  partNotLoaded: "Esta parte no se pudo cargar.",

  required: "Rellena este campo.",
  notText: "No es un texto.",
  notEmail: "No es una dirección de correo, como nombre@example.com.",
  notNumber: "No es un número.",
  notDate: "No es una fecha.",
  notChoice: "Elige una opción de la lista.",
  optional: "opcional",
  choose: "Elegir…",
  yes: "sí",
  no: "no",
  submit: "Enviar",
  answered: "Respondido.",

  prechat: "Antes de empezar",
  team: "¿Con quién quieres hablar?",
  begin: "Empezar el chat",

  menu: "Más",
  endChat: "Terminar el chat",
  newConversation: "Empezar otra conversación",
  transcript: "Descargar la conversación",
  sound: "Sonido",
  language: "Idioma",
  emoji: "Emoji",

  rate: "¿Qué tal ha sido la conversación?",
  stars: (count) => `${n(count)} de 5`,
  worst: "mal",
  best: "muy bien",
  rateComment: "¿Quieres contarnos más?",
  sendRating: "Enviar la valoración",
  rated: "Gracias. Hemos guardado tu valoración.",
  changeRating: "Cambiarla",

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
