import { z } from "zod";
import { blueprintFor } from "../entities/blueprints/saveBlueprints.ts";
import { readEntities, readEntity, readHistory } from "../entities/readEntities.ts";
import { readOtherSides } from "../entities/relations/otherSides.ts";
import { changeEntity, checkEntity, createEntities, moveEntity } from "../entities/saveEntities.ts";
import { readTrash } from "../entities/trash/readTrash.ts";
import { trashList } from "../entities/trash/trashStore.ts";
import type { EntityView } from "../protocol/blueprints.ts";
import { Refusal } from "../protocol/refusal.ts";
import { blueprintParams } from "./blueprintSchemas.ts";
import { byToken } from "./callers.ts";
import { runAsResource } from "./commandAsResource.ts";
import type { HttpDependencies } from "./dependencies.ts";
import {
  batchAnswer,
  batchBody,
  changeBody,
  entitiesAnswer,
  entitiesQuery,
  entityAnswer,
  entityParams,
  historyAnswer,
  newBody,
  otherSidesAnswer,
  transitionBody,
  transitionParams,
  trashAnswer,
  type written,
} from "./entitySchemas.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { namesOf, pageQuery } from "./schemas.ts";

/** The entities of a blueprint. An `id` is an entity's own, or its value of a unique field: `DEL-17`. */
export function entityOperations(deps: HttpDependencies): Operation[] {
  const path = "/api/v1/blueprints/{key}/entities";
  const reads = { tag: "Entities", caller: byToken(deps, "entities.read"), body: noBody } as const;
  const changes = { tag: "Entities", caller: byToken(deps, "entities.change"), query: nothing } as const;
  const one = { params: entityParams, answers: { statuses: { 200: "The entity." }, schema: entityAnswer } } as const;

  return [
    operation({
      ...reads,
      method: "get",
      path: "/api/v1/trash",
      id: "listTrash",
      summary: "What is in the trash, of all blueprints, and they themselves: what went there last comes first.",
      params: nothing,
      query: pageQuery(50, { fields: namesOf(trashList), sort: "-trashedAt", filter: '{"blueprint": {"eq": "deliveries"}}' }),
      answers: { statuses: { 200: "A page of it." }, schema: trashAnswer },
      handle: async ({ caller, query }) => ({ status: 200, body: await readTrash({ database: deps.database.aside }, caller, query) }),
    }),
    operation({
      ...reads,
      method: "get",
      path,
      id: "listEntities",
      summary: "The entities of a blueprint, the newest first, by the fields of its latest version.",
      params: blueprintParams,
      query: entitiesQuery,
      answers: { statuses: { 200: "A page of them." }, schema: entitiesAnswer },
      handle: async ({ caller, params, query: { trashed, ...query } }) => {
        const asked = { ...query, trashed: trashed === "true" };
        return { status: 200, body: await readEntities(deps, caller, params.key, asked) };
      },
    }),
    operation({
      ...changes,
      method: "post",
      path,
      id: "createEntity",
      summary: "Makes an entity of the latest version, once for each Idempotency-Key.",
      params: blueprintParams,
      body: newBody,
      answers: { statuses: { 201: "It is there." }, schema: entityAnswer },
      handle: async ({ params, body, ...asking }) => {
        const made =
          asking.idempotencyKey === undefined
            ? (await createEntities(deps, asking.caller, params.key, [body.values]))[0]
            : await madeOnce(deps, asking, params.key, body.values);
        if (made === undefined) throw new Error("one was made, and none was answered");
        return { status: 201, body: made, headers: { Location: `/api/v1/blueprints/${params.key}/entities/${made.id}` } };
      },
    }),
    operation({
      ...changes,
      method: "post",
      path: `${path}/batch`,
      id: "createEntities",
      summary: "Makes several entities, all or none.",
      params: blueprintParams,
      body: batchBody,
      answers: { statuses: { 201: "They are there, in this order." }, schema: batchAnswer },
      handle: async ({ caller, params, body }) => {
        const items = body.items.map((item) => item.values);
        const made = await createEntities(deps, caller, params.key, items, (index) => `items.${index}.values`);
        return { status: 201, body: { items: made.map(({ id, version }) => ({ id, version })) } };
      },
    }),
    operation({
      ...reads,
      ...one,
      method: "get",
      path: `${path}/{id}`,
      id: "readEntity",
      summary: "An entity, also from the trash.",
      query: nothing,
      handle: async ({ caller, params }) => ({ status: 200, body: await readEntity(deps, caller, params.key, params.id) }),
    }),
    operation({
      ...reads,
      method: "get",
      path: `${path}/{id}/history`,
      id: "readEntityHistory",
      summary: "Its changes, the newest first.",
      params: entityParams,
      query: nothing,
      answers: { statuses: { 200: "The last 200." }, schema: historyAnswer },
      handle: async ({ caller, params }) => {
        const { changes: items, named: things } = await readHistory(deps, caller, params.key, params.id);
        return { status: 200, body: { items, named: things } };
      },
    }),
    operation({
      ...reads,
      method: "get",
      path: `${path}/{id}/other-sides`,
      id: "readOtherSides",
      summary: "Those that have it in one of their relations, as far as one may see them: the newest 20 of each.",
      params: entityParams,
      query: nothing,
      answers: { statuses: { 200: "By relation." }, schema: otherSidesAnswer },
      handle: async ({ caller, params }) => ({
        status: 200,
        body: { items: await readOtherSides(deps, caller, params.key, params.id) },
      }),
    }),
    operation({
      ...changes,
      ...one,
      method: "patch",
      path: `${path}/{id}`,
      id: "changeEntity",
      summary: "Changes the values that are named; with `version`, only what nobody changed since.",
      body: changeBody,
      handle: async ({ caller, params, body }) => ({
        status: 200,
        body: await changeEntity(deps, caller, params.key, params.id, { values: body.values, seen: body.version }),
      }),
    }),
    operation({
      ...changes,
      method: "post",
      path: `${path}/{id}/transitions/{transition}`,
      id: "takeTransition",
      summary: "Takes an entity through a transition of its flow, with values of the fields that it asks for.",
      params: transitionParams,
      body: transitionBody,
      answers: { statuses: { 200: "The entity." }, schema: entityAnswer },
      handle: async ({ params, body, ...asking }) => ({ status: 200, body: await taken(deps, asking, params, body.values) }),
    }),
    operation({
      ...changes,
      method: "delete",
      path: `${path}/{id}`,
      id: "deleteEntity",
      summary: "Moves an entity into the trash, where it stays readable.",
      params: entityParams,
      body: noBody,
      answers: { statuses: { 204: "It is in the trash." }, schema: noBody },
      handle: async ({ caller, params }) => {
        await moveEntity(deps, caller, params.key, params.id, "trash");
        return { status: 204 };
      },
    }),
    operation({
      ...changes,
      ...one,
      method: "post",
      path: `${path}/{id}/restore`,
      id: "restoreEntity",
      summary: "Takes an entity out of the trash.",
      body: noBody,
      handle: async ({ caller, params }) => ({ status: 200, body: await moveEntity(deps, caller, params.key, params.id, "restore") }),
    }),
  ];
}

