import type { StaffCommand } from "../../commands/command.ts";
import { commandsOf } from "../../commands/commandsOf.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import type { FieldDraft } from "../blueprint.ts";
import type { FlowDraft } from "../flow/checkFlow.ts";
import { flowCommands } from "../flow/flowCommands.ts";
import { simulateCommand } from "../flow/simulateCommand.ts";
import { readIndexes } from "../indexes/keepFieldIndexes.ts";

import { migrationCommand } from "../migration/migrationCommand.ts";
import { planPurge, purgeBlueprint } from "../trash/purge.ts";
import { type BlueprintCall, blueprint, blueprintIn, plain, told } from "./blueprintAnswer.ts";
import { listBlueprints, listVersions } from "./blueprintStore.ts";
import { fieldDraftsIn, flowDraftIn, movedIn } from "./drafts.ts";
import { fieldCommands } from "./fieldCommands.ts";
import {
  type BlueprintOutside,
  blueprintShown,
  changeBlueprint,
  createBlueprint,
  restoreBlueprint,
  shownTo,
  trashBlueprint,
  viewOfBlueprint,
} from "./saveBlueprints.ts";

const version: ArgSchema = { type: "integer", description: "Which version.", minimum: 1 };
const seenVersion: ArgSchema = { type: "integer", description: "The version that was changed.", minimum: 1 };
const name: ArgSchema = { type: "string", description: "What people call one of them: Delivery.", maxLength: 100 };
const fieldsArgument: ArgSchema = {
  type: "array",
  description: 'Its fields: [{"key": "cargo", "name": "Cargo", "type": "text", "required": true}].',
};

const flowArgument: ArgSchema = {
  type: "object",
  description: 'Its states: {"field": "status", "transitions": [{"key": "deliver", "from": ["PENDING"], "to": "DELIVERED"}]}.',
  clearable: true,
};

const movedArgument: ArgSchema = {
  type: "object",
  description: 'Where entities go on that are in a state which the flow leaves out, or ("") in none: {"PAUSED": "PENDING"}.',
};

/** `blueprint.*`: how people say what their things are made of. */
export function blueprintCommands(outside: BlueprintOutside): StaffCommand[] {
  const define = commandsOf("blueprint", { risk: "write", permission: "blueprints.manage", audited: "itself" });
  const reads: Partial<StaffCommand> = { risk: "read", audited: "never", permission: "entities.read" };
  return [
    define(
      "list",
      "Lists the blueprints.",
      {},
      [],
      async ({ principal }) => {
        const all = await listBlueprints(outside.database.forTenant(principal.tenant));
        const found = all.flatMap((stored) => shownTo(principal, stored) ?? []).map(viewOfBlueprint);
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
        const found = await blueprintShown(outside, call.principal, blueprintIn(call), numberIn(call));
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
      "indexes",
      "How far the indexes are of the fields that have one.",
      { blueprint },
      ["blueprint"],
      async (call) => {
        const found = await blueprintShown(outside, call.principal, blueprintIn(call));
        const indexes = await readIndexes(outside, call.principal.tenant, found);
        const lines = indexes.map(
          ({ field, state, reason }) => `${field}: ${indexWords[state]}${reason === undefined ? "" : ` (${reason})`}`,
        );
        return { messages: [{ text: lines.join("\n") || `No field of "${found.key}" has an index.` }], data: { indexes: [...indexes] } };
      },
      reads,
    ),
    define(
      "create",
      "Makes a blueprint: its entities and their commands are there at once. Without fields it begins with a number and a name.",
      { key: blueprint, name, fields: fieldsArgument, flow: flowArgument },
      ["key", "name"],
      async (call) => {
        const called = String(call.args["key"]);
        const draft = { fields: beginning(called), ...draftIn(call) };
        const made = await createBlueprint(outside, call.principal, { key: called, name: String(call.args["name"]), ...draft });
        return told(made, `"${made.key}" is there: "${made.key}.create" makes the first.`);
      },
    ),
    define(
      "update",
      "Makes a new version of a blueprint; entities stay as they are.",
      { blueprint, name, fields: fieldsArgument, flow: flowArgument, version: seenVersion, moved: movedArgument },
      ["blueprint"],
      async (call) => {
        const [called, seen] = [call.args["name"], numberIn(call)];
        const changed = await changeBlueprint(outside, call.principal, blueprintIn(call), {
          ...(called === undefined ? {} : { name: String(called) }),
          ...draftIn(call),
          ...(seen === undefined ? {} : { seen }),
          ...(call.args["moved"] === undefined ? {} : { moved: movedIn(call.args["moved"]) }),
        });
        return told(changed, `Version ${changed.number} of "${changed.key}" is there.`);
      },
    ),
    ...fieldCommands(outside),
    ...flowCommands(outside),
    simulateCommand(outside),
    migrationCommand(outside),
    define("delete", "Moves a blueprint into the trash: its entities stay readable.", { blueprint }, ["blueprint"], async (call) => {
      const moved = await trashBlueprint(outside, call.principal, blueprintIn(call));
      return told(moved, `"${moved.key}" is in the trash; "blueprint.restore" brings it back with everything.`);
    }),
    define(
      "purge",
      "Takes a blueprint in the trash away for good, with its entities and all that is kept of them.",
      { blueprint },
      ["blueprint"],
      async (call) => {
        const gone = await purgeBlueprint(outside, call.principal, blueprintIn(call), {
          signal: call.work.signal,
          progress: (done) => call.work.progress({ text: `${done} entities are gone`, done }),
        });
        return { messages: [{ text: `"${blueprintIn(call)}" is gone for good, with ${gone} entities.` }], data: { entities: gone } };
      },
      {
        risk: "destructive",
        plan: async (call) => {
          const { entities, changes, versions, referring } = await planPurge(outside, call.principal.tenant, blueprintIn(call));
          return {
            changes: [
              { text: `${entities} entities`, kind: "remove", count: entities },
              { text: `${changes} lines of their history`, kind: "remove", count: changes },
              { text: `${versions} versions of the blueprint`, kind: "remove", count: versions },
              ...(referring === 0
                ? []
                : [{ text: `${referring} others name some of them, and won't any more`, kind: "change" as const, count: referring }]),
            ],
          };
        },
      },
    ),
    define("restore", "Takes a blueprint out of the trash, with its entities.", { blueprint }, ["blueprint"], async (call) => {
      const moved = await restoreBlueprint(outside, call.principal, blueprintIn(call));
      return told(moved, `"${moved.key}" is there again.`);
    }),
  ];
}

const indexWords = { making: "being made", ready: "ready", failed: "failed" } as const;

/** What a blueprint begins with, where somebody says only its name: three letters of its key number its entities. */
function beginning(called: string): FieldDraft[] {
  return [
    { key: "id", name: "Id", type: "sequence", prefix: `${called.slice(0, 3).toUpperCase()}-` },
    { key: "name", name: "Name", type: "text" },
  ];
}

/** What is written of the fields and the flow; a flow that is emptied is none. */
function draftIn({ args: { fields, flow } }: BlueprintCall): { fields?: FieldDraft[]; flow?: FlowDraft | null } {
  return {
    ...(fields === undefined ? {} : { fields: fieldDraftsIn(fields) }),
    ...(flow === undefined ? {} : { flow: flow === "" ? null : flowDraftIn(flow) }),
  };
}

function numberIn({ args }: BlueprintCall): number | undefined {
  return typeof args["version"] === "number" ? args["version"] : undefined;
}
