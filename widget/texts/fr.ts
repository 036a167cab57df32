import type { Texts } from "./en.ts";
import { number, plural } from "./words.ts";

const n = (value: number) => number("fr", value);

const fr: Texts = {
  chat: "Discussion",
  messages: "Messages",
  close: "Fermer",
  you: "Vous",

  assistant: "Assistant",
  assistantAnswers: "Répond tout de suite",
  waitingForPerson: "En attente d’une personne",
  meanwhile: "L’assistant répond toujours aux commandes",
  personAnswers: "Une personne répond",
  closed: "Cette conversation est terminée. Écrivez, et elle reprend.",
  askForPerson: "Parler à une personne",
  whatCanIAsk: "Que puis-je demander ?",

  connecting: "Connexion…",
  stillConnecting: "La connexion tarde. Vous pouvez déjà écrire : c’est gardé et envoyé.",
  noConnection: "Pas de connexion. Ce que vous écrivez est gardé, et envoyé à son retour.",
  tryNow: "Essayer maintenant",

  compose: "Écrire un message",
  send: "Envoyer",
  attach: "Joindre un fichier",
  filesLost: "Ses fichiers ont été perdus ; joignez-les à nouveau.",
  nothingToSend: "Rien à envoyer : écrivez d’abord quelque chose.",
  tooLong: (limit, length) => `La limite est de ${n(limit)}, vous en avez ${n(length)}.`,
  left: (count) => (count < 0 ? `${n(-count)} de trop` : plural("fr", count, { one: `reste ${n(count)}`, other: `restent ${n(count)}` })),

  sending: "envoi",
  sent: "envoyé",
  delivered: "reçu",
  read: "lu",
  edited: "modifié",
  deleted: "Ce message a été supprimé.",
  waiting: "en attente du réseau, sera envoyé",
  unconfirmed: "en attente de la confirmation",
  goesByItself: "L’envoi se fera tout seul.",
  notSent: "Non envoyé.",
  tryAgain: "Réessayer",
  edit: "Modifier",
  remove: "Retirer",

  typing: (name) => `${name} écrit`,
  fresh: (count) => plural("fr", count, { one: `${n(count)} nouveau`, other: `${n(count)} nouveaux` }),
  toNewest: "Au message le plus récent",
  opensElsewhere: "s’ouvre dans un nouvel onglet",

  partNotLoaded: "Cette partie n’a pas pu être chargée.",

  menu: "Plus",
  emoji: "Émoji",

  errors: {
    rate_limited: "C’était trop à la fois. Attendez un instant.",
    unavailable: "Enregistrement impossible pour le moment.",
    internal: "Un problème est survenu de notre côté. Réessayez.",
    client_id_reused: "Ceci a déjà été envoyé.",
    nothing_to_send: "Rien à envoyer : le message est vide.",
    conflict: "Ce n’est plus possible.",
  },
};
export default fr;
