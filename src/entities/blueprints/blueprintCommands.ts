import { z } from "zod";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { CommandCall, CommandResult, StaffCommand } from "../../commands/command.ts";
import { commandsOf } from "../../commands/commandsOf.ts";
import type { FieldsBlock } from "../../protocol/blocks.ts";
import { type BlueprintView, type Field, type FieldType, fieldTypes } from "../../protocol/blueprints.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { FieldDraft } from "../blueprint.ts";
import { listBlueprints, listVersions, type StoredBlueprint } from "./blueprintStore.ts";
import {
  type BlueprintOutside,
  changeBlueprint,
  createBlueprint,
  requireBlueprint,
  restoreBlueprint,
  trashBlueprint,
  viewOfBlueprint,
} from "./saveBlueprints.ts";

type Call = CommandCall<AccountPrincipal>;

const blueprint: ArgSchema = { type: "string", description: "Its key, as its commands begin: deliveries.", maxLength: 100 };
const version: ArgSchema = { type: "integer", description: "Which version.", minimum: 1 };
const seenVersion: ArgSchema = { type: "integer", description: "The version that was changed.", minimum: 1 };
const name: ArgSchema = { type: "string", description: "What people call one of them: Delivery.", maxLength: 100 };
const fieldsArgument: ArgSchema = {
  type: "array",
  description: 'Its fields: [{"key": "cargo", "name": "Cargo", "type": "text", "required": true}].',
};

const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
/** A field as somebody writes it; what doesn't fit its type, the rules of blueprints say. */
const fieldDraft = z.strictObject({
  id: z.string().max(20).exactOptional(),
  key: z.string().max(200),
  name: z.string().max(200).exactOptional(),
  type: z.enum(fieldTypes),
  required: z.boolean().exactOptional(),
  unique: z.boolean().exactOptional(),
  default: value.exactOptional(),
  choices: z.array(z.string().max(200)).max(1000).exactOptional(),
  maxLength: z.number().exactOptional(),
  min: z.union([z.string(), z.number()]).exactOptional(),
  max: z.union([z.string(), z.number()]).exactOptional(),
  places: z.number().exactOptional(),
  currency: z.string().max(3).exactOptional(),
  prefix: z.string().max(20).exactOptional(),
});
const mostFields = 500;

/** One field, as it is said in a line: `blueprint.add-field deliveries qty integer min:0`. */
const ofField = {
  name: { type: "string", description: "How people read it; its key where nothing is said.", maxLength: 100 },
  required: { type: "boolean", description: "Whether an entity needs it." },
  unique: { type: "boolean", description: "Whether no two entities have the same." },
  default: { type: "string", description: "What it is where nothing is said; now and today of times.", maxLength: 1000, clearable: true },
  choices: { type: "string", description: "Of a choice: what may be chosen, with commas.", maxLength: 10_000 },
  maxLength: { type: "integer", description: "Of a text: the most characters.", minimum: 1 },
  min: { type: "string", description: "The least.", maxLength: 40, clearable: true },
  max: { type: "string", description: "The most.", maxLength: 40, clearable: true },
  places: { type: "integer", description: "Of a decimal: the digits behind its point.", minimum: 0, maximum: 10 },
  currency: { type: "string", description: "Of money: EUR.", maxLength: 3 },
  prefix: { type: "string", description: "Of a sequence number: what stands before it, DEL-.", maxLength: 20 },
} satisfies Record<string, ArgSchema>;
const key: ArgSchema = { type: "string", description: "The field's key: cargo.", maxLength: 100 };
const type: ArgSchema = { type: "string", description: "What it holds.", enum: [...fieldTypes] };

