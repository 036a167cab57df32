import type { ConversationHead } from "./desk.ts";

/** What `{{…}}` may name in a canned answer. Values only, no logic; each is a text or not known. */
export const slotNames = [
  "contact.name",
  "contact.email",
  "contact.phone",
  "agent.name",
  "agent.email",
  "conversation.id",
  "conversation.team",
] as const;

export type SlotName = (typeof slotNames)[number];
export type SlotValues = Partial<Record<SlotName, string | null>>;

/** What the slots mean in this conversation, said by this agent. */
export function slotValues(
  { id, team, contact }: Pick<ConversationHead, "id" | "team" | "contact">,
  agent: { name: string; email: string },
): SlotValues {
  return {
    "contact.name": contact.name,
    "contact.email": contact.email,
    "contact.phone": contact.phone,
    "agent.name": agent.name,
    "agent.email": agent.email,
    "conversation.id": id,
    "conversation.team": team,
  };
}

const slot = /\{\{\s*([^{}]*?)\s*\}\}/gu;

/** The names that stand between braces and are none of ours. */
export function unknownSlots(text: string): string[] {
  return [...new Set([...text.matchAll(slot)].map(([, name = ""]) => name))].filter((name) => !isSlot(name));
}

/** The text with each value in its place; what is not known stays in its braces and is named in `missing`. */
export function fillSlots(text: string, values: SlotValues): { text: string; missing: SlotName[] } {
  const missing = new Set<SlotName>();
  const filled = text.replace(slot, (written, name: string) => {
    if (!isSlot(name)) return written;
    const value = values[name];
    if (value !== undefined && value !== null && value.trim() !== "") return value;
    missing.add(name);
    return `{{${name}}}`;
  });
  return { text: filled, missing: [...missing] };
}

/** Where slots still stand in a text: from and to, in UTF-16 units. */
export function openSlots(text: string): { from: number; to: number; name: SlotName }[] {
  return [...text.matchAll(slot)].flatMap((match) => {
    const name = match[1] ?? "";
    return isSlot(name) ? [{ from: match.index, to: match.index + match[0].length, name }] : [];
  });
}

function isSlot(name: string): name is SlotName {
  return slotNames.some((known) => known === name);
}

/** The version of a text in the first of these languages that it has: `pt-BR`, else `pt`, else any `pt-…`, else the first version. */
export function versionFor(texts: Readonly<Record<string, string>>, wanted: readonly (string | null | undefined)[]): string {
  const languages = Object.keys(texts);
  const primary = (tag: string) => tag.toLowerCase().split("-")[0];
  for (const tag of wanted) {
    if (tag === null || tag === undefined) continue;
    const found =
      languages.find((language) => language.toLowerCase() === tag.toLowerCase()) ??
      languages.find((language) => language.toLowerCase() === primary(tag)) ??
      languages.find((language) => primary(language) === primary(tag));
    if (found !== undefined) return texts[found] ?? "";
  }
  return texts[languages[0] ?? ""] ?? "";
}
