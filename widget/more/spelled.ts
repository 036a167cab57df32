import type { Block } from "../../src/protocol/blocks.ts";
import type { FormValues } from "../../src/protocol/forms.ts";
import { more } from "../texts/more/moreTexts.ts";

/** What was filled in, a line each, as the server will say it. */
export function spelled(blocks: readonly Block[], values: FormValues): string {
  const fields = blocks.flatMap((block) => (block.type === "form" ? block.fields : []));
  const lines = fields.flatMap(({ name, label }) => {
    const value = values[name];
    if (value === undefined) return [];
    return [`${label}: ${typeof value === "boolean" ? (value ? more.yes : more.no) : value}`];
  });
  return lines.join("\n") || more.answered;
}
