import { z } from "zod";
import type { Field } from "../../protocol/blueprints.ts";
import type { EntityLook } from "../../protocol/entityViews.ts";
import { inShape } from "../../protocol/inShape.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { shownShort } from "../../protocol/sentence.ts";
import { ofEach } from "../listedFields.ts";
import { told } from "../sentences/sentences.ts";

const word = z.string().max(100);
const most = 200;
const words = z.array(word).max(most);
const value = z.union([z.string().max(1000), z.number(), z.boolean(), z.null(), z.array(z.string().max(1000)).max(most)]);

export const entityLook = z.strictObject({
  face: z.enum(["table", "board", "gallery", "calendar"]).exactOptional(),
  sort: words,
  filters: z.array(z.strictObject({ field: word, operator: word, value })).max(50),
  widths: z.record(word, z.number()),
  pinned: words,
  hidden: words,
  order: words.exactOptional(),
  group: word.exactOptional(),
  aggregates: z.record(word, word).exactOptional(),
  lanes: word.exactOptional(),
  days: word.exactOptional(),
  span: z.enum(["month", "week"]).exactOptional(),
}) satisfies z.ZodType<EntityLook>;

/** A look as it may be stored. Refusal `invalid_value` with the path of what is none, or names no field that is seen. */
export function lookIn(said: unknown, fields: readonly Field[]): EntityLook {
  const look = inShape(entityLook, said, "look");
  const strange = askedIn(look).find((key) => !isThere(key, fields));
  if (strange !== undefined)
    throw new Refusal(
      "invalid_value",
      told((say) => say.noFieldToLookBy(shownShort(strange))),
      { path: "look" },
    );
  return { ...look, ...ofColumns(look, fields) };
}

/** A stored look for whoever sees these fields; undefined where it asks by others, or by what isn't there any more. */
export function lookFor(look: EntityLook, fields: readonly Field[]): EntityLook | undefined {
  return askedIn(look).every((key) => isThere(key, fields)) ? { ...look, ...ofColumns(look, fields) } : undefined;
}

/** The keys by which a look filters, sorts and gathers. */
function askedIn({ sort, filters, group, lanes, days }: EntityLook): string[] {
  return [
    ...sort.map((term) => term.replace(/^-/, "")),
    ...filters.map(({ field }) => field),
    ...(group === undefined || group === "" ? [] : [group.split(":")[0] ?? ""]),
    ...[lanes, days].filter((key) => key !== undefined),
  ];
}

function isThere(key: string, fields: readonly Field[]): boolean {
  return Object.hasOwn(ofEach, key) || fields.some((field) => field.key === key);
}

/** Of columns that aren't there nothing is told. */
function ofColumns({ widths, pinned, hidden, order, aggregates }: EntityLook, fields: readonly Field[]) {
  const known = (key: string) => isThere(key, fields);
  const only = <Value>(said: Record<string, Value>) => Object.fromEntries(Object.entries(said).filter(([key]) => known(key)));
  return {
    widths: only(widths),
    pinned: pinned.filter(known),
    hidden: hidden.filter(known),
    ...(order === undefined ? {} : { order: order.filter(known) }),
    ...(aggregates === undefined ? {} : { aggregates: only(aggregates) }),
  };
}
