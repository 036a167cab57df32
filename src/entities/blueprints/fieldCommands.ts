import type { StaffCommand } from "../../commands/command.ts";
import { commandsOf } from "../../commands/commandsOf.ts";
import { type BlueprintView, type Field, type FieldType, type FieldValue, fieldTypes } from "../../protocol/blueprints.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { shownShort } from "../../protocol/sentence.ts";
import type { FieldDraft } from "../blueprint.ts";
import { unfit } from "../fields/fieldKind.ts";
import { toldOf } from "../sentences/definitions/sentences.ts";
import { told as toldOfEntity } from "../sentences/sentences.ts";
import { filterIn } from "../where.ts";
import { type BlueprintCall, blueprint, blueprintIn, told } from "./blueprintAnswer.ts";
import { fieldDraftOf, readable } from "./drafts.ts";
import { type BlueprintOutside, changeBlueprint, requireBlueprint, viewOfBlueprint } from "./saveBlueprints.ts";

/** One field, as it is said in a line: `blueprint.add-field deliveries qty integer min:0`. */
const ofField = {
  name: { type: "string", description: "How people read it; as its key says where nothing is said.", maxLength: 100 },
  required: { type: "boolean", description: "Whether an entity needs it." },
  unique: { type: "boolean", description: "Whether no two entities have the same." },
  section: { type: "string", description: "The heading under which forms show it.", maxLength: 100, clearable: true },
  shownWhen: { type: "object", description: 'Only where this holds: {"kind": {"eq": "company"}}.', clearable: true },
  shownWhere: { type: "string", description: "The same as a line says it: kind=company, qty>=5.", maxLength: 2000, clearable: true },
  onCard: { type: "boolean", description: "Whether cards show it." },
  indexed: { type: "boolean", description: "Whether filters and sorts by it are fast among very many." },
  default: {
    type: "string",
    description: "What it is where nothing is said; now and today of times, me of a person.",
    maxLength: 1000,
    clearable: true,
  },
  choices: { type: "string", description: "Of a choice: what may be chosen, with commas.", maxLength: 10_000 },
  maxLength: { type: "integer", description: "Of a text: the most characters.", minimum: 1 },
  min: { type: "string", description: "The least.", maxLength: 40, clearable: true },
  max: { type: "string", description: "The most.", maxLength: 40, clearable: true },
  places: { type: "integer", description: "Of a decimal: the digits behind its point.", minimum: 0, maximum: 10 },
  currency: { type: "string", description: "Of money: EUR.", maxLength: 3 },
  prefix: { type: "string", description: "Of a sequence number: what stands before it, DEL-.", maxLength: 20 },
  formula: { type: "object", description: 'Of a formula: {"product": ["qty", "price"]}, {"count": {"relation": "orders"}}.' },
  to: { type: "string", description: "Of a relation: the key of the blueprint that it leads to.", maxLength: 100 },
  many: { type: "boolean", description: "Of a relation: whether it may lead to several." },
  otherSide: { type: "string", description: "Of a relation: what those that have it are called there.", maxLength: 200, clearable: true },
  most: { type: "integer", description: "Of files: how many at most.", minimum: 1, maximum: 20 },
  accepts: { type: "string", description: "Of files: image/*, application/pdf, with commas.", maxLength: 1000, clearable: true },
} satisfies Record<string, ArgSchema>;
const key: ArgSchema = { type: "string", description: "The field's key: cargo.", maxLength: 100 };
const type: ArgSchema = { type: "string", description: "What it holds.", enum: [...fieldTypes] };

