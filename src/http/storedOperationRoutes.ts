import { z } from "zod";
import { viewOf } from "../operations/operationCommands.ts";
import { operationList } from "../operations/operationList.ts";
import { listOperations } from "../operations/operationStore.ts";
import { requireOperation } from "../operations/saveOperations.ts";
import { pageInMemory } from "../platform/lists/listInMemory.ts";
import { type OperationView, operationKinds, parameterTypes } from "../protocol/operations.ts";
import { byToken } from "./callers.ts";
import { runAsResource } from "./commandAsResource.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { instant, nameParams, namesOf, pageQuery } from "./schemas.ts";

const parameter = z
  .looseObject({ name: z.string(), type: z.enum(parameterTypes), required: z.boolean().optional() })
  .meta({ id: "Parameter", description: "What an operation asks for." });
/** Of the operation's kind; the others are not there. What stands in it, the command checks. */
const bodies = Object.fromEntries(operationKinds.map((kind) => [kind, z.looseObject({}).optional()]));
const audience = z.enum(["staff", "visitor"]);
const changes = {
  summary: z.string().optional(),
  audience: audience.optional(),
  parameters: z.array(parameter).optional(),
  ...bodies,
};
const createBody = z.strictObject({ name: z.string(), kind: z.enum(operationKinds), ...changes, summary: z.string() }).meta({
  id: "NewOperation",
});
const changeBody = z
  .strictObject({ ...changes, version: z.int().min(1).optional().meta({ description: "The version that was changed." }) })
  .meta({ id: "OperationChange" });
const secretBody = z
  .strictObject({
    secret: z.string().meta({ format: "password", description: "Never answered." }),
    version: z.int().min(1).optional().meta({ description: "The version whose host it is for, where that isn't the latest." }),
  })
  .meta({ id: "OperationSecret" });
const tryBody = z
  .strictObject({
    name: z.string().optional(),
    kind: z.enum(operationKinds),
    parameters: z.array(parameter).optional(),
    ...bodies,
    values: z.looseObject({}).optional().meta({ description: "Values of its parameters." }),
  })
  .meta({ id: "OperationTrial" });
const trialAnswer = z
  .strictObject({
    risk: z.enum(["read", "write", "destructive"]),
    plan: z
      .array(z.looseObject({ text: z.string() }))
      .nullable()
      .meta({ description: "What it would change; null of what reads." }),
    answer: z.json().meta({ description: "As a run of it would answer; null of what changes something." }),
  })
  .meta({ id: "OperationTrialAnswer" });
const publishBody = z.strictObject({ version: z.int().min(1).optional() }).meta({ id: "Publication" });

const operationAnswer = z
  .looseObject({
    name: z.string(),
    kind: z.enum(operationKinds),
    summary: z.string(),
    audience,
    risk: z.enum(["read", "write", "destructive"]),
    parameters: z.array(parameter),
    version: z.int(),
    latest: z.int(),
    published: z.int().nullable().meta({ description: "Which version runs; null before one is published." }),
    sharedWith: z.array(z.string()),
    secret: z
      .strictObject({ origins: z.array(z.string()), given: z.boolean() })
      .optional()
      .meta({ description: "Of an API call that proves who asks: where the secret goes and nowhere else, and whether it is kept." }),
    changedBy: z.string(),
    changedAt: instant,
  })
  .meta({ id: "Operation" });
const operationsAnswer = z.strictObject({ items: z.array(operationAnswer), nextCursor: z.string().nullable() });
const versionQuery = z.strictObject({ version: z.coerce.number().int().min(1).optional() });
const operationsQuery = pageQuery(50, { fields: namesOf(operationList), sort: "-changedAt", filter: '{"kind": {"eq": "query"}}' });

