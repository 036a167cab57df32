import type { Sentences } from "./en.ts";

export const fr: Sentences = {
  askForPerson: "Parler à une personne",
  whatCanIAsk: "Que puis-je demander ?",
  leave: "Quitter la file",

  joined: (agent) => `${agent} a rejoint la conversation.`,
  handedBack: (agent) => `${agent} a rendu la conversation à l’assistant.`,
  backInQueue: (agent) => `${agent} a remis la conversation dans la file.`,
  handedTo: (agent, to) => `${agent} a confié la conversation à ${to}.`,
  closedBy: (agent) => `${agent} a terminé la conversation.`,
  frontOfLine: "Vous êtes de nouveau en tête de la file ; quelqu’un d’autre va prendre la suite.",
  pageIsOld: "Ce chat a été ouvert il y a un moment et n'est plus à jour ; veuillez recharger la page.",
  serverIsOld: "Le chat est en cours de mise à jour ; il reprendra de lui-même dans quelques secondes.",
  reopened: (agent) => `${agent} a rouvert la conversation.`,
  ended: "Vous avez terminé la conversation.",
  leftQueue: "Vous avez quitté la file. L’assistant répond de nouveau.",
  notInLine: "Vous n’êtes pas dans la file.",
  inLine:
    "Vous êtes dans la file pour parler à une personne. Votre place est gardée si vous fermez cette page ; en attendant, l’assistant répond toujours.",
  inLineNobodyThere:
    "Vous êtes dans la file pour parler à une personne. Il n’y avait personne au moment de votre demande ; votre place est gardée, et la réponse sera ici à votre retour.",
  inLineAlready: "Vous êtes déjà dans la file ; votre place est gardée.",
  noSuchTeam: (team, known) => `Il n’y a pas d’équipe « ${team} » ici ; il y a « ${known} ».`,

  edited: (who, seq, text) => `${who} a modifié le message ${seq} : ${text}`,
  editedBefore: (who, seq) => `${who} a modifié le message ${seq}.`,
  deletedMessage: (who, seq) => `${who} a supprimé le message ${seq}.`,
  reacted: (who, seq, emoji) => `${who} a réagi au message ${seq} : ${emoji}`,
  unreacted: (who, seq, emoji) => `${who} a retiré une réaction au message ${seq} : ${emoji}`,
  wasDeleted: "Ce message a été supprimé.",

  suggestion: (written, name) => `Je ne connais pas « ${written} ». Vouliez-vous dire « ${name} » ?`,
  nothingWritten: "Écrivez une commande, ou demandez une personne.",
  lost: "Je n’ai pas encore de réponse à cela. « help » montre ce que je sais faire.",
  onlyFiles: "Je le garde pour la personne qui vous aidera, mais je ne peux pas lire de fichiers. Une personne le peut.",
  away: (name) => `« ${name} » ne fonctionne pas en ce moment. Réessayez plus tard, ou demandez une personne.`,
  stillWorking: (name) => `« ${name} » est en cours. Je vous préviens dès que c’est fait.`,
  gaveUp: (name, seconds) => `« ${name} » n’a pas répondu en ${seconds} secondes.`,
  nothingChanged: "Rien n’a été modifié.",
  perhapsDone: "C’est peut-être fait, peut-être pas ; vérifiez avant de recommencer.",
  personCanHelp: "Une personne peut vous aider.",
  interrupted: (name) => `J’ai été interrompu pendant « ${name} » : c’est peut-être fait, peut-être pas. Vérifiez avant de recommencer.`,
  runAgain: (name) => `Relancer « ${name} »`,
  confirmFirst: (name, seconds, line) =>
    `« ${name} » ne peut pas être annulé. Si c’est bien ce que vous voulez, appuyez sur le bouton ou écrivez « ${line} » dans les ${seconds} secondes.`,
  confirmYes: (name) => `Oui, lancer « ${name} »`,
  confirmationOver: "Cela ne peut plus être confirmé : c’est fait, ou plus d’une minute a passé. Veuillez le redemander.",
  failed: "Cela n’a pas marché, et c’est noté. Une personne peut vous aider.",
  write: (usage) => `Écrivez : ${usage}`,

  youCanWrite: "Vous pouvez écrire :",
  noCommand: (name) => `Il n’y a pas de commande « ${name} ». « help » montre celles qui existent.`,
  summaries: {
    help: "Montre ce que vous pouvez demander, ou comment s’écrit une commande.",
    person: "Demande qu’une personne vous réponde.",
    leave: "Quitte la file.",
  },

  yes: "oui",
  no: "non",
};