/** `blueprint.*`: how people say what their things are made of. */
export function blueprintCommands(outside: BlueprintOutside): StaffCommand[] {
  const define = commandsOf("blueprint", { risk: "write", permission: "blueprints.manage", audited: "itself" });
  const reads: Partial<StaffCommand> = { risk: "read", audited: "never", permission: "entities.read" };
  const change = async (call: Call, fields: (before: readonly Field[]) => readonly FieldDraft[], text: (view: BlueprintView) => string) => {
    const before = await requireBlueprint(outside, call.principal.tenant, blueprintIn(call));
    const changed = await changeBlueprint(outside, call.principal, before.key, {
      fields: fields(before.definition.fields),
      seen: before.latest,
    });
    return told(changed, text(viewOfBlueprint(changed)));
  };

  return [
    define(
      "list",
      "Lists the blueprints.",
      {},
      [],
      async ({ principal }) => {
        const found = (await listBlueprints(outside.database.forTenant(principal.tenant))).map(viewOfBlueprint);
        const lines = found.map(({ key: called, name: one, fields, trashedAt }) => {
          return `${called}: ${one}, ${fields.length} fields${trashedAt === null ? "" : " (in the trash)"}`;
        });
        return { messages: [{ text: lines.join("\n") || "There are no blueprints yet." }], data: { blueprints: found.map(plain) } };
      },
      reads,
    ),
    define(
      "show",
      "Shows a blueprint, or one of its versions.",
      { blueprint, version },
      ["blueprint"],
      async (call) => {
        const found = await requireBlueprint(outside, call.principal.tenant, blueprintIn(call), numberIn(call));
        const versions = await listVersions(outside.database.forTenant(call.principal.tenant), found.id);
        const answer = told(found, `${found.key}, version ${found.number}: ${found.definition.name}`);
        const made = versions.map(({ version: number, by, at }) => ({
          version: number,
          by: by ?? "somebody who left",
          at: at.toISOString(),
        }));
        return { ...answer, data: { blueprint: plain(viewOfBlueprint(found)), versions: made } };
      },
      reads,
    ),
    define(
      "create",
      "Makes a blueprint: its entities and their commands are there at once. Without fields it begins with a number and a name.",
      { key: blueprint, name, fields: fieldsArgument },
      ["key", "name"],
      async (call) => {
        const called = String(call.args["key"]);
        const fields = fieldsIn(call) ?? beginning(called);
        const made = await createBlueprint(outside, call.principal, { key: called, name: String(call.args["name"]), fields });
        return told(made, `"${made.key}" is there: "${made.key}.create" makes the first.`);
      },
    ),
    define(
      "update",
      "Makes a new version of a blueprint; entities stay as they are.",
      { blueprint, name, fields: fieldsArgument, version: seenVersion },
      ["blueprint"],
      async (call) => {
        const [called, fields, seen] = [call.args["name"], fieldsIn(call), numberIn(call)];
        const changed = await changeBlueprint(outside, call.principal, blueprintIn(call), {
          ...(called === undefined ? {} : { name: String(called) }),
          ...(fields === undefined ? {} : { fields }),
          ...(seen === undefined ? {} : { seen }),
        });
        return told(changed, `Version ${changed.number} of "${changed.key}" is there.`);
      },
    ),
    define("add-field", "Adds a field to a blueprint.", { blueprint, key, type, ...ofField }, ["blueprint", "key", "type"], async (call) =>
      change(
        call,
        (before) => {
          const added = fieldIn(call, { key: String(call.args["key"]), name: String(call.args["key"]), type: typeIn(call) });
          if (before.some((field) => field.key === added.key))
            throw new Refusal("conflict", `There is a field "${added.key}" already; "blueprint.change-field" changes it.`, { path: "key" });
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
            return before.map((field) => (field === held ? { ...fieldIn(call, field), key: newKey } : field));
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
    define("delete", "Moves a blueprint into the trash: its entities stay readable.", { blueprint }, ["blueprint"], async (call) => {
      const moved = await trashBlueprint(outside, call.principal, blueprintIn(call));
      return told(moved, `"${moved.key}" is in the trash; "blueprint.restore" brings it back with everything.`);
    }),
    define("restore", "Takes a blueprint out of the trash, with its entities.", { blueprint }, ["blueprint"], async (call) => {
      const moved = await restoreBlueprint(outside, call.principal, blueprintIn(call));
      return told(moved, `"${moved.key}" is there again.`);
    }),
  ];
}

/** What a blueprint begins with, where somebody says only its name: three letters of its key number its entities. */
function beginning(called: string): FieldDraft[] {
  return [
    { key: "id", name: "Id", type: "sequence", prefix: `${called.slice(0, 3).toUpperCase()}-` },
    { key: "name", name: "Name", type: "text" },
  ];
}

function fieldsIn({ args }: Call): FieldDraft[] | undefined {
  if (args["fields"] === undefined) return undefined;
  const parsed = z.array(fieldDraft).max(mostFields, `${mostFields} fields are the most`).safeParse(args["fields"]);
  if (parsed.success) return parsed.data.map((field) => ({ ...field, name: field.name ?? field.key }));
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1).map((one) => one.slice(0, 60)) : [];
  const path = ["fields", ...(issue?.path ?? []), ...unknown].join(".");
  throw new Refusal("invalid_value", `"${path}" doesn't fit: ${issue?.message ?? "it is no list of fields"}.`, { path });
}

/** A field with what a line says of it. */
function fieldIn({ args }: Call, { id, ...before }: FieldDraft): FieldDraft {
  const given = Object.entries(ofField).flatMap(([option, { clearable }]: [string, ArgSchema]): [string, unknown][] => {
    const said = args[option];
    if (said === undefined) return [];
    if (clearable === true && said === "") return [[option, undefined]];
    if (option === "choices")
      return [
        [
          option,
          String(said)
            .split(",")
            .map((one) => one.trim()),
        ],
      ];
    return [[option, option === "default" ? defaultIn(before.type, String(said)) : said]];
  });
  const merged = Object.entries({ ...before, ...Object.fromEntries(given) }).filter(([, said]) => said !== undefined);
  return { ...fieldDraftOf(Object.fromEntries(merged)), ...(id === undefined ? {} : { id }) };
}

function fieldDraftOf(said: object): FieldDraft {
  const parsed = fieldDraft.parse(said);
  return { ...parsed, name: parsed.name ?? parsed.key };
}

/** A line says everything in letters. */
function defaultIn(of: FieldType, said: string): Field["default"] {
  if (of === "integer" && /^-?\d+$/.test(said)) return Number(said);
  if (of === "boolean" && /^(yes|no|true|false)$/i.test(said)) return /^(yes|true)$/i.test(said);
  return of === "choices" ? said.split(",").map((one) => one.trim()) : said;
}

function fieldOf(fields: readonly Field[], wanted: string): Field {
  const found = fields.find((field) => field.key === wanted);
  if (found !== undefined) return found;
  throw new Refusal("not_found", `There is no field "${wanted.slice(0, 60)}"; there are ${fields.map((field) => field.key).join(", ")}.`, {
    path: "key",
  });
}

function blueprintIn({ args }: Call): string {
  return String(args["blueprint"]);
}

function typeIn({ args }: Call): FieldType {
  const found = fieldTypes.find((one) => one === args["type"]);
  if (found === undefined) throw new Refusal("invalid_value", `It must be one of ${fieldTypes.join(", ")}.`, { path: "type" });
  return found;
}

function numberIn({ args }: Call): number | undefined {
  return typeof args["version"] === "number" ? args["version"] : undefined;
}

function told(stored: StoredBlueprint, text: string): CommandResult {
  const view = viewOfBlueprint(stored);
  const block: FieldsBlock = { type: "fields", fields: view.fields.map((field) => ({ label: field.key, value: inWords(field) })) };
  return { messages: [{ text, blocks: [block] }], data: { blueprint: plain(view) } };
}

function inWords(field: Field): string {
  const { type: of, required, unique, choices, prefix, currency } = field;
  const details = [
    currency,
    prefix,
    choices?.join(", "),
    required === true ? "required" : undefined,
    unique === true ? "unique" : undefined,
  ];
  const said = details.filter((detail) => detail !== undefined && detail !== "");
  return said.length === 0 ? of : `${of}: ${said.join(", ")}`;
}

/** As a run keeps it. */
function plain(view: BlueprintView) {
  return {
    ...view,
    fields: view.fields.map((field) => ({ ...field, ...(Array.isArray(field.default) ? { default: [...field.default] } : {}) })),
  };
}
