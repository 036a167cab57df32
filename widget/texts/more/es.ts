import { number } from "../words.ts";
import type { MoreTexts } from "./en.ts";

const n = (value: number) => number("es", value);

const es: MoreTexts = {
  table: (columns) => `Tabla: ${columns.join(", ")}`,
  chart: (title) => (title === "" ? "Gráfico" : `Gráfico: ${title}`),
  truncated: "No se muestran todas las filas.",
  earlier: "Mensajes anteriores",
  required: "Rellena este campo.",
  notText: "No es un texto.",
  notEmail: "No es una dirección de correo, como nombre@example.com.",
  notNumber: "No es un número.",
  notDate: "No es una fecha.",
  notChoice: "Elige una opción de la lista.",
  optional: "opcional",
  choose: "Elegir…",
  submit: "Enviar",
  yes: "sí",
  no: "no",
  answered: "Respondido.",
  prechat: "Antes de empezar",
  team: "¿Con quién quieres hablar?",
  begin: "Empezar el chat",
  leaveQueue: "Salir",
  leaveLine: "Salir de la cola",
  place: (position) => (position === undefined ? "En la cola" : `Puesto ${n(position)}`),
  wait: (minutes) => {
    if (minutes === undefined) return "Tu puesto queda guardado.";
    return `${minutes === 0 ? "menos de un minuto" : `unos ${n(minutes)} min`}, por ahora`;
  },
  endChat: "Terminar el chat",
  newConversation: "Empezar otra conversación",
  transcript: "Descargar la conversación",
  mailTranscript: "Enviarme la conversación por correo",
  mailAddress: "Su dirección de correo",
  mailed: (email) => `Va en camino a ${email}.`,
  sound: "Sonido",
  language: "Idioma",
  rate: "¿Qué tal ha sido la conversación?",
  stars: (count) => `${n(count)} de 5`,
  worst: "mal",
  best: "muy bien",
  rateComment: "¿Quieres contarnos más?",
  sendRating: "Enviar la valoración",
  rated: "Gracias. Hemos guardado tu valoración.",
  changeRating: "Cambiarla",
  ratedBefore: "Ya valoraste esta conversación. Una valoración se puede cambiar durante 10 minutos.",
};
export default es;
