import type { Activity } from "./activity.ts";

/** What was said, as plain text: mentions of us are gone, those of others are `@name`, HTML is what it says. */
export function activityText({ text = "", entities = [], recipient }: Pick<Activity, "text" | "entities" | "recipient">): string {
  const ours = entities.flatMap((entity) =>
    entity.type === "mention" && entity.mentioned?.id === recipient.id ? (entity.text ?? []) : [],
  );
  const without = ours.reduce((rest, mention) => (mention === "" ? rest : rest.replace(mention, "")), text);
  return decoded(
    without
      .replace(/<at\b[^>]*>([\s\S]*?)<\/at>/gi, (_, name: string) => `@${name}`)
      .replace(/\r\n?/g, "\n")
      .replace(/<(?:br|\/p|\/div|\/li|\/tr)\b[^>]*>/gi, "\n")
      .replace(/<\/?[a-z!][^<>]*>/gi, ""),
  )
    .replaceAll("\u00a0", " ")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

export function mentionsUs({ entities = [], recipient }: Pick<Activity, "entities" | "recipient">): boolean {
  return entities.some(({ type, mentioned }) => type === "mention" && mentioned?.id === recipient.id);
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** Once: what it decodes to is not decoded again. */
function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}
