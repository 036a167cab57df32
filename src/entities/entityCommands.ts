import type { StaffCommand } from "../commands/command.ts";
import { type EntityChange, type EntityValues, type Field, fieldWords, type Named } from "../protocol/blueprints.ts";
import { ownValue } from "../protocol/ownValue.ts";
import type { StoredBlueprint } from "./blueprints/blueprintStore.ts";
import { argumentOf, beginningOf } from "./entityArguments.ts";
import { entitiesTable, entityFields, titleOf } from "./entityBlocks.ts";
import { asData, type CommandedBlueprint, entityCommand, entityId, shown, valuesIn } from "./entityCommand.ts";
import { undoOf } from "./entityUndo.ts";
import { fieldKinds } from "./fields/fieldKinds.ts";
import { chosenEntity } from "./namedEntities.ts";
import { readEntities, readEntity, readHistory } from "./readEntities.ts";
import { readOtherSides } from "./relations/otherSides.ts";
import type { EntityOutside } from "./rewriteEntity.ts";
import { adjustEntity, changeEntity, createEntities, moveEntity } from "./saveEntities.ts";
import { planEntityPurge, purgeEntity } from "./trash/purge.ts";
import { filterArgument, filterIn, whereArgument } from "./where.ts";

/** The commands of a blueprint: `deliveries.create`, `deliveries.list` and so on. */
export function entityCommands(outside: EntityOutside, blueprint: CommandedBlueprint): StaffCommand[] {
  const { key, definition, writes: mayWrite = () => true, removes = true } = blueprint;
  const { fields } = definition;
  const one = definition.name.toLowerCase();
  const written = fields.filter((field) => fieldKinds[field.type].given !== true && mayWrite(field));
  const asked = Object.fromEntries(written.map((field) => [field.key, argumentOf(field)]));
  const begun = Object.fromEntries(written.map((field) => [field.key, beginningOf(field, written)]));
  const needed = written
    .filter((field) => field.required === true && field.default === undefined && field.shownWhen === undefined)
    .map((field) => field.key);
  const listed = fields.filter(({ type }) => fieldKinds[type].listed !== undefined);

  const counting = written.filter(({ type }) => fieldKinds[type].add !== undefined);
  const define = entityCommand(key);
  const undo = undoOf(outside, blueprint);
  const { which, chosen } = chosenEntity(outside, key, fields);
  const reads = { risk: "read", permission: "entities.read" } as const;
  const writes = { permission: "entities.change" } as const;

  return [
    define(
      "list",
      `Lists ${key}, the newest first, or those whose values are these.`,
      {
        ...Object.fromEntries(listed.map((field) => [field.key, { ...argumentOf(field), description: `Only with this ${field.name}.` }])),
        sortBy: { type: "string", description: "Fields with commas, - before for descending.", maxLength: 300 },
        where: whereArgument,
        filterBy: filterArgument,
      },
      [],
      async ({ principal, args: { sortBy, where, filterBy, ...equal } }) => {
        const values = valuesIn(listed, equal);
        const said = filterIn(fields, { where, filterBy });
        const conditions = [
          ...Object.entries(values).map(([field, value]) => ({ [field]: { eq: value } })),
          ...(said === undefined ? [] : [JSON.parse(said)]),
        ];
        const { items, nextCursor } = await readEntities(outside, principal, key, {
          limit: 50,
          trashed: false,
          filter: conditions.length === 0 ? undefined : JSON.stringify({ and: conditions }),
          sort: typeof sortBy === "string" ? sortBy : undefined,
        });
        return {
          messages: [
            {
              text: countText(items.length, nextCursor !== null, key),
              ...(items.length === 0 ? {} : { blocks: [entitiesTable(fields, items, nextCursor !== null)] }),
            },
          ],
          data: { items: items.map(asData), nextCursor },
        };
      },
      { ...reads, ...chosen },
    ),
    define(
      "show",
      `Shows a ${one}.`,
      { entityId: which },
      ["entityId"],
      async ({ principal, args }) => {
        const entity = await readEntity(outside, principal, key, String(args["entityId"]));
        const answer = shown(fields, entity);
        const sides = (await readOtherSides(outside, principal, key, entity.id)).filter(({ items }) => items.length > 0);
        const lines = sides.map(
          ({ name, items, more }) => `${name}: ${items.map(({ title }) => title).join(", ")}${more ? " and more" : ""}`,
        );
        return {
          messages: [...answer.messages, ...(lines.length === 0 ? [] : [{ text: lines.join("\n") }])],
          data: { entity: asData(entity), otherSides: sides.map((side) => ({ ...side, items: side.items.map((item) => ({ ...item })) })) },
        };
      },
      { ...reads, ...chosen },
    ),
    define(
      "history",
      `Who changed a ${one}, when, and what.`,
      { entityId: which },
      ["entityId"],
      async ({ principal, args }) => {
        const { entity, changes, named } = await readHistory(outside, principal, key, String(args["entityId"]));
        const made = `${entity.createdAt}: made by ${entity.createdBy}.`;
        const lines = changes.map((change) => changeLine(fields, change, named));
        return { messages: [{ text: [...lines, made].join("\n") }], data: { changes: changes.map((change) => ({ ...change })) } };
      },
      { ...reads, ...chosen },
    ),
    define(
      "create",
      `Makes a ${one}.`,
      begun,
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
      { ...writes, ...chosen, undo: undo.taken("trash") },
    ),
    define(
      "update",
      `Changes values of a ${one}; what isn't named stays.`,
      {
        entityId: which,
        ...Object.fromEntries(Object.entries(asked).map(([name, schema]) => [name, { ...schema, clearable: true }])),
        entityVersion: { type: "integer", description: "The version that you saw.", minimum: 1 },
      },
      ["entityId"],
      async ({ principal, args: { entityId: named, entityVersion, ...args } }) => {
        const seen = typeof entityVersion === "number" ? entityVersion : undefined;
        const before = await readEntity(outside, principal, key, String(named));
        const values = valuesIn(written, args);
        const after = await changeEntity(outside, principal, key, before.id, { values, seen });
        const answer = shown(fields, after);
        return {
          ...answer,
          messages: [{ text: `${titleOf(fields, after)} is changed.`, blocks: [entityFields(fields, after)] }],
          ...(after.version === before.version + 1 ? { undo: { id: after.id, version: after.version } } : {}),
        };
      },
      { ...writes, ...chosen, undo: undo.changed("values") },
    ),
    ...(counting.length === 0 ? [] : [adjust(outside, blueprint, counting)]),
    ...(removes ? removing(outside, blueprint) : []),
  ];
}

