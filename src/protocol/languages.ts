/** The languages that Switchboard itself speaks, as BCP 47 has them. Texts of a tenant may be in others. */
export const languages = ["en", "pt-BR", "es", "fr", "de"] as const;

export type Language = (typeof languages)[number];

/** The first of these locales that is spoken here, be it of another region; English where none is. */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const locale of wanted) {
    const found = languages.find((language) => base(language) === base(locale));
    if (found !== undefined) return found;
  }
  return "en";
}

function base(locale: string): string {
  return locale.toLowerCase().split(/[-_]/u)[0] ?? "";
}
