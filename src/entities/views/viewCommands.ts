import type { StaffCommand } from "../../commands/command.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import type { EntityViewItem } from "../../protocol/entityViews.ts";
import type { StoredBlueprint } from "../blueprints/blueprintStore.ts";
import { entityCommand } from "../entityCommand.ts";
import type { EntityOutside } from "../rewriteEntity.ts";
import { changeView, createView, readView, readViews, removeView } from "./saveViews.ts";
import { undoOfViews } from "./undoViews.ts";

const view: ArgSchema = { type: "string", description: "Which: its name or its id.", maxLength: 200 };
const name: ArgSchema = { type: "string", description: "What it is called.", maxLength: 200 };
const look: ArgSchema = {
  type: "object",
  description:
    'What it shows: {"sort": ["-qty"], "filters": [{"field": "status", "operator": "eq", "value": "NEW"}], "widths": {}, "pinned": [], "hidden": []}; as "face" board, gallery or calendar, that one by the "days" of a field.',
};
const shared: ArgSchema = { type: "boolean", description: "Whether all who may read these have it, too." };
const version: ArgSchema = { type: "integer", description: "The version that was changed.", minimum: 1 };

/** `deliveries.views` and its like: how people look at a blueprint's entities, saved under a name. */
export function viewCommands(outside: EntityOutside, { key }: StoredBlueprint): StaffCommand[] {
  const define = entityCommand(key);
  const own = { permission: "entities.read" } as const;
  const undo = undoOfViews(outside, key);
  return [
    define(
      "views",
      `Lists the saved views of ${key}.`,
      {},
      [],
      async ({ principal }) => {
        const views = await readViews(outside, principal, key);
        const lines = views.map((one) => `${one.name} (${one.shared ? "everyone's" : "yours"})`);
        return { messages: [{ text: lines.join("\n") || `There are no views of ${key} yet.` }], data: { items: views.map(plain) } };
      },
      { ...own, risk: "read" },
    ),
    define(
      "save-view",
      `Saves how one looks at ${key} under a name.`,
      { name, look, shared },
      ["name", "look"],
      async ({ principal, args }) => {
        const draft = {
          name: String(args["name"]),
          look: args["look"],
          ...(args["shared"] === undefined ? {} : { shared: args["shared"] === true }),
        };
        const made = await createView(outside, principal, key, draft);
        return {
          messages: [{ text: `The view “${made.name}” is saved ${made.shared ? "for everyone" : "for you"}.` }],
          data: { view: plain(made) },
          undo: { id: made.id, version: made.version },
        };
      },
      { ...own, undo: undo.saved },
    ),
    define(
      "change-view",
      `Changes a saved view of ${key}; what isn't named stays.`,
      { view, name, look, shared, version },
      ["view"],
      async ({ principal, args }) => {
        const before = await readView(outside, principal, key, String(args["view"]));
        const changed = await changeView(outside, principal, key, before.id, {
          name: args["name"] === undefined ? undefined : String(args["name"]),
          look: args["look"],
          shared: args["shared"] === undefined ? undefined : args["shared"] === true,
          version: typeof args["version"] === "number" ? args["version"] : undefined,
        });
        return {
          messages: [{ text: `The view “${changed.name}” is changed.` }],
          data: { view: plain(changed) },
          undo: { id: changed.id, version: changed.version, before: plain(before) },
        };
      },
      { ...own, undo: undo.changed },
    ),
    define(
      "delete-view",
      `Deletes a saved view of ${key}.`,
      { view },
      ["view"],
      async ({ principal, args }) => {
        const before = await readView(outside, principal, key, String(args["view"]));
        await removeView(outside, principal, key, before.id);
        return { messages: [{ text: `The view “${before.name}” is deleted.` }], undo: { before: plain(before) } };
      },
      { ...own, undo: undo.deleted },
    ),
  ];
}

/** As a run keeps it. */
function plain(item: EntityViewItem) {
  return JSON.parse(JSON.stringify(item));
}
