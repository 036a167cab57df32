import type { Language } from "../../../src/protocol/languages.ts";
import { language, texts } from "../texts.ts";
import type { MoreTexts } from "./en.ts";

/** In the language of this page; there once `speakMore` has resolved, which every part that comes later awaits. */
export let more: MoreTexts;
let spoken: Language | undefined;

const modules: Record<Language, () => Promise<{ default: MoreTexts }>> = {
  en: () => import("./en.ts"),
  "pt-BR": () => import("./pt-BR.ts"),
  es: () => import("./es.ts"),
  fr: () => import("./fr.ts"),
  de: () => import("./de.ts"),
};

/** Rejects where the texts could not be fetched: those before stay. */
export async function speakMore(): Promise<void> {
  const wanted = language;
  if (wanted === spoken) return;
  const { default: fetched } = await modules[wanted]();
  more = fetched;
  spoken = wanted;
}

/** All that the blocks say. */
export function blockWords() {
  return { ...texts, ...more };
}
