import { z } from "zod";
import { blueprintFor } from "../entities/blueprints/saveBlueprints.ts";
import { entityLook } from "../entities/views/entityLook.ts";
import { readViews } from "../entities/views/saveViews.ts";
import type { EntityViewItem } from "../protocol/entityViews.ts";
import { blueprintParams } from "./blueprintSchemas.ts";
import { byToken } from "./callers.ts";
import { runAsResource } from "./commandAsResource.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";

const look = entityLook.meta({
  id: "EntityLook",
  description: "Table, board, gallery or calendar; columns, order, filter and groups, by the keys of fields.",
});
const viewAnswer = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    shared: z.boolean().meta({ description: "Whether all who may read the blueprint have it, or it is one's own." }),
    version: z.int(),
    look,
  })
  .meta({ id: "EntityViewItem" });
const viewsAnswer = z.strictObject({ items: z.array(viewAnswer) });
/** What stands in a look, the command checks. */
const said = z.looseObject({}).meta({ description: "As `EntityLook`." });
const newBody = z.strictObject({ name: z.string(), look: said, shared: z.boolean().optional() }).meta({ id: "NewEntityView" });
const changeBody = z
  .strictObject({ name: z.string().optional(), look: said.optional(), shared: z.boolean().optional(), version: z.int().min(1).optional() })
  .meta({ id: "EntityViewChange" });
const viewParams = z.strictObject({ ...blueprintParams.shape, id: z.string().max(200) });

/** How people look at the entities of a blueprint, saved under a name. */
export function viewOperations(deps: HttpDependencies): Operation[] {
  const path = "/api/v1/blueprints/{key}/views";
  const common = { tag: "Entities", caller: byToken(deps, "entities.read"), query: nothing } as const;
  const answers = (status: 200 | 201, what: string) => ({ statuses: { [status]: what }, schema: viewAnswer });
  const viewIn = (data: unknown) => z.object({ view: z.custom<EntityViewItem>() }).parse(data).view;
  const run = async (asking: Parameters<typeof runAsResource>[1], key: string, verb: string, args: Record<string, unknown>) => {
    await blueprintFor(deps, asking.caller, "entities.read", key);
    await deps.registry.load(asking.caller.tenant);
    return await runAsResource(deps, asking, `${key}.${verb}`, args);
  };
  return [
    operation({
      ...common,
      method: "get",
      path,
      id: "listEntityViews",
      summary: "The saved views of a blueprint: one's own and everyone's.",
      params: blueprintParams,
      body: noBody,
      answers: { statuses: { 200: "All of them." }, schema: viewsAnswer },
      handle: async ({ caller, params }) => ({ status: 200, body: { items: await readViews(deps, caller, params.key) } }),
    }),
    operation({
      ...common,
      method: "post",
      path,
      id: "createEntityView",
      summary: "Saves how one looks at the entities of a blueprint.",
      params: blueprintParams,
      body: newBody,
      answers: answers(201, "It is there."),
      handle: async ({ params, body, ...asking }) => {
        const made = viewIn(await run(asking, params.key, "save-view", body));
        return { status: 201, body: made, headers: { Location: `/api/v1/blueprints/${params.key}/views/${made.id}` } };
      },
    }),
    operation({
      ...common,
      method: "patch",
      path: `${path}/{id}`,
      id: "changeEntityView",
      summary: "Changes a saved view.",
      params: viewParams,
      body: changeBody,
      answers: answers(200, "The view."),
      handle: async ({ params, body, ...asking }) => ({
        status: 200,
        body: viewIn(await run(asking, params.key, "change-view", { ...body, view: params.id })),
      }),
    }),
    operation({
      ...common,
      method: "delete",
      path: `${path}/{id}`,
      id: "deleteEntityView",
      summary: "Deletes a saved view.",
      params: viewParams,
      body: noBody,
      answers: { statuses: { 204: "It is gone." }, schema: noBody },
      handle: async ({ params, ...asking }) => {
        await run(asking, params.key, "delete-view", { view: params.id });
        return { status: 204 };
      },
    }),
  ];
}
