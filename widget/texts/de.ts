import type { Texts } from "./en.ts";
import { number } from "./words.ts";

const n = (value: number) => number("de", value);

const de: Texts = {
  chat: "Chat",
  messages: "Nachrichten",
  close: "Schließen",
  you: "Sie",

  assistant: "Assistent",
  assistantAnswers: "Antwortet sofort",
  waitingForPerson: "Warten auf einen Menschen",
  meanwhile: "Der Assistent nimmt weiter Befehle an",
  personAnswers: "Ein Mensch antwortet",
  closed: "Dieses Gespräch ist beendet. Schreiben Sie, und es geht weiter.",
  askForPerson: "Mit einem Menschen sprechen",
  whatCanIAsk: "Was kann ich fragen?",

  connecting: "Verbindung wird aufgebaut…",
  stillConnecting: "Die Verbindung dauert länger als üblich. Sie können schon schreiben; es wird aufbewahrt und gesendet.",
  noConnection: "Keine Verbindung. Was Sie schreiben, wird aufbewahrt und später gesendet.",
  tryNow: "Jetzt versuchen",

  compose: "Nachricht schreiben",
  send: "Senden",
  attach: "Datei anhängen",
  filesLost: "Seine Dateien gingen mit der Seite verloren; bitte noch einmal anhängen.",
  nothingToSend: "Noch nichts zu senden: Schreiben Sie zuerst etwas.",
  tooLong: (limit, length) => `Höchstens ${n(limit)} Zeichen; es sind ${n(length)}.`,
  left: (count) => (count < 0 ? `${n(-count)} zu viel` : `noch ${n(count)}`),

  sending: "wird gesendet",
  sent: "gesendet",
  delivered: "zugestellt",
  read: "gelesen",
  edited: "bearbeitet",
  deleted: "Diese Nachricht wurde gelöscht.",
  waiting: "wartet auf das Netz, wird gesendet",
  unconfirmed: "wartet auf die Bestätigung",
  goesByItself: "Es wird von selbst gesendet.",
  notSent: "Nicht gesendet.",
  tryAgain: "Erneut versuchen",
  edit: "Bearbeiten",
  remove: "Entfernen",

  typing: (name) => `${name} schreibt`,
  fresh: (count) => `${n(count)} neu`,
  toNewest: "Zur neuesten Nachricht",
  opensElsewhere: "öffnet sich in einem neuen Tab",

  partNotLoaded: "Dieser Teil konnte nicht geladen werden.",

  menu: "Mehr",
  emoji: "Emoji",

  errors: {
    rate_limited: "Das war zu viel auf einmal. Warten Sie einen Moment.",
    unavailable: "Es konnte gerade nicht gespeichert werden.",
    internal: "Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es erneut.",
    client_id_reused: "Das wurde schon gesendet.",
    nothing_to_send: "Nichts zu senden: Die Nachricht ist leer.",
    conflict: "Das ist nicht mehr möglich.",
  },
};
export default de;
