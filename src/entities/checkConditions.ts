import type { Field } from "../protocol/blueprints.ts";
import type { Language } from "../protocol/languages.ts";
import { conditionFields } from "../protocol/lists/comparedAs.ts";
import { checkFilter, namesIn } from "../protocol/lists/filter.ts";
import { Refusal } from "../protocol/refusal.ts";
import { toldOf, wrong } from "./sentences/definitions/sentences.ts";

/** The fields with those conditions that say something, which fit. Refusals: `invalid_value` with `fields.<n>.shownWhen…`, also for a circle. */
export function checkConditions(fields: readonly Field[]): Field[] {
  const compared = conditionFields(fields);
  return fields.map(({ shownWhen, ...field }, index) => {
    if (shownWhen === undefined || Object.keys(shownWhen).length === 0) return field;
    const path = `fields.${index}.shownWhen`;
    const strange = namesIn(shownWhen).find((name) => !Object.hasOwn(compared, name));
    const named = fields.find(({ key }) => key === strange);
    if (named !== undefined) throw wrong(`${path}.${named.key}`, (say) => say.cannotHangOn(field.name, named.name, named.type));
    try {
      checkFilter(compared, JSON.stringify(shownWhen));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const why = (language: Language) => error.in(language).replace("filter.", "");
      const at = (error.path ?? "filter").replace(/^filter/, path);
      throw new Refusal("invalid_value", (language) => toldOf((say) => say.shownByUnfit(field.name, why(language)))(language), {
        path: at,
      });
    }
    const circle = circleFrom(field.key, fields);
    if (circle !== undefined)
      throw wrong(path, (say) => say.hangsOnItself(field.name, circle.map((key) => nameOf(key, fields)).join(say.whichHangsOn)));
    return { ...field, shownWhen };
  });
}

/** From a field over what its condition names back to itself, by keys. */
function circleFrom(key: string, fields: readonly Field[]): string[] | undefined {
  const seen = new Set<string>();
  const way = (at: string): string[] | undefined => {
    for (const next of namesIn(fields.find((field) => field.key === at)?.shownWhen)) {
      if (next === key) return [at, key];
      if (seen.has(next)) continue;
      seen.add(next);
      const rest = way(next);
      if (rest !== undefined) return [at, ...rest];
    }
    return undefined;
  };
  return way(key);
}

function nameOf(wanted: string, fields: readonly Field[]): string {
  return `"${fields.find(({ key }) => key === wanted)?.name ?? wanted}"`;
}