/** `blueprint.add-field` and its like: a blueprint made field by field, in lines. */
export function fieldCommands(outside: BlueprintOutside): StaffCommand[] {
  const define = commandsOf("blueprint", { risk: "write", permission: "blueprints.manage", audited: "itself" });
  const change = async (
    call: BlueprintCall,
    fields: (before: readonly Field[]) => readonly FieldDraft[],
    text: (view: BlueprintView) => string,
  ) => {
    const before = await requireBlueprint(outside, call.principal.tenant, blueprintIn(call));
    const changed = await changeBlueprint(outside, call.principal, before.key, {
      fields: fields(before.definition.fields),
      seen: before.latest,
    });
    return told(changed, text(viewOfBlueprint(changed)));
  };

  return [
    define("add-field", "Adds a field to a blueprint.", { blueprint, key, type, ...ofField }, ["blueprint", "key", "type"], async (call) =>
      change(
        call,
        (before) => {
          const added = fieldIn(call, before, {
            key: String(call.args["key"]),
            name: readable(String(call.args["key"])),
            type: typeIn(call),
          });
          if (before.some((field) => field.key === added.key))
            throw new Refusal(
              "conflict",
              toldOf((say) => say.fieldAlready(added.key)),
              { path: "key" },
            );
          return [...before, added];
        },
        ({ key: called, version: number }) => `"${called}" has the field "${String(call.args["key"])}", as of version ${number}.`,
      ),
    ),
    define(
      "change-field",
      "Changes a field of a blueprint; what isn't named stays.",
      { blueprint, key, ...ofField, newKey: { ...key, description: "Another key for it." } },
      ["blueprint", "key"],
      async (call) =>
        change(
          call,
          (before) => {
            const held = fieldOf(before, String(call.args["key"]));
            const newKey = call.args["newKey"] === undefined ? held.key : String(call.args["newKey"]);
            return before.map((field) => (field === held ? { ...fieldIn(call, before, field), key: newKey } : field));
          },
          ({ key: called, version: number }) => `"${called}" is changed, as of version ${number}.`,
        ),
    ),
    define(
      "drop-field",
      "Takes a field off a blueprint; entities that have it keep it.",
      { blueprint, key },
      ["blueprint", "key"],
      async (call) =>
        change(
          call,
          (before) => {
            const held = fieldOf(before, String(call.args["key"]));
            return before.filter((field) => field !== held);
          },
          ({ key: called, version: number }) => `"${called}" has no field "${String(call.args["key"])}" any more, as of version ${number}.`,
        ),
    ),
  ];
}

/** A field with what a line says of it. */
function fieldIn({ args }: BlueprintCall, all: readonly Field[], { id, ...before }: FieldDraft): FieldDraft {
  const given = Object.entries(ofField).flatMap(([option, { clearable }]: [string, ArgSchema]): [string, unknown][] => {
    const said = args[option];
    if (said === undefined) return [];
    if (clearable === true && said === "") return [[option === "shownWhere" ? "shownWhen" : option, undefined]];
    if (option === "shownWhere") return [["shownWhen", JSON.parse(filterIn(all, { where: said }, "shownWhere") ?? "{}")]];
    // The blueprint whose field it is has that name already.
    if (option === "to") return [["blueprint", said]];
    if (option === "choices" || option === "accepts")
      return [
        [
          option,
          String(said)
            .split(",")
            .map((one) => one.trim()),
        ],
      ];
    return [[option, option === "default" ? literalIn(before.type, String(said)) : said]];
  });
  const merged = Object.entries({ ...before, ...Object.fromEntries(given) }).filter(([, said]) => said !== undefined);
  return { ...fieldDraftOf(Object.fromEntries(merged)), ...(id === undefined ? {} : { id }) };
}

/** A line says everything in letters. */
export function literalIn(of: FieldType, said: string): FieldValue {
  if (of === "integer" && /^-?\d+$/.test(said)) return Number(said);
  if (of === "boolean" && /^(yes|no|true|false)$/i.test(said)) return /^(yes|true)$/i.test(said);
  return of === "choices" ? said.split(",").map((one) => one.trim()) : said;
}

function fieldOf(fields: readonly Field[], wanted: string): Field {
  const found = fields.find((field) => field.key === wanted);
  if (found !== undefined) return found;
  throw new Refusal(
    "not_found",
    toldOfEntity((say) => say.noField(shownShort(wanted), fields.map((field) => field.key).join(", "))),
    {
      path: "key",
    },
  );
}

function typeIn({ args }: BlueprintCall): FieldType {
  const found = fieldTypes.find((one) => one === args["type"]);
  if (found === undefined) throw unfit({ name: "type" }, (say) => say.oneOf(fieldTypes.join(", ")), "type", args["type"]);
  return found;
}
