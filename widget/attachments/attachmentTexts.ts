import type { Problem } from "../../src/client/attachments.ts";
import type { Language } from "../../src/protocol/languages.ts";

/** What is read of files, once there are some. `#` is the name or the number. */
interface AttachmentTexts {
  chosen: string;
  remove: string;
  uploading: string;
  waiting: string;
  open: string;
  download: string;
  close: string;
  gone: string;
  tooLarge: string;
  empty: string;
  tooMany: string;
  programs: string;
  tooMuch: string;
  failed: string;
}

export const attachmentTexts: Record<Language, AttachmentTexts> = {
  en: {
    chosen: "Files to send",
    remove: "Remove #",
    uploading: "uploading",
    waiting: "waiting for the network",
    open: "Show # larger",
    download: "Download",
    close: "Close",
    gone: "It can't be shown at the moment.",
    tooLarge: "# is larger than 20 MB, the limit.",
    empty: "# is empty.",
    tooMany: "10 files at once are the limit; send the others with the next message.",
    programs: "Programs can't be sent.",
    tooMuch: "These are too many files for now.",
    failed: "It could not be uploaded.",
  },
  "pt-BR": {
    chosen: "Arquivos para enviar",
    remove: "Remover #",
    uploading: "enviando",
    waiting: "aguardando a rede",
    open: "Ampliar #",
    download: "Baixar",
    close: "Fechar",
    gone: "Não é possível mostrar agora.",
    tooLarge: "# passa do limite de 20 MB.",
    empty: "# está vazio.",
    tooMany: "O limite é de 10 arquivos por vez; envie os outros na próxima mensagem.",
    programs: "Não é possível enviar programas.",
    tooMuch: "São arquivos demais por enquanto.",
    failed: "Não foi possível enviar o arquivo.",
  },
  es: {
    chosen: "Archivos para enviar",
    remove: "Quitar #",
    uploading: "subiendo",
    waiting: "esperando la red",
    open: "Ampliar #",
    download: "Descargar",
    close: "Cerrar",
    gone: "No se puede mostrar ahora.",
    tooLarge: "# supera el límite de 20 MB.",
    empty: "# está vacío.",
    tooMany: "El límite es de 10 archivos a la vez; envíe los demás con el próximo mensaje.",
    programs: "No se pueden enviar programas.",
    tooMuch: "Son demasiados archivos por ahora.",
    failed: "No se pudo subir.",
  },
  fr: {
    chosen: "Fichiers à envoyer",
    remove: "Retirer #",
    uploading: "envoi en cours",
    waiting: "en attente du réseau",
    open: "Agrandir #",
    download: "Télécharger",
    close: "Fermer",
    gone: "Impossible de l’afficher pour le moment.",
    tooLarge: "# dépasse la limite de 20 Mo.",
    empty: "# est vide.",
    tooMany: "La limite est de 10 fichiers à la fois ; envoyez les autres avec le prochain message.",
    programs: "Les programmes ne peuvent pas être envoyés.",
    tooMuch: "Cela fait trop de fichiers pour le moment.",
    failed: "L’envoi n’a pas abouti.",
  },
  de: {
    chosen: "Dateien zum Senden",
    remove: "# entfernen",
    uploading: "wird hochgeladen",
    waiting: "wartet auf das Netz",
    open: "# größer zeigen",
    download: "Herunterladen",
    close: "Schließen",
    gone: "Das kann gerade nicht gezeigt werden.",
    tooLarge: "# ist größer als 20 MB, die Grenze.",
    empty: "# ist leer.",
    tooMany: "10 Dateien auf einmal sind die Grenze; senden Sie die anderen mit der nächsten Nachricht.",
    programs: "Programme können nicht gesendet werden.",
    tooMuch: "Das sind vorerst zu viele Dateien.",
    failed: "Das konnte nicht hochgeladen werden.",
  },
};

export function about(text: string, name: string): string {
  return text.replace("#", () => name);
}

export function problemText(texts: AttachmentTexts, problem: Problem): string {
  return problem.kind === "tooMany" ? texts.tooMany : about(texts[problem.kind], problem.name);
}

/** A refusal in the visitor's language; English says what the server says. */
export function refusalText(texts: AttachmentTexts, { code, message }: { code: string; message: string }, language: Language): string {
  if (language === "en" && message !== "") return message;
  if (code === "unsupported_media_type") return texts.programs;
  return code === "rate_limited" ? texts.tooMuch : texts.failed;
}
