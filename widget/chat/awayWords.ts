import type { Language } from "../../src/protocol/languages.ts";

/** What the away notice says by itself; the notice's own text is the tenant's. */
interface AwayWords {
  back: (when: string) => string;
  ask: string;
  email: string;
  leave: string;
  kept: string;
}

export const awayWords: Record<Language, AwayWords> = {
  en: {
    back: (when) => `Back ${when}.`,
    ask: "Where should the answer go?",
    email: "E-mail address",
    leave: "Save",
    kept: "We write to your e-mail address.",
  },
  "pt-BR": {
    back: (when) => `De volta ${when}.`,
    ask: "Para onde enviamos a resposta?",
    email: "Endereço de e-mail",
    leave: "Salvar",
    kept: "Escreveremos para o seu e-mail.",
  },
  es: {
    back: (when) => `De vuelta ${when}.`,
    ask: "¿Adónde enviamos la respuesta?",
    email: "Correo electrónico",
    leave: "Guardar",
    kept: "Le escribiremos a su correo.",
  },
  fr: {
    back: (when) => `De retour ${when}.`,
    ask: "Où envoyer la réponse ?",
    email: "Adresse e-mail",
    leave: "Enregistrer",
    kept: "Nous vous écrirons à votre adresse e-mail.",
  },
  de: {
    back: (when) => `Wieder da: ${when}.`,
    ask: "Wohin soll die Antwort gehen?",
    email: "E-Mail-Adresse",
    leave: "Speichern",
    kept: "Wir schreiben an Ihre E-Mail-Adresse.",
  },
};

/** The opening as people say it: `Monday, 9:00`, and with the date where it is farther than a week. In the visitor's own time zone. */
export function openingText(language: Language, until: string, now: number): string {
  const near = Date.parse(until) - now < 6.5 * 24 * 3_600_000;
  const day: Intl.DateTimeFormatOptions = near ? { weekday: "long" } : { weekday: "short", day: "numeric", month: "long" };
  return new Intl.DateTimeFormat(language, { ...day, hour: "numeric", minute: "2-digit" }).format(Date.parse(until));
}
