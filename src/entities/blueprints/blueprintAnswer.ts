import type { AccountPrincipal } from "../../access/principal.ts";
import type { CommandCall, CommandResult } from "../../commands/command.ts";
import type { Json } from "../../platform/bus/bus.ts";
import type { FieldsBlock } from "../../protocol/blocks.ts";
import { type BlueprintView, type Effect, type Field, type Flow, fieldWords } from "../../protocol/blueprints.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { conditionWords } from "../../protocol/lists/guardWords.ts";
import type { StoredBlueprint } from "./blueprintStore.ts";
import { viewOfBlueprint } from "./saveBlueprints.ts";

export type BlueprintCall = CommandCall<AccountPrincipal>;

export const blueprint: ArgSchema = { type: "string", description: "Its key, as its commands begin: deliveries.", maxLength: 100 };

export function blueprintIn({ args }: Pick<BlueprintCall, "args">): string {
  return String(args["blueprint"]);
}

/** A blueprint in words, and as data. */
export function told(stored: StoredBlueprint, text: string): CommandResult {
  const view = viewOfBlueprint(stored);
  const fields: FieldsBlock = {
    type: "fields",
    fields: view.fields.map((field) => ({ label: field.key, value: inWords(field, view.fields) })),
  };
  return {
    messages: [{ text, blocks: [fields, ...(view.flow === undefined ? [] : [flowFields(view.flow)])] }],
    data: { blueprint: plain(view) },
  };
}

function inWords(field: Field, all: readonly Field[]): string {
  const { type: of, required, unique, indexed, choices, prefix, currency, shownWhen } = field;
  const details = [
    currency,
    prefix,
    choices?.join(", "),
    required === true ? "required" : undefined,
    unique === true ? "unique" : undefined,
    indexed === true ? "indexed" : undefined,
    shownWhen === undefined ? undefined : `only where ${conditionWords(all, shownWhen)}`,
  ];
  const said = details.filter((detail) => detail !== undefined && detail !== "");
  return said.length === 0 ? of : `${of}: ${said.join(", ")}`;
}

function flowFields({ transitions }: Flow): FieldsBlock {
  return {
    type: "fields",
    fields: transitions.map(({ key, name, from, to, set = {}, start = [] }) => {
      const effects = Object.entries(set).map(([field, effect]) => `${field} ${effectWords(effect)}`);
      return {
        label: key,
        value: [`${name}: ${from.join(" or ")} to ${to}`, ...effects, ...start.map(({ command }) => `starts ${command}`)].join(", "),
      };
    }),
  };
}

function effectWords(effect: Effect): string {
  if (effect === null) return "is emptied";
  if (typeof effect !== "object" || Array.isArray(effect)) return `becomes ${fieldWords(effect)}`;
  if ("now" in effect) return "becomes now";
  if ("add" in effect) return `is ${effect.add} more`;
  return "field" in effect ? `becomes what "${effect.field}" is` : "";
}

/** As a run keeps it. */
export function plain(view: BlueprintView): Json {
  return JSON.parse(JSON.stringify(view));
}
