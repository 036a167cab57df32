import { type Args, defineCommand, type StaffCommand } from "../commands/command.ts";
import { sqlState } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import type { FieldItem, FieldSubject, FieldType } from "../protocol/aids.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import { tellAidsChanged } from "./aids.ts";
import { checkName } from "./bodies.ts";
import { deleteField, insertField, listFields, mostFields, updateField } from "./fieldStore.ts";

type Outside = Pick<Platform, "database" | "bus">;

const of: ArgSchema = { type: "string", description: "What has the field.", enum: ["contact", "conversation"] };
const key: ArgSchema = { type: "string", description: "Its key, for programs: small letters, digits and -.", maxLength: 40 };
const name: ArgSchema = { type: "string", description: "What people read beside it.", maxLength: 100 };
const choices: ArgSchema = { type: "array", description: 'What can be chosen: ["gold", "silver"]; only of a choice.' };
const base = { risk: "write", audience: "staff", source: "built-in", permission: "settings.manage" } as const;

/** Fields of the tenant's own on contacts and conversations. */
export function fieldCommands(deps: Outside): StaffCommand[] {
  const define = (verb: string, summary: string, properties: Record<string, ArgSchema>, required: string[], run: StaffCommand["run"]) =>
    defineCommand<StaffCommand>({
      ...base,
      name: `field.${verb}`,
      summary,
      args: { type: "object", properties, required, additionalProperties: false },
      run,
    });
  return [
    define(
      "create",
      "Makes a field of your own on contacts or conversations.",
      {
        of,
        key,
        name,
        type: { type: "string", description: "What it holds.", enum: ["text", "number", "date", "choice", "boolean"] },
        choices,
      },
      ["of", "key", "name", "type"],
      async ({ principal, args }) => {
        const field = { subject: subjectOf(args), key: checkKey(args), name: checkName(String(args["name"])), type: typeOf(args["type"]) };
        const made = await insertField(deps.database.forTenant(principal.tenant), {
          ...field,
          choices: checkChoices(field.type, args["choices"]),
        }).catch((error: unknown) => {
          if (sqlState(error) !== "23505") throw error;
          throw new Refusal("conflict", `There is a field "${field.key}" of a ${field.subject} already.`, { path: "args.key" });
        });
        if (!made) throw new Refusal("conflict", `${mostFields} fields of a ${field.subject} are the limit.`, { path: "args.of" });
        tellAidsChanged(deps, principal.tenant);
        return {
          messages: [{ text: `Every ${field.subject} has the field “${field.name}” now.` }],
          data: { id: `${field.subject}.${field.key}` },
        };
      },
    ),
    define(
      "update",
      "Changes the name or the choices of a field.",
      { of, key, name, choices },
      ["of", "key"],
      async ({ principal, args }) => {
        const before = await fieldOf(deps, principal.tenant, args);
        const next = {
          ...before,
          name: args["name"] === undefined ? before.name : checkName(String(args["name"])),
          choices: args["choices"] === undefined ? before.choices : checkChoices(before.type, args["choices"]),
        };
        await updateField(deps.database.forTenant(principal.tenant), next);
        tellAidsChanged(deps, principal.tenant);
        return { messages: [{ text: `The field “${next.name}” is changed. Values that are there stay.` }], data: { id: before.id } };
      },
    ),
    define(
      "delete",
      "Deletes a field. Its values are shown nowhere, and come back with a field of the same key.",
      { of, key },
      ["of", "key"],
      async ({ principal, args }) => {
        const before = await fieldOf(deps, principal.tenant, args);
        await deleteField(deps.database.forTenant(principal.tenant), before.subject, before.key);
        tellAidsChanged(deps, principal.tenant);
        return { messages: [{ text: `The field “${before.name}” is deleted.` }], data: { id: before.id } };
      },
    ),
    defineCommand({
      ...base,
      risk: "read",
      permission: "conversations.read",
      name: "field.list",
      summary: "Lists the fields of your own.",
      args: { type: "object", properties: {}, additionalProperties: false },
      run: async ({ principal }) => {
        const fields = await listFields(deps.database.forTenant(principal.tenant));
        const lines = fields.map((field) => `${field.id}: ${field.name} (${field.type})`);
        return {
          messages: [{ text: lines.length === 0 ? "There are no fields of your own yet." : lines.join("\n") }],
          data: { items: fields.map(({ kind: _, ...field }) => field) },
        };
      },
    }),
  ];
}

async function fieldOf({ database }: Outside, tenant: string, args: Args): Promise<FieldItem> {
  const fields = await listFields(database.forTenant(tenant));
  const found = fields.find((field) => field.subject === args["of"] && field.key === args["key"]);
  if (found === undefined)
    throw new Refusal("not_found", `There is no field "${String(args["key"]).slice(0, 40)}" of a ${String(args["of"])}.`, {
      path: "args.key",
    });
  return found;
}

function subjectOf(args: Args): FieldSubject {
  return args["of"] === "contact" ? "contact" : "conversation";
}

const types: readonly FieldType[] = ["text", "number", "date", "choice", "boolean"];

function typeOf(written: unknown): FieldType {
  return types.find((type) => type === written) ?? "text";
}

function checkKey(args: Args): string {
  const written = String(args["key"]);
  if (/^[a-z][a-z0-9-]{0,39}$/.test(written)) return written;
  throw new Refusal("invalid_value", `"key" must begin with a letter and have only small letters, digits and -; "${written}" doesn't.`, {
    path: "args.key",
  });
}

function checkChoices(type: FieldType, given: unknown): string[] {
  const wrong = (message: string) => new Refusal("invalid_value", message, { path: "args.choices" });
  if (type !== "choice") {
    if (Array.isArray(given) && given.length > 0) throw wrong(`"choices" belong to a choice; this field is a ${type}.`);
    return [];
  }
  const list = Array.isArray(given) ? given.map((choice: unknown) => (typeof choice === "string" ? choice.trim() : "")) : [];
  if (list.length === 0 || list.length > 100) throw wrong('"choices" must be 1 to 100 texts.');
  if (list.some((choice) => choice === "" || choice.length > 100)) throw wrong("Each choice must be a text of 1 to 100 characters.");
  if (new Set(list).size < list.length) throw wrong("A choice stands there twice.");
  return list;
}
