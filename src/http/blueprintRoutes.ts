import { z } from "zod";
import { reachesBlueprint } from "../access/policy.ts";
import { listBlueprints, listVersions } from "../entities/blueprints/blueprintStore.ts";
import { blueprintFor, viewOfBlueprint } from "../entities/blueprints/saveBlueprints.ts";
import { differences } from "../entities/migration/differences.ts";
import { pageInMemory } from "../platform/lists/listInMemory.ts";
import { type BlueprintView, fieldTypes } from "../protocol/blueprints.ts";
import { byToken } from "./callers.ts";
import { runAsResource, startAsResource } from "./commandAsResource.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { instant, namesOf, pageQuery, runAnswer } from "./schemas.ts";

const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
/** What stands in it, the command checks. */
const field = z.looseObject({ key: z.string(), name: z.string().optional(), type: z.enum(fieldTypes) }).meta({
  id: "FieldDraft",
  description: "A field; one with the `id` that the blueprint answered is that one, whatever its key.",
});
const fieldAnswer = z
  .looseObject({ id: z.string(), key: z.string(), name: z.string(), type: z.enum(fieldTypes), default: value.optional() })
  .meta({ id: "Field" });
const effect = z
  .union([
    value,
    z.null(),
    z.strictObject({ now: z.literal(true) }),
    z.strictObject({ add: z.union([z.string(), z.number()]) }),
    z.strictObject({ field: z.string() }),
  ])
  .meta({ description: "What a field becomes: a value, null for nothing, the moment, so much more, or what another field is." });
/** What stands in it, the command checks. */
const flow = z
  .looseObject({
    field: z.string().meta({ description: "The key of the choice that is the state." }),
    states: z.array(z.string()).optional(),
    transitions: z.array(
      z.looseObject({
        key: z.string(),
        name: z.string().optional(),
        from: z.array(z.string()),
        to: z.string(),
        set: z.record(z.string(), effect).optional(),
        required: z.array(z.string()).optional().meta({ description: "Fields that must have a value." }),
        guard: z.record(z.string(), z.unknown()).optional().meta({ description: "A filter that the entity must fulfil." }),
        roles: z.array(z.string()).optional(),
        approval: z.looseObject({ by: z.string(), quorum: z.int().optional() }).optional(),
      }),
    ),
  })
  .meta({ id: "Flow", description: "The states that entities are in, and what leads from one to the next." });
const newBody = z
  .strictObject({ key: z.string(), name: z.string(), fields: z.array(field).optional(), flow: flow.optional() })
  .meta({ id: "NewBlueprint" });
const changeBody = z
  .strictObject({
    name: z.string().optional(),
    fields: z.array(field).optional(),
    flow: flow.nullable().optional(),
    version: z.int().min(1).optional().meta({ description: "The version that was changed." }),
  })
  .meta({ id: "BlueprintChange" });
const blueprintAnswer = z
  .strictObject({
    key: z.string(),
    name: z.string(),
    fields: z.array(fieldAnswer),
    flow: flow.optional(),
    version: z.int(),
    latest: z.int(),
    trashedAt: instant.nullable(),
    changedBy: z.string(),
    changedAt: instant,
  })
  .meta({ id: "Blueprint" });
const blueprintsAnswer = z.strictObject({ items: z.array(blueprintAnswer), nextCursor: z.string().nullable() });
const versionsAnswer = z.strictObject({ items: z.array(z.strictObject({ version: z.int(), by: z.string(), at: instant })) });
const versionQuery = z.strictObject({ version: z.coerce.number().int().min(1).optional() });

const differencesQuery = z.strictObject({ from: z.coerce.number().int().min(1), to: z.coerce.number().int().min(1) });
const differencesAnswer = z.strictObject({
  items: z.array(
    z.strictObject({
      kind: z.enum(["added", "removed", "renamed", "changed"]),
      what: z.enum(["blueprint", "field", "transition"]),
      key: z.string(),
      option: z.string().optional(),
      was: z.string().optional(),
      is: z.string().optional(),
    }),
  ),
});
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

/** By what a list of blueprints may be filtered and sorted. */
const blueprintList = {
  fields: { key: { type: "text" }, name: { type: "text" }, changedAt: { type: "instant" }, trashedAt: { type: "instant", optional: true } },
  order: "key",
  unique: "key",
  values: ({ key, name, changedAt, trashedAt }: BlueprintView) => ({ key, name, changedAt, trashedAt }),
} as const;

export const blueprintParams = z.strictObject({ key: z.string().max(100) });

