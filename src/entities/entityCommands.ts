import type { Permission } from "../access/permissions.ts";
import type { AccountPrincipal } from "../access/principal.ts";
import { atArgument } from "../commands/atArgument.ts";
import { type CommandCall, type CommandResult, defineCommand, type StaffCommand, type UndoCall } from "../commands/command.ts";
import { type EntityChange, type EntityView, type Field, fieldWords } from "../protocol/blueprints.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { ownValue } from "../protocol/ownValue.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { StoredBlueprint } from "./blueprints/blueprintStore.ts";
import { argumentOf, fromArgument } from "./entityArguments.ts";
import { entitiesTable, entityFields, titleOf } from "./entityBlocks.ts";
import { fieldKinds } from "./fields/fieldKinds.ts";
import { readEntities, readEntity, readHistory } from "./readEntities.ts";
import { changeEntity, createEntities, type EntityOutside, moveEntity } from "./saveEntities.ts";
import type { WrittenValues } from "./values.ts";

type Call = CommandCall<AccountPrincipal>;

/** No field's key has a capital letter, so the arguments of our own never are one. */
const entityId: ArgSchema = { type: "string", description: "Which: its number, another unique value, or its id.", maxLength: 1000 };
const undoHours = 24;

/** The commands of a blueprint: `deliveries.create`, `deliveries.list` and so on. */
export function entityCommands(outside: EntityOutside, { key, definition }: StoredBlueprint): StaffCommand[] {
  const { fields } = definition;
  const one = definition.name.toLowerCase();
  const written = fields.filter(({ type }) => fieldKinds[type].given !== true);
  const asked = Object.fromEntries(written.map((field) => [field.key, argumentOf(field)]));
  const needed = written.filter((field) => field.required === true && field.default === undefined).map((field) => field.key);
  const listed = fields.filter(({ type }) => fieldKinds[type].listed !== undefined);

  const define = (
    verb: string,
    summary: string,
    properties: Record<string, ArgSchema>,
    required: readonly string[],
    run: (call: Call) => Promise<CommandResult>,
    more: Partial<StaffCommand> & { permission: Permission },
  ): StaffCommand =>
    defineCommand<StaffCommand>({
      name: `${key}.${verb}`,
      summary,
      audience: "staff",
      source: "blueprint",
      risk: "write",
      args: { type: "object", properties, required: [...required], additionalProperties: false },
      run: (call) => run(call).catch(atArgument).catch(atField),
      ...more,
    });
  const reads = { risk: "read", permission: "entities.read" } as const;
  const writes = { permission: "entities.change" } as const;

  return [
    define(
      "list",
      `Lists ${key}, the newest first, or those whose values are these.`,
      {
        ...Object.fromEntries(listed.map((field) => [field.key, { ...argumentOf(field), description: `Only with this ${field.name}.` }])),
        sortBy: { type: "string", description: "Fields with commas, - before for descending.", maxLength: 300 },
        filterBy: { type: "object", description: 'More than equal: {"qty": {"gte": 5}}.' },
      },
      [],
      async ({ principal, args: { sortBy, filterBy, ...equal } }) => {
        const values = valuesIn(listed, equal);
        const conditions = [
          ...Object.entries(values).map(([field, value]) => ({ [field]: { eq: value } })),
          ...(filterBy === undefined ? [] : [filterBy]),
        ];
        const { items, nextCursor } = await readEntities(outside, principal.tenant, key, {
          limit: 50,
          trashed: false,
          filter: conditions.length === 0 ? undefined : JSON.stringify({ and: conditions }),
          sort: typeof sortBy === "string" ? sortBy : undefined,
        });
        return {
          messages: [
            { text: countText(items.length, nextCursor !== null, key), blocks: [entitiesTable(fields, items, nextCursor !== null)] },
          ],
          data: { items: items.map(asData), nextCursor },
        };
      },
      reads,
    ),
    define(
      "show",
      `Shows a ${one}.`,
      { entityId },
      ["entityId"],
      async ({ principal, args }) => shown(fields, await readEntity(outside, principal.tenant, key, String(args["entityId"]))),
      reads,
    ),
    define(
      "history",
      `Who changed a ${one}, when, and what.`,
      { entityId },
      ["entityId"],
      async ({ principal, args }) => {
        const { entity, changes } = await readHistory(outside, principal.tenant, key, String(args["entityId"]));
        const made = `${entity.createdAt}: made by ${entity.createdBy}.`;
        const lines = changes.map((change) => changeLine(fields, change));
        return { messages: [{ text: [...lines, made].join("\n") }], data: { changes: changes.map((change) => ({ ...change })) } };
      },
      reads,
    ),
    define(
      "create",
      `Makes a ${one}.`,
      asked,
      needed,
      async ({ principal, args }) => {
        const [made] = await createEntities(outside, principal, key, [valuesIn(written, args)]);
        if (made === undefined) throw new Error("one was made, and none was answered");
        const answer = shown(fields, made);
        return {
          ...answer,
          messages: [{ text: `${titleOf(fields, made)} is made.`, blocks: [entityFields(fields, made)] }],
          undo: { id: made.id },
        };
      },
      { ...writes, undo: takenBack("trash") },
    ),
    define(
      "update",
      `Changes values of a ${one}; what isn't named stays.`,
      {
        entityId,
        ...Object.fromEntries(Object.entries(asked).map(([name, schema]) => [name, { ...schema, clearable: true }])),
        entityVersion: { type: "integer", description: "The version that you saw.", minimum: 1 },
      },
      ["entityId"],
      async ({ principal, args: { entityId: which, entityVersion, ...args } }) => {
        const seen = typeof entityVersion === "number" ? entityVersion : undefined;
        const before = await readEntity(outside, principal.tenant, key, String(which));
        const values = valuesIn(written, args);
        const after = await changeEntity(outside, principal, key, before.id, { values, seen });
        const old = Object.fromEntries(Object.keys(values).map((name) => [name, ownValue(before.values, name) ?? null]));
        const answer = shown(fields, after);
        return {
          ...answer,
          messages: [{ text: `${titleOf(fields, after)} is changed.`, blocks: [entityFields(fields, after)] }],
          ...(after.version === before.version + 1 ? { undo: { id: after.id, version: after.version, values: old } } : {}),
        };
      },
      { ...writes, undo: changedBack() },
    ),
    define(
      "delete",
      `Moves a ${one} into the trash.`,
      { entityId },
      ["entityId"],
      async ({ principal, args }) => {
        const moved = await moveEntity(outside, principal, key, String(args["entityId"]), "trash");
        return { ...shown(fields, moved), messages: [{ text: `${titleOf(fields, moved)} is in the trash.` }], undo: { id: moved.id } };
      },
      { ...writes, undo: takenBack("restore") },
    ),
    define(
      "restore",
      `Takes a ${one} out of the trash.`,
      { entityId: { ...entityId, description: "Its id, as the trash shows it." } },
      ["entityId"],
      async ({ principal, args }) => {
        const moved = await moveEntity(outside, principal, key, String(args["entityId"]), "restore");
        return { ...shown(fields, moved), messages: [{ text: `${titleOf(fields, moved)} is there again.` }] };
      },
      writes,
    ),
  ];

  /** Made is taken back by the trash, and the trash by restoring. */
  function takenBack(kind: "trash" | "restore"): NonNullable<StaffCommand["undo"]> {
    const text = (title: string) => (kind === "trash" ? `${title} goes into the trash.` : `${title} comes out of the trash.`);
    return {
      hours: undoHours,
      as: `${key}.${kind === "trash" ? "delete" : "restore"}`,
      plan: async ({ principal, kept }) => ({
        changes: [{ text: text(titleOf(fields, await readEntity(outside, principal.tenant, key, keptIn(kept).id))), kind: "change" }],
      }),
      run: async ({ principal, kept }) => {
        const moved = await moveEntity(outside, principal, key, keptIn(kept).id, kind);
        return { messages: [{ text: text(titleOf(fields, moved)) }] };
      },
    };
  }

  /** Only where nothing newer stands on it. */
  function changedBack(): NonNullable<StaffCommand["undo"]> {
    const still = async ({ principal, kept }: UndoCall) => {
      const { id, version } = keptIn(kept);
      const entity = await readEntity(outside, principal.tenant, key, id);
      if (entity.version === version) return entity;
      throw new Refusal("stale", `${entity.updatedBy} changed ${titleOf(fields, entity)} since then.`, {
        current: { version: entity.version },
      });
    };
    return {
      hours: undoHours,
      as: `${key}.update`,
      plan: async (call) => {
        const entity = await still(call);
        return {
          changes: Object.entries(keptIn(call.kept).values).map(([name, value]) => ({
            text: fields.find((field) => field.key === name)?.name ?? name,
            kind: "change" as const,
            before: fieldWords(ownValue(entity.values, name)),
            after: fieldWords(value ?? undefined),
          })),
        };
      },
      run: async (call) => {
        const { id, version, values } = keptIn(call.kept);
        await still(call);
        const back = await changeEntity(outside, call.principal, key, id, { values, seen: version });
        return { messages: [{ text: `${titleOf(fields, back)} is as it was.` }] };
      },
    };
  }
}

