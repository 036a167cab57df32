import { number } from "../words.ts";
import type { MoreTexts } from "./en.ts";

const n = (value: number) => number("fr", value);

const fr: MoreTexts = {
  table: (columns) => `Tableau : ${columns.join(", ")}`,
  chart: (title) => (title === "" ? "Graphique" : `Graphique : ${title}`),
  truncated: "Toutes les lignes ne sont pas affichées.",
  earlier: "Messages précédents",
  required: "Veuillez remplir ce champ.",
  notText: "Ce n’est pas un texte.",
  notEmail: "Ce n’est pas une adresse mail, comme nom@example.com.",
  notNumber: "Ce n’est pas un nombre.",
  notDate: "Ce n’est pas une date.",
  notChoice: "Choisissez dans la liste.",
  optional: "facultatif",
  choose: "Choisir…",
  submit: "Envoyer",
  yes: "oui",
  no: "non",
  answered: "Répondu.",
  prechat: "Avant de commencer",
  team: "À qui voulez-vous parler ?",
  begin: "Commencer la discussion",
  leaveQueue: "Quitter",
  leaveLine: "Quitter la file",
  place: (position) => {
    if (position === undefined) return "Dans la file";
    return `${position === 1 ? "1er" : `${n(position)}e`} dans la file`;
  },
  wait: (minutes) => {
    if (minutes === undefined) return "Votre place est gardée.";
    return `${minutes === 0 ? "moins d’une minute" : `environ ${n(minutes)} min`}, pour l’instant`;
  },
  endChat: "Terminer la discussion",
  newConversation: "Commencer une nouvelle conversation",
  transcript: "Télécharger la conversation",
  mailTranscript: "M’envoyer la conversation par mail",
  mailAddress: "Votre adresse mail",
  mailed: (email) => `Elle est en route vers ${email}.`,
  sound: "Son",
  language: "Langue",
  rate: "Comment s’est passée cette conversation ?",
  stars: (count) => `${n(count)} sur 5`,
  worst: "mal",
  best: "très bien",
  rateComment: "Voulez-vous nous en dire plus ?",
  sendRating: "Envoyer la note",
  rated: "Merci. Votre note est enregistrée.",
  changeRating: "La changer",
  ratedBefore: "Vous avez déjà noté cette conversation. Une note peut être changée pendant 10 minutes.",
};
export default fr;
