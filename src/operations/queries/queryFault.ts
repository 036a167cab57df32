import { Refusal } from "../../protocol/refusal.ts";

/** What is wrong with a query's text, and where: `at` counts UTF-16 units from 0, in the text that was given. */
export class QueryFault extends Error {
  readonly at: number | undefined;

  /** A sentence without its full stop; the place is written behind it. */
  constructor(reason: string, at?: number) {
    super(reason);
    this.name = "QueryFault";
    this.at = at;
  }
}

/** What is told of a fault: the rule in words and the character, counted from 1 as people and databases do. */
export function refusedQuery(fault: QueryFault, text: string, path = "text"): Refusal {
  if (fault.at === undefined) return new Refusal("invalid_value", `${fault.message}.`, { path });
  const character = characterAt(text, fault.at);
  return new Refusal("invalid_value", `${fault.message} at character ${character}.`, { path, character });
}

/** The character at an index of UTF-16 units: from 1, an emoji counted once. */
export function characterAt(text: string, index: number): number {
  return [...text.slice(0, index)].length + 1;
}

/** The index in UTF-16 units of a character counted from 0. */
export function indexOfCharacter(text: string, character: number): number {
  return [...text].slice(0, character).join("").length;
}