/** A run of the transition's command, with its approval and its undo. Refusals: `not_found`, and the command's with the body's paths. */
async function taken(
  deps: HttpDependencies,
  asking: Parameters<typeof runAsResource>[1],
  { key, id, transition }: z.output<typeof transitionParams>,
  body: z.output<typeof written>,
): Promise<EntityView> {
  const { definition } = await blueprintFor(deps, asking.caller, "entities.change", key);
  if (definition.flow?.transitions.some((one) => one.key === transition) !== true)
    throw new Refusal("not_found", `There is no transition "${transition.slice(0, 60)}".`, { path: "transition" });
  await deps.registry.load(asking.caller.tenant);
  const data = await runAsResource(deps, asking, `${key}.${transition}`, { ...argumentsOf(body), entityId: id }).catch((error: unknown) => {
    if (!(error instanceof Refusal) || error.path === undefined) throw error;
    throw error.movedTo(error.path === "entityId" ? "id" : `values.${error.path}`);
  });
  return z.object({ entity: z.custom<EntityView>() }).parse(data).entity;
}

/** As a command takes them. */
function argumentsOf(body: z.output<typeof written>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, said]): [string, unknown][] =>
      said === null ? [] : [[name, Array.isArray(said) ? said.join(",") : said]],
    ),
  );
}

/** A repeat finds the run of before, and what it made. */
async function madeOnce(
  deps: HttpDependencies,
  asking: Parameters<typeof runAsResource>[1],
  key: string,
  body: z.output<typeof written>,
): Promise<EntityView> {
  await deps.registry.load(asking.caller.tenant);
  const data = await runAsResource(deps, asking, `${key}.create`, argumentsOf(body)).catch(async (error: unknown) => {
    if (!(error instanceof Refusal) || error.path === undefined) throw error;
    // What is wrong with the values is told by the fields' names, and not by the arguments of the command that the caller didn't write.
    if (error.code === "invalid_value") await checkEntity(deps, asking.caller, key, body);
    throw error.movedTo(`values.${error.path}`);
  });
  return z.object({ entity: z.custom<EntityView>() }).parse(data).entity;
}
