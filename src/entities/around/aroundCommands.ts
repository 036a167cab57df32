import { z } from "zod";
import type { StaffCommand } from "../../commands/command.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import type { CommandedBlueprint } from "../entityCommand.ts";
import { entityCommand } from "../entityCommand.ts";
import { chosenEntity } from "../namedEntities.ts";
import type { EntityOutside } from "../rewriteEntity.ts";
import { addNote, putNoteBack, readNotes, removeNote } from "./notes.ts";
import { readTalks } from "./talks.ts";

const text: ArgSchema = { type: "string", description: "What is to be known of it, by colleagues.", maxLength: 10_000 };
const note: ArgSchema = { type: "string", description: "Which, by its id.", maxLength: 100 };
const cursor: ArgSchema = { type: "string", description: "Of the page before.", maxLength: 100 };
const undoHours = 24;
const added = z.object({ entity: z.string(), note: z.string() });
const removed = z.object({ entity: z.string(), id: z.string(), text: z.string(), byId: z.string(), at: z.coerce.date() });

/** `deliveries.add-note` and its like: what people know of an entity, and where they talked of it. */
export function aroundCommands(outside: EntityOutside, { key, definition }: CommandedBlueprint): StaffCommand[] {
  const define = entityCommand(key);
  const one = definition.name.toLowerCase();
  const { which, chosen } = chosenEntity(outside, key);
  const reads = { risk: "read", permission: "entities.read", ...chosen } as const;
  const writes = { permission: "entities.read", ...chosen } as const;
  return [
    define(
      "notes",
      `What colleagues wrote about a ${one}.`,
      { entityId: which, cursor },
      ["entityId"],
      async ({ principal, args }) => {
        const before = args["cursor"] === undefined ? undefined : String(args["cursor"]);
        const { items, nextCursor } = await readNotes(outside, principal, key, String(args["entityId"]), before);
        const lines = items.map(({ by, at, text: said }) => `${at}, ${by}: ${said}`);
        const text = [...lines, ...(nextCursor === null ? [] : ["There are older ones."])].join("\n") || "There are no notes.";
        return { messages: [{ text }], data: { items: items.map((each) => ({ ...each })), nextCursor } };
      },
      reads,
    ),
    define(
      "add-note",
      `Writes a note about a ${one}, for colleagues.`,
      { entityId: which, text },
      ["entityId", "text"],
      async ({ principal, args }) => {
        const entity = String(args["entityId"]);
        const made = await addNote(outside, principal, key, entity, String(args["text"]));
        return { messages: [{ text: "The note is there." }], data: { note: { ...made } }, undo: { entity, note: made.id } };
      },
      {
        ...writes,
        undo: {
          hours: undoHours,
          plan: async () => ({ changes: [{ text: "The note is deleted.", kind: "remove" }] }),
          run: async ({ principal, kept }) => {
            const { entity, note: id } = added.parse(kept);
            await removeNote(outside, principal, key, entity, id);
            return { messages: [{ text: "The note is deleted." }] };
          },
        },
      },
    ),
    define(
      "delete-note",
      `Deletes a note about a ${one}.`,
      { entityId: which, note },
      ["entityId", "note"],
      async ({ principal, args }) => {
        const entity = String(args["entityId"]);
        const gone = await removeNote(outside, principal, key, entity, String(args["note"]));
        return { messages: [{ text: "The note is deleted." }], undo: { entity, ...gone } };
      },
      {
        ...writes,
        undo: {
          hours: undoHours,
          plan: async () => ({ changes: [{ text: "The note is there again.", kind: "add" }] }),
          run: async ({ principal, kept }) => {
            const { entity, ...gone } = removed.parse(kept);
            await putNoteBack(outside, principal, key, entity, gone);
            return { messages: [{ text: "The note is there again." }] };
          },
        },
      },
    ),
    define(
      "conversations",
      `In which conversations something was done with a ${one}.`,
      { entityId: which },
      ["entityId"],
      async ({ principal, args }) => {
        const talks = await readTalks(outside, principal, key, String(args["entityId"]));
        const lines = talks.map(({ contact, command, by, at }) => `${contact}: ${command} by ${by}, ${at}`);
        return { messages: [{ text: lines.join("\n") || "In none." }], data: { items: talks.map((each) => ({ ...each })) } };
      },
      reads,
    ),
  ];
}
