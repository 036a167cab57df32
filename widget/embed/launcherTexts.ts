import type { Language } from "../../src/protocol/languages.ts";

/** What is read before the chat is there. `#` is the count. */
export interface LauncherTexts {
  open: string;
  close: string;
  unread: string;
  notLoaded: string;
}

const list = (open: string, close: string, unread: string, notLoaded: string): LauncherTexts => ({
  open,
  close,
  unread,
  notLoaded,
});

export const launcherTexts: Record<Language, LauncherTexts> = {
  en: list("Open chat", "Close chat", "Open chat, # unread", "The chat could not be loaded. Try again."),
  "pt-BR": list("Abrir o chat", "Fechar o chat", "Abrir o chat, # não lidas", "O chat não pôde ser carregado. Tente de novo."),
  es: list("Abrir el chat", "Cerrar el chat", "Abrir el chat, # sin leer", "No se pudo cargar el chat. Inténtalo de nuevo."),
  fr: list(
    "Ouvrir la discussion",
    "Fermer la discussion",
    "Ouvrir la discussion, # non lus",
    "La discussion n’a pas pu être chargée. Réessayez.",
  ),
  de: list("Chat öffnen", "Chat schließen", "Chat öffnen, # ungelesen", "Der Chat konnte nicht geladen werden. Noch einmal?"),
};
