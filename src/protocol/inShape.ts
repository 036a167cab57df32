import { z } from "zod";
import type { Language } from "./languages.ts";
import { Refusal } from "./refusal.ts";
import { sentencesOf, shownShort } from "./sentence.ts";

const told = sentencesOf({
  en: {
    whole: (why: string) => `What was sent doesn't fit: ${why}.`,
    misfit: (path: string, why: string) => `"${path}" doesn't fit: ${why}.`,
    noField: (key: string) => `There is no field "${key}" here.`,
  },
  "pt-BR": {
    whole: (why) => `O que foi enviado não serve: ${why}.`,
    misfit: (path, why) => `“${path}” não serve: ${why}.`,
    noField: (key) => `Não existe o campo “${key}” aqui.`,
  },
  es: {
    whole: (why) => `Lo enviado no es válido: ${why}.`,
    misfit: (path, why) => `«${path}» no es válido: ${why}.`,
    noField: (key) => `Aquí no hay ningún campo «${key}».`,
  },
  fr: {
    whole: (why) => `Ce qui a été envoyé ne convient pas : ${why}.`,
    misfit: (path, why) => `« ${path} » ne convient pas : ${why}.`,
    noField: (key) => `Il n'y a pas de champ « ${key} » ici.`,
  },
  de: {
    whole: (why) => `Was gesendet wurde, passt nicht: ${why}.`,
    misfit: (path, why) => `„${path}“ passt nicht: ${why}.`,
    noField: (key) => `Hier gibt es kein Feld „${key}“.`,
  },
});

/** What the library says of a shape, in each language that is spoken here. */
const spoken: Readonly<Record<Language, () => ReturnType<typeof z.locales.en>>> = {
  en: z.locales.en,
  "pt-BR": z.locales.pt,
  es: z.locales.es,
  fr: z.locales.fr,
  de: z.locales.de,
};

/**
 * The value, where it has the shape. Refusal `invalid_value` otherwise, for the first thing that doesn't fit or isn't asked for, in the language of
 * whoever hears it. Its path begins with `at`, of the body or of what the value is of; the value itself isn't repeated, for it may be a secret.
 */
export function inShape<Schema extends z.ZodType>(schema: Schema, value: unknown, at = ""): z.output<Schema> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const key = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const path = shownPath([at, ...(issue?.path ?? []), key]);
  const why = (language: Language) =>
    schema.safeParse(value, { error: spoken[language]().localeError }).error?.issues[0]?.message ?? issue?.message ?? "";
  throw new Refusal(
    "invalid_value",
    (language) =>
      told((say) => {
        if (key !== undefined) return say.noField(shownShort(key));
        return path === "" ? say.whole(why(language)) : say.misfit(path, why(language));
      })(language),
    path === "" ? {} : { path },
  );
}

const mostOfKey = 60;

/** Keys may be anybody's. */
function shownPath(keys: readonly (PropertyKey | undefined)[]): string {
  return keys.flatMap((one) => (one === undefined || one === "" ? [] : [String(one).slice(0, mostOfKey)])).join(".");
}
