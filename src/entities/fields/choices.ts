import type { Field } from "../../protocol/blueprints.ts";
import type { EntitySentences } from "../sentences/sentences.ts";
import { type FieldKind, folded, unfit } from "./fieldKind.ts";

const mostChoices = 500;
const longestChoice = 100;

export const choice: FieldKind = {
  options: ["choices"],
  read: (value, field, path) => {
    if (typeof value !== "string" || field.choices?.includes(value) !== true)
      throw unfit(field, (say) => say.oneOf(offered(field, say)), path, value);
    return value;
  },
  check: checkChoices,
  listed: { sql: (json) => json },
};

export const choices: FieldKind = {
  options: ["choices"],
  read: (value, field, path) => {
    const chosen: unknown[] = Array.isArray(value) ? value : [value];
    const known = chosen.filter((one): one is string => typeof one === "string" && field.choices?.includes(one) === true);
    if (known.length < chosen.length) throw unfit(field, (say) => say.someOf(offered(field, say)), path, value);
    if (new Set(known).size < known.length) throw unfit(field, (say) => say.chosenOnce, path);
    // In the order in which they are offered: the same choices are the same value.
    return (field.choices ?? []).filter((one) => known.includes(one));
  },
  check: checkChoices,
};

const mostTold = 10;

function offered({ choices: all = [] }: Field, say: EntitySentences): string {
  return all.length <= mostTold ? all.join(", ") : say.andMore(all.slice(0, mostTold).join(", "), all.length - mostTold);
}

function checkChoices(field: Field, path: string): void {
  const { choices: all = [] } = field;
  const at = `${path}.choices`;
  if (all.length === 0) throw unfit(field, (say) => say.someChoice, at);
  if (all.length > mostChoices) throw unfit(field, (say) => say.choicesUpTo(mostChoices, all.length), at);
  if (all.some((one) => one.trim() !== one || one === "" || one.length > longestChoice || one.includes("\0") || !one.isWellFormed()))
    throw unfit(field, (say) => say.choiceLength(longestChoice), at);
  if (new Set(all.map(folded)).size < all.length) throw unfit(field, (say) => say.choiceOnce, at);
}