/** Into the trash, out of it, and out of the trash for good. */
function removing(outside: EntityOutside, blueprint: CommandedBlueprint): StaffCommand[] {
  const { key, definition } = blueprint;
  const { fields } = definition;
  const one = definition.name.toLowerCase();
  const define = entityCommand(key);
  const undo = undoOf(outside, blueprint);
  const { which, chosen } = chosenEntity(outside, key);
  const writes = { permission: "entities.change" } as const;
  return [
    define(
      "delete",
      `Moves a ${one} into the trash.`,
      { entityId: which },
      ["entityId"],
      async ({ principal, args }) => {
        const moved = await moveEntity(outside, principal, key, String(args["entityId"]), "trash");
        return { ...shown(fields, moved), messages: [{ text: `${titleOf(fields, moved)} is in the trash.` }], undo: { id: moved.id } };
      },
      { ...writes, ...chosen, undo: undo.taken("restore") },
    ),
    define(
      "purge",
      `Takes a ${one} in the trash away for good, with its history.`,
      { entityId: { ...entityId, description: "Its id, as the trash shows it." } },
      ["entityId"],
      async ({ principal, args }) => {
        const title = await purgeEntity(outside, principal, key, String(args["entityId"]));
        return { messages: [{ text: `${title} is gone for good.` }] };
      },
      {
        ...writes,
        risk: "destructive",
        plan: async ({ principal, args }) => {
          const { title, referring } = await planEntityPurge(outside, principal, key, String(args["entityId"]));
          const others = { text: `${referring} others name it, and won't any more`, kind: "change" as const, count: referring };
          return { changes: [{ text: `${title}, with its history`, kind: "remove", count: 1 }, ...(referring === 0 ? [] : [others])] };
        },
      },
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
}

/** `stock.adjust STO-1 -5`, or `STO-1 qty +5`: so much more of a field that counts, of the first where none is named. */
function adjust(outside: EntityOutside, blueprint: StoredBlueprint, counting: readonly Field[]): StaffCommand {
  const { key, definition } = blueprint;
  // What is counted is adjusted rather than what is measured.
  const names = [...counting].sort((a, b) => Number(b.type === "integer") - Number(a.type === "integer")).map((field) => field.key);
  const { which, chosen } = chosenEntity(outside, key);
  return entityCommand(key)(
    "adjust",
    `Adds to ${counting.map(({ name }) => name).join(" or ")} of a ${definition.name.toLowerCase()}, or takes away.`,
    {
      entityId: which,
      by: { type: "string", format: "decimal", description: `How much more, with - less; ${names[0]} +5 says of which, too.` },
      field: { type: "string", description: `Which; ${names[0]} where nothing is said.`, enum: names },
    },
    ["entityId", "by"],
    async ({ principal, args }) => {
      const [, named, more = ""] = new RegExp(`^(?:(${names.join("|")})\\s+)?(.*)$`, "su").exec(String(args["by"])) ?? [];
      const field = String(args["field"] ?? named ?? names[0]);
      const before = await readEntity(outside, principal, key, String(args["entityId"]));
      const after = await adjustEntity(outside, principal, key, before.id, { field, by: more.replace(/^\+(?=\d)/, "") });
      const text = `${titleOf(definition.fields, after)} has ${fieldWords(ownValue(after.values, field))} of ${counting.find((one) => one.key === field)?.name}.`;
      return {
        ...shown(definition.fields, after),
        messages: [{ text }],
        ...(after.version === before.version + 1 ? { undo: { id: after.id, version: after.version } } : {}),
      };
    },
    { permission: "entities.change", ...chosen, undo: undoOf(outside, blueprint).changed("values") },
  );
}

function countText(count: number, more: boolean, key: string): string {
  if (count === 0) return `There are no ${key}.`;
  return more ? `The first ${count} ${key}.` : `${count} ${key}.`;
}

function changeLine(fields: readonly Field[], { at, by, kind, before, after, started = [] }: EntityChange, named: Named): string {
  if (kind === "trash" || kind === "restore")
    return `${at}: ${kind === "trash" ? "moved into the trash" : "taken out of the trash"} by ${by}.`;
  const changed = fields.filter(({ key }) => ownValue(before, key) !== undefined || ownValue(after, key) !== undefined);
  const wordsOf = (values: EntityValues, key: string) => fieldWords(ownValue(values, key), named) ?? "nothing";
  const words = changed.map(({ key, name }) => `${name} from ${wordsOf(before, key)} to ${wordsOf(after, key)}`);
  const begun = started.map(({ command, state }) => ` It started ${command}${state === undefined ? "" : ` (${state})`}.`).join("");
  if (kind === "change") return `${at}: ${by} changed ${words.join(", ") || "nothing"}.${begun}`;
  return `${at}: brought to another version by ${by}${words.length === 0 ? "" : `: ${words.join(", ")}`}.`;
}
