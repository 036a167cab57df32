import type { ErrorBody } from "../../src/protocol/errors.ts";
import type { Language } from "../../src/protocol/languages.ts";
import type { Texts } from "./en.ts";

/** In the language of this page; there once `speak` has resolved, which the chat awaits before it draws anything. */
export let texts: Texts;
/** The language that `texts` are in. */
export let language: Language;

/** Each is fetched when it is wanted. */
const modules: Record<Language, () => Promise<{ default: Texts }>> = {
  en: () => import("./en.ts"),
  "pt-BR": () => import("./pt-BR.ts"),
  es: () => import("./es.ts"),
  fr: () => import("./fr.ts"),
  de: () => import("./de.ts"),
};

/** Rejects where the texts could not be fetched: those before stay. */
export async function speak(wanted: Language): Promise<void> {
  const { default: fetched } = await modules[wanted]();
  texts = fetched;
  language = wanted;
}

/** A refusal in the visitor's words, where there are any for its code. */
export function errorText({ code, message }: Pick<ErrorBody, "code" | "message">): string {
  const known: Partial<Record<string, string>> = texts.errors;
  return (language === "en" ? undefined : known[code]) ?? message;
}
