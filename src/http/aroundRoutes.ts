import { z } from "zod";
import { readNotes } from "../entities/around/notes.ts";
import { readTalks } from "../entities/around/talks.ts";
import { blueprintFor } from "../entities/blueprints/saveBlueprints.ts";
import type { EntityNote } from "../protocol/blueprints.ts";
import { blueprintParams } from "./blueprintSchemas.ts";
import { byToken } from "./callers.ts";
import { runAsResource } from "./commandAsResource.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";

const instant = z.iso.datetime();
const noteAnswer = z
  .strictObject({
    id: z.string(),
    text: z.string(),
    by: z.string(),
    mine: z.boolean().meta({ description: "Whether you wrote it." }),
    at: instant,
  })
  .meta({ id: "EntityNote" });
const notesAnswer = z.strictObject({ items: z.array(noteAnswer), nextCursor: z.string().nullable() });
const notesQuery = z.strictObject({
  cursor: z.string().max(100, "this is no cursor of ours").optional().meta({ description: "Of the page before." }),
});
const talksAnswer = z.strictObject({
  items: z.array(z.strictObject({ conversation: z.uuid(), contact: z.string(), command: z.string(), by: z.string(), at: instant })),
});
const noteBody = z.strictObject({ text: z.string().max(10_000, "10,000 characters is the limit") }).meta({ id: "NewEntityNote" });
const entityParams = z.strictObject({ ...blueprintParams.shape, id: z.string().max(1000) });
const noteParams = z.strictObject({ ...entityParams.shape, note: z.string().max(100) });

/** What stands beside an entity: notes of colleagues, and the conversations in which it was worked on. */
export function aroundOperations(deps: HttpDependencies): Operation[] {
  const path = "/api/v1/blueprints/{key}/entities/{id}";
  const common = { tag: "Entities", caller: byToken(deps, "entities.read"), query: nothing } as const;
  const run = async (asking: Parameters<typeof runAsResource>[1], key: string, verb: string, args: Record<string, unknown>) => {
    await blueprintFor(deps, asking.caller, "entities.read", key);
    await deps.registry.load(asking.caller.tenant);
    return await runAsResource(deps, asking, `${key}.${verb}`, args);
  };
  return [
    operation({
      ...common,
      method: "get",
      path: `${path}/notes`,
      id: "listEntityNotes",
      summary: "What colleagues wrote about it, the newest first; for who sees all of it.",
      params: entityParams,
      query: notesQuery,
      body: noBody,
      answers: { statuses: { 200: "The last 200, or those before them." }, schema: notesAnswer },
      handle: async ({ caller, params, query }) => ({
        status: 200,
        body: await readNotes(deps, caller, params.key, params.id, query.cursor),
      }),
    }),
    operation({
      ...common,
      method: "post",
      path: `${path}/notes`,
      id: "addEntityNote",
      summary: "Writes a note about it.",
      params: entityParams,
      body: noteBody,
      answers: { statuses: { 201: "It is there." }, schema: noteAnswer },
      handle: async ({ params, body, ...asking }) => {
        const data = await run(asking, params.key, "add-note", { entityId: params.id, text: body.text });
        return { status: 201, body: z.object({ note: z.custom<EntityNote>() }).parse(data).note };
      },
    }),
    operation({
      ...common,
      method: "delete",
      path: `${path}/notes/{note}`,
      id: "deleteEntityNote",
      summary: "Deletes a note about it.",
      params: noteParams,
      body: noBody,
      answers: { statuses: { 204: "It is gone." }, schema: noBody },
      handle: async ({ params, ...asking }) => {
        await run(asking, params.key, "delete-note", { entityId: params.id, note: params.note });
        return { status: 204 };
      },
    }),
    operation({
      ...common,
      method: "get",
      path: `${path}/conversations`,
      id: "listEntityConversations",
      summary: "The conversations in which commands about it were run, of those that you may read, the last first.",
      params: entityParams,
      body: noBody,
      answers: { statuses: { 200: "The last 50." }, schema: talksAnswer },
      handle: async ({ caller, params }) => ({ status: 200, body: { items: await readTalks(deps, caller, params.key, params.id) } }),
    }),
  ];
}
