import { type Language, languages } from "../../protocol/languages.ts";

/** Everything that a mail to a visitor says by itself. */
export interface MailWords {
  /** Above a mail that is answered: what stands below is ours. Unmistakable, since it is looked for in answers. */
  marker: string;
  answerSubject(inbox: string): string;
  wrote(name: string): string;
  /** Why this mail came. */
  because(inbox: string): string;
  continueInChat: string;
  transcriptSubject(inbox: string): string;
  transcriptIntro(inbox: string, began: string): string;
  visitor: string;
  cutShort: string;
  /** To both sides of the conversation. */
  filesNotReceived(names: string): string;
  noText: string;
  /** Once it has ended. */
  ratingSubject(inbox: string): string;
  ratingHow: string;
}

const words: Record<Language, MailWords> = {
  en: {
    marker: "## Please write your answer above this line ##",
    answerSubject: (inbox) => `Your conversation with ${inbox}`,
    wrote: (name) => `${name} wrote:`,
    because: (inbox) => `You wrote to ${inbox}, and the answer came while you were away. To write back, just reply to this mail.`,
    continueInChat: "Continue in the chat",
    transcriptSubject: (inbox) => `Transcript of your conversation with ${inbox}`,
    transcriptIntro: (inbox, began) => `Your conversation with ${inbox}, begun on ${began}:`,
    visitor: "You",
    cutShort: "The conversation is longer; these are its first messages.",
    filesNotReceived: (names) => `Not every attachment could be received. Missing: ${names}`,
    noText: "(a mail without text)",
    ratingSubject: (inbox) => `How was your conversation with ${inbox}?`,
    ratingHow: "Choose a number, or reply with one: 1 is poor, 5 is very good. What you write below it is read too.",
  },
  "pt-BR": {
    marker: "## Escreva sua resposta acima desta linha ##",
    answerSubject: (inbox) => `Sua conversa com ${inbox}`,
    wrote: (name) => `${name} escreveu:`,
    because: (inbox) => `Você escreveu para ${inbox}, e a resposta chegou quando você não estava. Para responder, responda a este e-mail.`,
    continueInChat: "Continuar no chat",
    transcriptSubject: (inbox) => `Transcrição da sua conversa com ${inbox}`,
    transcriptIntro: (inbox, began) => `Sua conversa com ${inbox}, iniciada em ${began}:`,
    visitor: "Você",
    cutShort: "A conversa é mais longa; estas são as primeiras mensagens.",
    filesNotReceived: (names) => `Nem todos os anexos puderam ser recebidos. Faltam: ${names}`,
    noText: "(um e-mail sem texto)",
    ratingSubject: (inbox) => `Como foi sua conversa com ${inbox}?`,
    ratingHow: "Escolha um número ou responda com ele: 1 é ruim, 5 é muito bom. O que você escrever abaixo também será lido.",
  },
  es: {
    marker: "## Escriba su respuesta encima de esta línea ##",
    answerSubject: (inbox) => `Su conversación con ${inbox}`,
    wrote: (name) => `${name} escribió:`,
    because: (inbox) => `Escribió a ${inbox}, y la respuesta llegó cuando ya no estaba. Para contestar, responda a este correo.`,
    continueInChat: "Seguir en el chat",
    transcriptSubject: (inbox) => `Transcripción de su conversación con ${inbox}`,
    transcriptIntro: (inbox, began) => `Su conversación con ${inbox}, iniciada el ${began}:`,
    visitor: "Usted",
    cutShort: "La conversación es más larga; estos son sus primeros mensajes.",
    filesNotReceived: (names) => `No se pudieron recibir todos los archivos adjuntos. Faltan: ${names}`,
    noText: "(un correo sin texto)",
    ratingSubject: (inbox) => `¿Qué tal ha sido su conversación con ${inbox}?`,
    ratingHow: "Elija un número o responda con él: 1 es mala, 5 es muy buena. También leeremos lo que escriba debajo.",
  },
  fr: {
    marker: "## Écrivez votre réponse au-dessus de cette ligne ##",
    answerSubject: (inbox) => `Votre conversation avec ${inbox}`,
    wrote: (name) => `${name} a écrit :`,
    because: (inbox) =>
      `Vous avez écrit à ${inbox}, et la réponse est venue en votre absence. Pour y répondre, répondez simplement à ce message.`,
    continueInChat: "Continuer dans le chat",
    transcriptSubject: (inbox) => `Transcription de votre conversation avec ${inbox}`,
    transcriptIntro: (inbox, began) => `Votre conversation avec ${inbox}, commencée le ${began} :`,
    visitor: "Vous",
    cutShort: "La conversation est plus longue ; voici ses premiers messages.",
    filesNotReceived: (names) => `Toutes les pièces jointes n'ont pas pu être reçues. Manquantes : ${names}`,
    noText: "(un message sans texte)",
    ratingSubject: (inbox) => `Comment s’est passée votre conversation avec ${inbox} ?`,
    ratingHow:
      "Choisissez un chiffre ou répondez par un chiffre : 1 est mauvais, 5 est très bon. Ce que vous écrivez dessous est lu aussi.",
  },
  de: {
    marker: "## Bitte antworten Sie oberhalb dieser Zeile ##",
    answerSubject: (inbox) => `Ihr Gespräch mit ${inbox}`,
    wrote: (name) => `${name} schrieb:`,
    because: (inbox) =>
      `Sie haben ${inbox} geschrieben, und die Antwort kam, als Sie nicht da waren. Antworten Sie einfach auf diese Mail.`,
    continueInChat: "Im Chat fortfahren",
    transcriptSubject: (inbox) => `Mitschrift Ihres Gesprächs mit ${inbox}`,
    transcriptIntro: (inbox, began) => `Ihr Gespräch mit ${inbox}, begonnen am ${began}:`,
    visitor: "Sie",
    cutShort: "Das Gespräch ist länger; dies sind seine ersten Nachrichten.",
    filesNotReceived: (names) => `Nicht alle Anhänge konnten empfangen werden. Es fehlen: ${names}`,
    noText: "(eine Mail ohne Text)",
    ratingSubject: (inbox) => `Wie war Ihr Gespräch mit ${inbox}?`,
    ratingHow:
      "Wählen Sie eine Zahl oder antworten Sie mit einer: 1 ist schlecht, 5 ist sehr gut. Was Sie darunter schreiben, wird auch gelesen.",
  },
};

export function mailWords(language: Language): MailWords {
  return words[language];
}

/** In every language: an answer comes with the marker of the mail that it answers. */
export const markers: readonly string[] = languages.map((language) => words[language].marker);
