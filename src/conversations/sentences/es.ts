import type { Sentences } from "./en.ts";

export const es: Sentences = {
  askForPerson: "Hablar con una persona",
  whatCanIAsk: "¿Qué puedo preguntar?",
  leave: "Salir de la cola",

  joined: (agent) => `${agent} se ha unido a la conversación.`,
  handedBack: (agent) => `${agent} ha devuelto la conversación al asistente.`,
  backInQueue: (agent) => `${agent} ha devuelto la conversación a la cola.`,
  handedTo: (agent, to) => `${agent} ha pasado la conversación a ${to}.`,
  closedBy: (agent) => `${agent} ha cerrado la conversación.`,
  frontOfLine: "Vuelve a estar al principio de la cola; otra persona continuará desde aquí.",
  pageIsOld: "Este chat se abrió hace tiempo y no está al día; por favor, vuelva a cargar la página.",
  serverIsOld: "El chat se está actualizando en este momento; seguirá por sí solo en unos segundos.",
  reopened: (agent) => `${agent} ha reabierto la conversación.`,
  ended: "Has terminado la conversación.",
  leftQueue: "Has salido de la cola. El asistente responde de nuevo.",
  notInLine: "No estás en la cola.",
  inLine: "Estás en la cola para hablar con una persona. Conservas tu puesto si cierras esta página; mientras, el asistente sigue ahí.",
  inLineNobodyThere:
    "Estás en la cola para hablar con una persona. No había nadie cuando lo pediste; tu puesto queda guardado, y la respuesta estará aquí cuando vuelvas.",
  inLineAlready: "Ya estás en la cola; conservas tu puesto.",
  noSuchTeam: (team, known) => `Aquí no hay ningún equipo «${team}»; sí «${known}».`,

  edited: (who, seq, text) => `${who} ha cambiado el mensaje ${seq}: ${text}`,
  editedBefore: (who, seq) => `${who} ha cambiado el mensaje ${seq}.`,
  deletedMessage: (who, seq) => `${who} ha eliminado el mensaje ${seq}.`,
  reacted: (who, seq, emoji) => `${who} ha reaccionado al mensaje ${seq}: ${emoji}`,
  unreacted: (who, seq, emoji) => `${who} ha quitado una reacción al mensaje ${seq}: ${emoji}`,
  wasDeleted: "Este mensaje se ha eliminado.",

  suggestion: (written, name) => `No conozco «${written}». ¿Querías decir «${name}»?`,
  nothingWritten: "Escribe una orden, o pide una persona.",
  lost: "Todavía no tengo respuesta a eso. «help» muestra lo que sé hacer.",
  onlyFiles: "Lo guardo para quien le atienda, pero yo no puedo ver archivos. Una persona sí puede.",
  away: (name) => `«${name}» no funciona en este momento. Prueba más tarde, o pide una persona.`,
  stillWorking: (name) => `Sigo con «${name}». Te aviso en cuanto esté.`,
  gaveUp: (name, seconds) => `«${name}» no respondió en ${seconds} segundos.`,
  nothingChanged: "No se cambió nada.",
  perhapsDone: "Puede que se haya hecho o no; compruébalo antes de repetirlo.",
  personCanHelp: "Una persona puede ayudarte.",
  interrupted: (name) => `Me interrumpieron mientras «${name}» funcionaba: puede que se haya hecho o no. Compruébalo antes de repetirlo.`,
  runAgain: (name) => `Repetir «${name}»`,
  confirmFirst: (name, seconds, line) =>
    `«${name}» no se puede deshacer. Si es lo que quieres, pulsa el botón o escribe «${line}» antes de ${seconds} segundos.`,
  confirmYes: (name) => `Sí, hacer «${name}»`,
  confirmationOver: "Eso ya no se puede confirmar: se hizo, o pasó más de un minuto. Pídelo otra vez.",
  failed: "Eso no funcionó, y quedó anotado. Una persona puede ayudarte.",
  write: (usage) => `Escribe: ${usage}`,

  youCanWrite: "Puedes escribir:",
  noCommand: (name) => `No hay ninguna orden «${name}». «help» muestra las que hay.`,
  summaries: {
    help: "Muestra lo que puedes preguntar, o cómo se escribe una orden.",
    person: "Pide que te responda una persona.",
    leave: "Sale de la cola.",
  },

  yes: "sí",
  no: "no",
};