interface Kept {
  id: string;
  version: number;
  values: Readonly<Record<string, EntityView["values"][string] | null>>;
}

/** As a run kept it, which is as one of these commands wrote it. */
function keptIn(kept: unknown): Kept {
  return { id: "", version: 0, values: {}, ...(kept as Partial<Kept>) };
}

function valuesIn(fields: readonly Field[], args: Readonly<Record<string, unknown>>): WrittenValues {
  return Object.fromEntries(
    fields.flatMap((field): [string, unknown][] => {
      const value = ownValue(args, field.key);
      return value === undefined ? [] : [[field.key, fromArgument(field, value)]];
    }),
  );
}

/** What the action calls `values.qty` is the argument `qty`. */
function atField(error: unknown): never {
  if (!(error instanceof Refusal) || error.path === undefined) throw error;
  const path = error.path.replace(/^args\.(?:values\.|id$)/, (found) => (found.endsWith("id") ? "args.entityId" : "args."));
  throw path === error.path ? error : error.movedTo(path);
}

function shown(fields: readonly Field[], entity: EntityView): CommandResult {
  return { messages: [{ text: titleOf(fields, entity), blocks: [entityFields(fields, entity)] }], data: { entity: asData(entity) } };
}

function asData(entity: EntityView) {
  return {
    ...entity,
    values: Object.fromEntries(Object.entries(entity.values).map(([key, value]) => [key, Array.isArray(value) ? [...value] : value])),
  };
}

function countText(count: number, more: boolean, key: string): string {
  if (count === 0) return `There are no ${key}.`;
  return more ? `The first ${count} ${key}.` : `${count} ${key}.`;
}

function changeLine(fields: readonly Field[], { at, by, kind, before, after }: EntityChange): string {
  if (kind !== "change") return `${at}: ${kind === "trash" ? "moved into the trash" : "taken out of the trash"} by ${by}.`;
  const changed = fields.filter(({ key }) => ownValue(before, key) !== undefined || ownValue(after, key) !== undefined);
  const words = changed.map(
    ({ key, name }) => `${name} from ${fieldWords(ownValue(before, key)) ?? "nothing"} to ${fieldWords(ownValue(after, key)) ?? "nothing"}`,
  );
  return `${at}: ${by} changed ${words.join(", ")}.`;
}
