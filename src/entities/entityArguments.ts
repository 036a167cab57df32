import type { Field } from "../protocol/blueprints.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { namesIn } from "../protocol/lists/filter.ts";
import { isMoment } from "./values.ts";

const formats: Partial<Record<Field["type"], string>> = {
  decimal: "decimal",
  money: "decimal",
  date: "date",
  instant: "date-time",
  email: "email",
  url: "uri",
};

/** What a command takes for a field. What its values are, the field says. */
export function argumentOf({ name, type, choices, most = 1, blueprint = "", many = false }: Field): ArgSchema {
  if (type === "relation")
    return {
      type: "string",
      description: `${name}: one of ${blueprint}, by its number, another unique value, or its id${many ? "; several with commas" : ""}.`,
      format: "entity",
      blueprint,
      choicesFrom: { after: [] },
    };
  if (type === "account")
    return { type: "string", description: `${name}: an e-mail, or me.`, format: "account", choicesFrom: { after: [] } };
  if (type === "file")
    return {
      type: "string",
      description: most === 1 ? name : `${name}: up to ${most}, with commas.`,
      ...(most === 1 ? { format: "file" } : {}),
    };
  if (type === "integer" || type === "boolean") return { type, description: name };
  if (type === "choice") return { type: "string", description: name, enum: choices ?? [] };
  if (type === "choices")
    return { type: "string", description: `${name}: ${(choices ?? []).slice(0, 10).join(", ")}; several with commas.` };
  const format = formats[type];
  return { type: "string", description: name, ...(format === undefined ? {} : { format }) };
}

/**
 * The same where one begins with it: in a form it is asked for only where its condition holds for what stands in the others, of which a person is
 * written by address and compared by id, so a condition over one stays with the server.
 */
export function beginningOf(field: Field, asked: readonly Field[]): ArgSchema {
  const { shownWhen, default: begins } = field;
  const isAsked = (name: string) => asked.some(({ key, type }) => key === name && type !== "account");
  return {
    ...argumentOf(field),
    ...(shownWhen !== undefined && namesIn(shownWhen).every(isAsked) ? { shownWhen } : {}),
    ...(begins === undefined || typeof begins === "object" || isMoment(field) ? {} : { default: begins }),
  };
}

/** As the field reads it. */
export function fromArgument({ type }: Field, value: unknown): unknown {
  if ((type !== "choices" && type !== "file" && type !== "relation") || typeof value !== "string") return value;
  return value
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}
