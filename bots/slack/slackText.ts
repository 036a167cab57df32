/**
 * What somebody wrote, as plain text ("Formatting text for app surfaces", the other way round): mentions of `us` are gone, others are `@name`, links
 * say their label and where they lead, entities are letters again.
 */
export function readText(text: string, us: string): string {
  return text
    .replace(/<([^<>]*)>/g, (_, inside: string) => entityLetters(marked(inside, us)))
    .replace(/&(lt|gt|amp);/g, (whole, name: string) => letters[name] ?? whole)
    .replaceAll(held.lt, "<")
    .replaceAll(held.gt, ">")
    .replaceAll(held.amp, "&")
    .replace(/[^\S\n]+$/gm, "")
    .trim();
}

const letters: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&" };
/** What was decoded once is not decoded again. No text has these: they are for private use. */
const held = { lt: "\ue0f0", gt: "\ue0f1", amp: "\ue0f2" } as const;

function entityLetters(text: string): string {
  return text.replaceAll("&lt;", held.lt).replaceAll("&gt;", held.gt).replaceAll("&amp;", held.amp);
}

function marked(inside: string, us: string): string {
  const [what = "", ...labels] = inside.split("|");
  const label = labels.join("|");
  if (what === `@${us}`) return "";
  if (what.startsWith("@")) return `@${label === "" ? what.slice(1) : label.replace(/^@/, "")}`;
  if (what.startsWith("#")) return `#${label === "" ? what.slice(1) : label}`;
  if (what.startsWith("!date^")) return label;
  if (what.startsWith("!subteam^")) return label === "" ? "@group" : `@${label.replace(/^@/, "")}`;
  if (what.startsWith("!")) return `@${what.slice(1)}`;
  const address = what.replace(/^mailto:|^tel:/, "");
  return label === "" || label === address || address.endsWith(`//${label}`) ? address : `${label} (${address})`;
}
