import { z } from "zod";
import { blueprintParams, field, flow, value } from "./blueprintSchemas.ts";
import { byToken } from "./callers.ts";
import { runAsResource } from "./commandAsResource.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { nothing, type Operation, operation } from "./operation.ts";

const values = z.record(z.string(), z.unknown());
const simulationBody = z
  .strictObject({
    entityId: z.string().optional().meta({ description: "An entity, by its id or number; a new one where nothing is said." }),
    values: values.optional().meta({ description: "What a new one begins with." }),
    fields: z.array(field).optional(),
    flow: flow.optional(),
    steps: z.array(z.strictObject({ transition: z.string(), values: values.optional() })).optional(),
    roles: z.array(z.string()).optional().meta({ description: "Whose roles; your own where nothing is said." }),
  })
  .meta({ id: "Simulation", description: "What would be done; fields and flow may be a draft." });
const simulationAnswer = z
  .strictObject({
    state: z.string().nullable(),
    values: z.record(z.string(), value),
    steps: z.array(
      z.strictObject({
        transition: z.string(),
        name: z.string(),
        before: z.record(z.string(), value),
        after: z.record(z.string(), value),
        starts: z.array(z.string()).meta({ description: "The commands that it would start, with what they would be given." }),
      }),
    ),
    next: z.array(
      z.strictObject({
        transition: z.string(),
        name: z.string(),
        to: z.string(),
        asks: z.array(z.string()).meta({ description: "Fields that it asks for." }),
        refused: z.strictObject({ code: z.string(), message: z.string() }).optional(),
        approval: z.strictObject({ by: z.string(), quorum: z.int() }).optional(),
        starts: z.array(z.string()).optional().meta({ description: "The commands that it would start." }),
      }),
    ),
  })
  .meta({ id: "Simulated" });

/** How a flow is tried before it is saved. */
export function flowOperations(deps: HttpDependencies): Operation[] {
  return [
    operation({
      tag: "Blueprints",
      caller: byToken(deps, "blueprints.manage"),
      query: nothing,
      method: "post",
      path: "/api/v1/blueprints/{key}/simulations",
      id: "simulateFlow",
      summary:
        "Takes an entity through a flow, which may be a draft, and tells what each step would change and what could follow; nothing happens.",
      params: blueprintParams,
      body: simulationBody,
      answers: { statuses: { 200: "What would become of it." }, schema: simulationAnswer },
      handle: async ({ params, body, ...asking }) => ({
        status: 200,
        body: simulationAnswer.parse(await runAsResource(deps, asking, "blueprint.simulate", { ...body, blueprint: params.key })),
      }),
    }),
  ];
}
