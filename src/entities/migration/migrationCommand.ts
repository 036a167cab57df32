import { z } from "zod";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { CommandCall, StaffCommand } from "../../commands/command.ts";
import { commandsOf } from "../../commands/commandsOf.ts";
import type { PlannedChange } from "../../protocol/commands.ts";
import { inShape } from "../../protocol/inShape.ts";
import { blueprint } from "../blueprints/blueprintAnswer.ts";
import { type Asked, type MigrationOutside, migrateEntities, type Outcome, previewMigration } from "./migrateEntities.ts";

const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
const mostNamed = 10_000;
const askedShape = z.object({
  to: z.int().min(1).optional(),
  entities: z.array(z.uuid()).max(mostNamed, `${mostNamed} entities are the most to be named; leave them out for all`).optional(),
  unfit: z.enum(["skip", "empty"]).default("skip"),
  replace: z.record(z.string(), z.record(z.string(), value)).optional(),
  fill: z.record(z.string(), value).optional(),
});

/** `blueprint.migrate`: in the background, with progress; cancelled, it goes on where it stopped when it is run again. */
export function migrationCommand(outside: MigrationOutside): StaffCommand {
  const define = commandsOf("blueprint", { risk: "write", permission: "blueprints.manage", audited: "always" });
  return define(
    "migrate",
    "Brings entities to a version of their blueprint, forward or back; nothing is lost that the way back needs.",
    {
      blueprint,
      to: { type: "integer", description: "The version; the latest where nothing is said.", minimum: 1 },
      unfit: {
        type: "string",
        description: "What becomes of entities with a value that fits nowhere: they stay as they are, or leave that field empty.",
        enum: ["skip", "empty"],
      },
      entities: { type: "array", description: "Their ids; all of other versions where nothing is said." },
      replace: { type: "object", description: 'What stands in the place of values that don\'t fit: {"status": {"PAUSED": "PENDING"}}.' },
      fill: { type: "object", description: 'What a field begins with where there is nothing for it: {"qty": 0}.' },
    },
    ["blueprint"],
    async (call) => {
      const outcome = await migrateEntities(outside, call.principal, String(call.args["blueprint"]), askedIn(call), {
        signal: call.work.signal,
        progress: (now) =>
          call.work.progress({ text: `${now.migrated + now.skipped} of ${now.of}`, done: now.migrated + now.skipped, of: now.of }),
      });
      const stopped = call.work.signal.aborted && outcome.migrated + outcome.skipped < outcome.of;
      return { messages: [{ text: inWords(outcome, stopped) }], data: { ...outcome }, stopped };
    },
    {
      resumable: true,
      idempotent: true,
      plan: async (call) => {
        const preview = await previewMigration(outside, call.principal, String(call.args["blueprint"]), askedIn(call));
        return { changes: planned(preview) };
      },
    },
  );
}

function askedIn({ args: { blueprint: _key, ...args } }: Pick<CommandCall<AccountPrincipal>, "args">): Asked {
  return inShape(askedShape, args);
}

function planned({ to, of, migrated, skipped, lookedAt, unfit, rows }: Awaited<ReturnType<typeof previewMigration>>): PlannedChange[] {
  const seen = lookedAt < of ? ` of the first ${lookedAt}` : "";
  return [
    { text: `${migrated}${seen} come to version ${to}${skipped === 0 ? "" : `, ${skipped} stay as they are`}`, kind: "change", count: of },
    ...Object.entries(unfit).map(
      ([field, { count, samples }]): PlannedChange => ({
        text:
          samples.length === 0
            ? `${count} have nothing for "${field}", which is required`
            : `${count} have no place in "${field}": ${samples.join("; ")}`,
        kind: "remove",
        count,
      }),
    ),
    ...rows,
  ];
}

function inWords({ to, of, migrated, skipped, unfit }: Outcome, stopped: boolean): string {
  const why = Object.entries(unfit).map(([field, { count }]) => `${count} for "${field}"`);
  const stayed = skipped === 0 ? "" : ` ${skipped} stay as they are${why.length === 0 ? "" : ` (${why.join(", ")})`}.`;
  return `${stopped ? `Stopped: ${migrated} of ${of}` : migrated} came to version ${to}.${stayed}`;
}
