import { z } from "zod";
import { listBlueprints, listVersions } from "../entities/blueprints/blueprintStore.ts";
import { blueprintFor, blueprintShown, shownTo, viewOfBlueprint } from "../entities/blueprints/saveBlueprints.ts";
import { readIndexes } from "../entities/indexes/keepFieldIndexes.ts";
import { pageInMemory } from "../platform/lists/listInMemory.ts";
import { type BlueprintView, fieldTypes } from "../protocol/blueprints.ts";
import { differences } from "../protocol/differences.ts";
import { blueprintParams, field, flow, value } from "./blueprintSchemas.ts";
import { byToken } from "./callers.ts";
import { runAsResource } from "./commandAsResource.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { instant, namesOf, pageQuery } from "./schemas.ts";

const fieldAnswer = z
  .looseObject({ id: z.string(), key: z.string(), name: z.string(), type: z.enum(fieldTypes), default: value.optional() })
  .meta({ id: "Field" });
const newBody = z
  .strictObject({ key: z.string(), name: z.string(), fields: z.array(field).optional(), flow: flow.optional() })
  .meta({ id: "NewBlueprint" });
const changeBody = z
  .strictObject({
    name: z.string().optional(),
    fields: z.array(field).optional(),
    flow: flow.nullable().optional(),
    version: z.int().min(1).optional().meta({ description: "The version that was changed." }),
    moved: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'Where entities go on that are in a state which the flow leaves out, or ("") in none.' }),
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
const indexesAnswer = z.strictObject({
  items: z.array(
    z.strictObject({
      field: z.string(),
      state: z.enum(["making", "ready", "failed"]),
      reason: z.string().optional(),
    }),
  ),
});
/** By what a list of blueprints may be filtered and sorted. */
const blueprintList = {
  fields: { key: { type: "text" }, name: { type: "text" }, changedAt: { type: "instant" }, trashedAt: { type: "instant", optional: true } },
  order: "key",
  unique: "key",
  values: ({ key, name, changedAt, trashedAt }: BlueprintView) => ({ key, name, changedAt, trashedAt }),
} as const;

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
        const theirs = all.flatMap((stored) => shownTo(caller, stored) ?? []).map(viewOfBlueprint);
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
        body: viewOfBlueprint(await blueprintShown(deps, caller, params.key, query.version)),
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
        const [before, after] = await Promise.all([from, to].map((version) => blueprintShown(deps, caller, key, version)));
        if (before === undefined || after === undefined) throw new Error("two were asked for");
        return { status: 200, body: { items: differences(before.definition, after.definition) } };
      },
    }),
    operation({
      ...reads,
      method: "get",
      path: `${path}/{key}/indexes`,
      id: "listBlueprintIndexes",
      summary: "How far the indexes are of the fields that have one: they are made in the background, while everything goes on.",
      params: blueprintParams,
      query: nothing,
      answers: { statuses: { 200: "Each." }, schema: indexesAnswer },
      handle: async ({ caller, params }) => {
        const blueprint = await blueprintShown(deps, caller, params.key);
        return { status: 200, body: { items: await readIndexes(deps, caller.tenant, blueprint) } };
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
