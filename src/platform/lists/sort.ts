import { fieldOf, type ListFields } from "../../protocol/lists/listFields.ts";
import { refused } from "../../protocol/lists/sentences/sentences.ts";
import { shownShort } from "../../protocol/sentence.ts";

export interface SortTerm {
  field: string;
  descending: boolean;
}

const mostTerms = 5;

/**
 * Reads `sort`: a comma list of fields, `-` before for descending. Entries without a value come last either way. The list's unique field
 * ends every order, so that pages neither repeat nor lose an entry. Refusal `invalid_value` with the path `sort`.
 */
export function checkSort(fields: ListFields, text: string, unique: string): SortTerm[] {
  const terms = text.split(",").map((word) => {
    const name = word.trim().replace(/^-/, "");
    const { type } = fieldOf(fields, name, "sort");
    if (type === "reference") throw refused("sort", (say) => say.noOrder(shownShort(name)));
    return { field: name, descending: word.trim().startsWith("-") };
  });
  const repeated = terms.find(({ field }, index) => terms.findIndex((term) => term.field === field) !== index);
  if (repeated !== undefined) throw refused("sort", (say) => say.sortedTwice(repeated.field));
  if (terms.length > mostTerms) throw refused("sort", (say) => say.tooManyTerms(terms.length, mostTerms));
  if (terms.some(({ field }) => field === unique)) return terms;
  return [...terms, { field: unique, descending: terms.at(-1)?.descending === true }];
}

/** An order as `sort` writes it. */
export function sortText(terms: readonly SortTerm[]): string {
  return terms.map(({ field, descending }) => `${descending ? "-" : ""}${field}`).join(",");
}
