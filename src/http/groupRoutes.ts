import { z } from "zod";
import { mostGroups, readCount, readGroups } from "../entities/groups/readGroups.ts";
import { blueprintParams } from "./blueprintSchemas.ts";
import { byToken } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { named } from "./entitySchemas.ts";
import { noBody, type Operation, operation } from "./operation.ts";

const longestFilter = 20_000;
const filter = z
  .string()
  .max(longestFilter)
  .optional()
  .meta({ description: "As of the list.", examples: ['{"status": {"eq": "PENDING"}}'] });
const groupsQuery = z.strictObject({
  by: z
    .string()
    .max(300)
    .default("")
    .meta({
      description: "Up to 3 fields, of people and of relations to one too; of times with `:day`, `:week`, `:month`, `:quarter` or `:year`.",
      examples: ["status,created_at:month"],
    }),
  aggregate: z
    .string()
    .max(1000)
    .default("")
    .meta({ description: "`count`, `sum`, `avg`, `min` or `max` of fields.", examples: ["sum:qty,avg:price"] }),
  filter,
});
const word = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const groupsAnswer = z.strictObject({
  items: z.array(
    z.strictObject({
      by: z
        .record(z.string(), word)
        .meta({ description: "Null where there is nothing; of times the first day of the unit, where the tenant is." }),
      count: z.int(),
      aggregates: z
        .record(z.string(), z.union([z.string(), z.number(), z.null()]))
        .meta({ description: "By what was asked; sums and means are exact texts." }),
      filter: z.record(z.string(), z.unknown()).meta({ description: "What lists just these." }),
    }),
  ),
  truncated: z.boolean(),
  named,
});
const countQuery = z.strictObject({ filter, trashed: z.enum(["true", "false"]).default("false") });
const countAnswer = z
  .strictObject({ count: z.int(), exact: z.boolean().meta({ description: "Whether each was counted; beyond 10,000 it is estimated." }) })
  .meta({ id: "EntityCount" });

/** What a blueprint's entities come to. */
export function groupOperations(deps: HttpDependencies): Operation[] {
  const path = "/api/v1/blueprints/{key}/entities";
  const reads = { tag: "Entities", caller: byToken(deps, "entities.read"), body: noBody, params: blueprintParams } as const;
  return [
    operation({
      ...reads,
      method: "get",
      path: `${path}/groups`,
      id: "groupEntities",
      summary: `Entities that have the same, in groups of which ${mostGroups.toLocaleString("en")} are the most, each with its count and what else is asked; without "by" one of all.`,
      query: groupsQuery,
      answers: { statuses: { 200: "The groups, in the order of what they have." }, schema: groupsAnswer },
      handle: async ({ caller, params, query }) => ({ status: 200, body: await readGroups(deps, caller, params.key, query) }),
    }),
    operation({
      ...reads,
      method: "get",
      path: `${path}/count`,
      id: "countEntities",
      summary: "How many entities there are: exactly up to 10,000, beyond that estimated.",
      query: countQuery,
      answers: { statuses: { 200: "How many." }, schema: countAnswer },
      handle: async ({ caller, params, query: { trashed, ...query } }) => ({
        status: 200,
        body: await readCount(deps, caller, params.key, { ...query, trashed: trashed === "true" }),
      }),
    }),
  ];
}