/** What a tenant's things are made of. */
export function blueprintOperations(deps: HttpDependencies): Operation[] {
  const path = "/api/v1/blueprints";
  const reads = { tag: "Blueprints", caller: byToken(deps, "entities.read"), body: noBody } as const;
  const changes = { tag: "Blueprints", caller: byToken(deps, "blueprints.manage"), query: nothing } as const;
  const one = { params: blueprintParams, answers: { statuses: { 200: "The blueprint." }, schema: blueprintAnswer } } as const;
  const answered = (data: unknown): BlueprintView => z.object({ blueprint: z.custom<BlueprintView>() }).parse(data).blueprint;

  return [
    operation({
      ...reads,
      method: "get",
      path,
      id: "listBlueprints",
      summary: "The blueprints, each with its latest version; also those in the trash.",
      params: nothing,
      query: pageQuery(50, { fields: namesOf(blueprintList), sort: "key", filter: '{"trashedAt": {"empty": true}}' }),
      answers: { statuses: { 200: "A page of them." }, schema: blueprintsAnswer },
      handle: async ({ caller, query }) => {
        const all = await listBlueprints(deps.database.aside.forTenant(caller.tenant));
        const theirs = all.filter(({ key }) => reachesBlueprint(caller, "entities.read", key)).map(viewOfBlueprint);
        return { status: 200, body: pageInMemory(blueprintList, theirs, query) };
      },
    }),
    operation({
      ...changes,
      method: "post",
      path,
      id: "createBlueprint",
      summary: "Makes a blueprint: its entities and their commands are there at once.",
      params: nothing,
      body: newBody,
      answers: { statuses: { 201: "It is there as version 1." }, schema: blueprintAnswer },
      handle: async ({ body, ...asking }) => {
        const made = answered(await runAsResource(deps, asking, "blueprint.create", body));
        return { status: 201, body: made, headers: { Location: `${path}/${made.key}` } };
      },
    }),
    operation({
      ...reads,
      ...one,
      method: "get",
      path: `${path}/{key}`,
      id: "readBlueprint",
      summary: "A blueprint, with its latest version or the one that is named.",
      query: versionQuery,
      handle: async ({ caller, params, query }) => ({
        status: 200,
        body: viewOfBlueprint(await blueprintFor(deps, caller, "entities.read", params.key, query.version)),
      }),
    }),
    operation({
      ...reads,
      method: "get",
      path: `${path}/{key}/versions`,
      id: "listBlueprintVersions",
      summary: "Its versions, the newest first.",
      params: blueprintParams,
      query: nothing,
      answers: { statuses: { 200: "All of them." }, schema: versionsAnswer },
      handle: async ({ caller, params }) => {
        const { id } = await blueprintFor(deps, caller, "entities.read", params.key);
        const versions = await listVersions(deps.database.forTenant(caller.tenant), id);
        const items = versions.map(({ version, by, at }) => ({ version, by: by ?? "somebody who left", at: at.toISOString() }));
        return { status: 200, body: { items } };
      },
    }),
    operation({
      ...changes,
      ...one,
      method: "patch",
      path: `${path}/{key}`,
      id: "changeBlueprint",
      summary: "Makes a new version; entities stay as they are, those to come fit it.",
      body: changeBody,
      handle: async ({ params, body, ...asking }) => ({
        status: 200,
        body: answered(
          await runAsResource(deps, asking, "blueprint.update", {
            ...body,
            ...(body.flow === null ? { flow: "" } : {}),
            blueprint: params.key,
          }),
        ),
      }),
    }),
    operation({
      ...changes,
      method: "delete",
      path: `${path}/{key}`,
      id: "deleteBlueprint",
      summary: "Moves a blueprint into the trash; its entities stay readable.",
      params: blueprintParams,
      body: noBody,
      answers: { statuses: { 204: "It is in the trash." }, schema: noBody },
      handle: async ({ params, ...asking }) => {
        await runAsResource(deps, asking, "blueprint.delete", { blueprint: params.key });
        return { status: 204 };
      },
    }),
    operation({
      ...reads,
      method: "get",
      path: `${path}/{key}/differences`,
      id: "compareBlueprintVersions",
      summary: "What differs between two versions, field by field and step by step.",
      params: blueprintParams,
      query: differencesQuery,
      answers: { statuses: { 200: "All that differs." }, schema: differencesAnswer },
      handle: async ({ caller, params: { key }, query: { from, to } }) => {
        const [before, after] = await Promise.all([from, to].map((version) => blueprintFor(deps, caller, "entities.read", key, version)));
        if (before === undefined || after === undefined) throw new Error("two were asked for");
        return { status: 200, body: { items: differences(before.definition, after.definition) } };
      },
    }),
    operation({
      ...changes,
      method: "post",
      path: `${path}/{key}/migrations`,
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
    operation({
      ...changes,
      ...one,
      method: "post",
      path: `${path}/{key}/restore`,
      id: "restoreBlueprint",
      summary: "Takes a blueprint out of the trash, with its entities.",
      body: noBody,
      handle: async ({ params, ...asking }) => ({
        status: 200,
        body: answered(await runAsResource(deps, asking, "blueprint.restore", { blueprint: params.key })),
      }),
    }),
  ];
}