/** Commands that a tenant makes of its own; a published one is run as every other command. */
export function storedOperationOperations(deps: HttpDependencies): Operation[] {
  const common = { tag: "Operations", caller: byToken(deps, "operations.manage"), query: nothing } as const;
  const path = "/api/v1/operations";
  const one = { params: nameParams, answers: { statuses: { 200: "The operation." }, schema: operationAnswer } } as const;
  const answered = (data: unknown): OperationView => z.object({ operation: z.custom<OperationView>() }).parse(data).operation;

  return [
    operation({
      ...common,
      method: "get",
      path,
      id: "listOperations",
      summary: "The operations, each with its latest version.",
      params: nothing,
      query: operationsQuery,
      body: noBody,
      answers: { statuses: { 200: "A page of them." }, schema: operationsAnswer },
      handle: async ({ caller, query }) => {
        const all = (await listOperations(deps.database.aside.forTenant(caller.tenant))).map(viewOf);
        return { status: 200, body: pageInMemory(operationList, all, query) };
      },
    }),
    operation({
      ...common,
      method: "post",
      path,
      id: "createOperation",
      summary: "Makes an operation; nobody can run it before it is published.",
      params: nothing,
      body: createBody,
      answers: { statuses: { 201: "It is saved as version 1." }, schema: operationAnswer },
      handle: async ({ body, ...asking }) => {
        const made = answered(await runAsResource(deps, asking, "operation.create", body));
        return { status: 201, body: made, headers: { Location: `${path}/${made.name}` } };
      },
    }),
    operation({
      ...common,
      method: "post",
      path: `${path}/try`,
      id: "tryOperation",
      summary: "Runs one that isn't saved: what reads answers, what changes something only says what it would do.",
      params: nothing,
      body: tryBody,
      answers: { statuses: { 200: "Its answer, or its plan." }, schema: trialAnswer },
      handle: async ({ body, ...asking }) => ({
        status: 200,
        body: trialAnswer.parse(await runAsResource(deps, asking, "operation.try", body)),
      }),
    }),
    operation({
      ...common,
      ...one,
      method: "get",
      path: `${path}/{name}`,
      id: "readOperation",
      summary: "An operation, with its latest version or the one that is named.",
      query: versionQuery,
      body: noBody,
      handle: async ({ caller, params, query }) => ({
        status: 200,
        body: viewOf(await requireOperation(deps, caller.tenant, params.name, query.version)),
      }),
    }),
    operation({
      ...common,
      ...one,
      method: "patch",
      path: `${path}/{name}`,
      id: "changeOperation",
      summary: "Saves a new version; what is published goes on running.",
      body: changeBody,
      handle: async ({ params, body, ...asking }) => ({
        status: 200,
        body: answered(await runAsResource(deps, asking, "operation.update", { ...body, name: params.name })),
      }),
    }),
    operation({
      ...common,
      method: "delete",
      path: `${path}/{name}`,
      id: "deleteOperation",
      summary: "Deletes an operation with all its versions.",
      params: nameParams,
      body: noBody,
      answers: { statuses: { 204: "It is gone." }, schema: noBody },
      handle: async ({ params, ...asking }) => {
        await runAsResource(deps, asking, "operation.delete", { name: params.name });
        return { status: 204 };
      },
    }),
    operation({
      ...common,
      ...one,
      method: "post",
      path: `${path}/{name}/publish`,
      id: "publishOperation",
      summary: "Lets people run its latest version, or the one that is named.",
      body: publishBody,
      bodyDefault: {},
      handle: async ({ params, body, ...asking }) => ({
        status: 200,
        body: answered(await runAsResource(deps, asking, "operation.publish", { ...body, name: params.name })),
      }),
    }),
    operation({
      ...common,
      ...one,
      method: "post",
      path: `${path}/{name}/secret`,
      id: "saveOperationSecret",
      stepUp: true,
      summary: "Keeps the secret of an API call's credential, sealed, for the host where it leads and no other.",
      body: secretBody,
      handle: async ({ params, body, ...asking }) => ({
        status: 200,
        body: answered(await runAsResource(deps, asking, "operation.secret", { ...body, name: params.name })),
      }),
    }),
    operation({
      ...common,
      method: "delete",
      path: `${path}/{name}/secret`,
      id: "forgetOperationSecret",
      stepUp: true,
      summary: "Forgets the secret of an API call's credential.",
      params: nameParams,
      body: noBody,
      answers: { statuses: { 204: "It is gone." }, schema: noBody },
      handle: async ({ params, ...asking }) => {
        await runAsResource(deps, asking, "operation.secret", { name: params.name, secret: "" });
        return { status: 204 };
      },
    }),
  ];
}
