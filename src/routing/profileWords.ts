import { Refusal } from "../protocol/refusal.ts";

const mostWords = 50;
const forms = {
  languages: { word: /^[a-z]{2,3}$/, like: 'language tags of two or three letters, like "de, en"' },
  skills: { word: /^[a-z0-9][a-z0-9-]{0,39}$/, like: 'words of small letters, digits and hyphens, like "billing, returns"' },
};

/** Languages or skills as people write them, with commas or spaces; "any" and "none" are no words. Refusal `invalid_value`. */
export function readWords(argument: keyof typeof forms, written: string): string[] {
  const words = [
    ...new Set(
      written
        .toLowerCase()
        .split(/[\s,;]+/u)
        .filter(Boolean),
    ),
  ];
  if (words.length === 1 && (words[0] === "any" || words[0] === "none")) return [];
  const { word, like } = forms[argument];
  const wrong = words.find((each) => !word.test(each));
  if (wrong !== undefined)
    throw new Refusal("invalid_value", `"${argument}" must be ${like}; "${wrong.slice(0, 40)}" is not one.`, { path: `args.${argument}` });
  if (words.length > mostWords)
    throw new Refusal("invalid_value", `"${argument}" takes at most ${mostWords} words; there are ${words.length}.`, {
      path: `args.${argument}`,
    });
  return words.sort();
}

/** Limits per channel, like `website:3, mail:10`; "any" is none. Refusal `invalid_value`. */
export function readChannels(written: string): Record<string, number> {
  const parts = written
    .toLowerCase()
    .split(/[\s,;]+/u)
    .filter(Boolean);
  if (parts.length === 1 && (parts[0] === "any" || parts[0] === "none")) return {};
  return Object.fromEntries(
    parts.map((part) => {
      const [, channel = "", most = ""] = /^([a-z][a-z0-9-]{0,39}):(\d{1,4})$/.exec(part) ?? [];
      if (channel === "" || Number(most) > 1000)
        throw new Refusal("invalid_value", `"channels" must be like "website:3, mail:10"; "${part.slice(0, 40)}" is not.`, {
          path: "args.channels",
        });
      return [channel, Number(most)];
    }),
  );
}
