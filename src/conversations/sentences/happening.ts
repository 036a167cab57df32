import type { Block } from "../../protocol/blocks.ts";
import { en, type Sentences } from "./en.ts";

const sentences = [
  "joined",
  "handedBack",
  "backInQueue",
  "handedTo",
  "closedBy",
  "reopened",
  "frontOfLine",
  "ended",
  "leftQueue",
  "inLine",
  "inLineNobodyThere",
] as const;

/** What the visitor reads in the tenant's own words. */
const inTheTenantsWords = ["closedNow", "keptForPerson"] as const;

/** What is said to the visitor themselves, or reads in the tenant's own words, as colleagues are told of it: the desk is English. */
const toColleagues: Partial<Record<Happening["what"], string>> = {
  frontOfLine: "The visitor is at the front of the queue again.",
  ended: "The visitor ended the conversation.",
  leftQueue: "The visitor left the queue; the assistant answers again.",
  inLine: "The visitor asked for a person, and waits in the queue.",
  inLineNobodyThere: "The visitor asked for a person while nobody was at the desk, and waits in the queue.",
  closedNow: "The visitor asked for a person outside the hours, and was told so.",
  keptForPerson: "Nobody was there. What the visitor wrote waits for a person.",
};

/** A line of the system: which sentence it is and the names in it, so that each reader is told in their own language. */
export interface Happening {
  what: (typeof sentences)[number] | (typeof inTheTenantsWords)[number];
  /** In the order in which the sentence takes them. */
  values?: string[];
}

/** The happening in these words; undefined where the tenant's own were used. */
export function tell({ what, values = [] }: Happening, say: Sentences): string | undefined {
  if (isInTheTenantsWords(what)) return undefined;
  const sentence: string | ((...values: string[]) => string) = say[what];
  return typeof sentence === "string" ? sentence : sentence(...values);
}

/** The same to a colleague. */
export function tellColleague(happening: Happening): string {
  return toColleagues[happening.what] ?? tell(happening, en) ?? "";
}

/** What a line of the system tells of. Lines from before this was kept have only their text, and those of newer processes may tell of more. */
export function happeningOf(message: { author: { kind: string }; blocks?: Block[] }): Happening | undefined {
  if (message.author.kind !== "system") return undefined;
  const block = message.blocks?.find((one) => one.type === "happening");
  return block !== undefined && isKnown(block.what) ? { what: block.what, values: block.values } : undefined;
}

function isKnown(what: string): what is Happening["what"] {
  return isInTheTenantsWords(what) || sentences.some((one) => one === what);
}

function isInTheTenantsWords(what: string): what is (typeof inTheTenantsWords)[number] {
  return inTheTenantsWords.some((one) => one === what);
}
