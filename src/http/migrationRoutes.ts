import { z } from "zod";
import { blueprintFor } from "../entities/blueprints/saveBlueprints.ts";
import { previewMigration } from "../entities/migration/migrateEntities.ts";
import { blueprintParams, value } from "./blueprintSchemas.ts";
import { byToken } from "./callers.ts";
import { startAsResource } from "./commandAsResource.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { nothing, type Operation, operation } from "./operation.ts";
import { runAnswer } from "./schemas.ts";

const migrationBody = z
  .strictObject({
    to: z.int().min(1).optional().meta({ description: "The version; the latest where nothing is said." }),
    entities: z
      .union([z.literal("all"), z.array(z.uuid()).min(1).max(10_000)])
      .optional()
      .meta({ description: "All of other versions, or those of these ids." }),
    unfit: z.enum(["skip", "empty"]).optional().meta({ description: "What becomes of entities with a value that fits nowhere." }),
    replace: z.record(z.string(), z.record(z.string(), value)).optional().meta({ description: "What stands in the place of values." }),
    fill: z.record(z.string(), value).optional().meta({ description: "What a field begins with." }),
  })
  .meta({ id: "Migration" });

const previewAnswer = z
  .strictObject({
    to: z.int(),
    of: z.int().meta({ description: "Entities of other versions." }),
    lookedAt: z.int().meta({ description: "How many of them the counts are of." }),
    migrated: z.int(),
    skipped: z.int(),
    unfit: z
      .record(z.string(), z.strictObject({ count: z.int(), samples: z.array(z.string()) }))
      .meta({ description: "By fields: values that fit nowhere; without samples, values that are missing." }),
    rows: z.array(z.strictObject({ text: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  })
  .meta({ id: "MigrationPreview" });

/** How entities come from one version of their blueprint to another. */
export function migrationOperations(deps: HttpDependencies): Operation[] {
  const path = "/api/v1/blueprints/{key}/migrations";
  const common = { tag: "Blueprints", caller: byToken(deps, "blueprints.manage"), query: nothing } as const;
  return [
    operation({
      ...common,
      method: "post",
      path: `${path}/preview`,
      id: "previewMigration",
      summary: "What a migration would do, by a look at the first 10,000 entities, with some of them field by field; nothing happens.",
      params: blueprintParams,
      body: migrationBody,
      answers: { statuses: { 200: "What would become of them." }, schema: previewAnswer },
      handle: async ({ caller, params, body: { entities, unfit = "skip", ...body } }) => {
        const named = entities === undefined || entities === "all" ? {} : { entities };
        const { rows, ...outcome } = await previewMigration(deps, caller, params.key, { ...body, ...named, unfit });
        const shown = rows.map(({ text, before = null, after = null }) => ({ text, before, after }));
        return { status: 200, body: { ...outcome, rows: shown } };
      },
    }),
    operation({
      ...common,
      method: "post",
      path,
      id: "migrateEntities",
      summary:
        "Brings entities to a version, forward or back, in the background: follow it at its Location, cancel it to stop, ask again to go on.",
      params: blueprintParams,
      body: migrationBody,
      answers: { statuses: { 202: "It runs." }, schema: runAnswer },
      handle: async ({ params, body: { entities, ...body }, ...asking }) => {
        await blueprintFor(deps, asking.caller, "entities.change", params.key, body.to);
        const args = { ...body, blueprint: params.key, ...(entities === undefined || entities === "all" ? {} : { entities }) };
        const run = await startAsResource(deps, asking, "blueprint.migrate", args);
        return { status: 202, body: run, headers: { Location: `/api/v1/runs/${run.id}` } };
      },
    }),
  ];
}
