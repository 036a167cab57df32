import { number } from "../words.ts";
import type { MoreTexts } from "./en.ts";

const n = (value: number) => number("de", value);

const de: MoreTexts = {
  table: (columns) => `Tabelle: ${columns.join(", ")}`,
  chart: (title) => (title === "" ? "Diagramm" : `Diagramm: ${title}`),
  truncated: "Nicht alle Zeilen werden gezeigt.",
  earlier: "Frühere Nachrichten",
  required: "Bitte füllen Sie dies aus.",
  notText: "Das ist kein Text.",
  notEmail: "Das ist keine Mailadresse, wie name@example.com.",
  notNumber: "Das ist keine Zahl.",
  notDate: "Das ist kein Datum.",
  notChoice: "Wählen Sie etwas aus der Liste.",
  optional: "freiwillig",
  choose: "Wählen…",
  submit: "Senden",
  yes: "ja",
  no: "nein",
  answered: "Beantwortet.",
  prechat: "Bevor wir beginnen",
  team: "Mit wem möchten Sie sprechen?",
  begin: "Chat beginnen",
  leaveQueue: "Verlassen",
  leaveLine: "Schlange verlassen",
  place: (position) => (position === undefined ? "In der Schlange" : `Platz ${n(position)}`),
  wait: (minutes) => {
    if (minutes === undefined) return "Ihr Platz bleibt Ihnen erhalten.";
    return `${minutes === 0 ? "weniger als eine Minute" : `etwa ${n(minutes)} Min.`}, Stand jetzt`;
  },
  endChat: "Chat beenden",
  newConversation: "Neues Gespräch beginnen",
  transcript: "Gespräch herunterladen",
  mailTranscript: "Gespräch per Mail zusenden",
  mailAddress: "Ihre Mailadresse",
  mailed: (email) => `Es ist unterwegs an ${email}.`,
  sound: "Ton",
  language: "Sprache",
  rate: "Wie war dieses Gespräch?",
  stars: (count) => `${n(count)} von 5`,
  worst: "schlecht",
  best: "sehr gut",
  rateComment: "Möchten Sie uns mehr dazu sagen?",
  sendRating: "Bewertung senden",
  rated: "Danke. Ihre Bewertung ist angekommen.",
  changeRating: "Ändern",
  ratedBefore: "Sie haben dieses Gespräch schon bewertet. Eine Bewertung lässt sich 10 Minuten lang ändern.",
};
export default de;
