import { z } from "zod";
import { mostAtOnce } from "../entities/saveEntities.ts";
import { entityChanges } from "../protocol/blueprints.ts";
import { runStates } from "../protocol/commands.ts";
import { blueprintParams } from "./blueprintSchemas.ts";
import { instant, pageQuery } from "./schemas.ts";

const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
export const written = z
  .record(z.string().max(200), z.union([value, z.null()], { error: "it takes a text, a number, true, false, a list of texts, or null" }))
  .meta({ description: "By the keys of fields: decimals and money as texts; null empties a field." });
const values = z.record(z.string(), value);
export const named = z
  .record(
    z.string(),
    z.strictObject({
      title: z.string(),
      type: z.string().optional(),
      blueprint: z.string().optional(),
      trashed: z.literal(true).optional(),
      size: z.int().optional(),
      url: z.string().optional(),
      previewUrl: z.string().optional(),
    }),
  )
  .meta({
    id: "Named",
    description: "What the ids among the values stand for, by them: people, other entities, and files with addresses that end.",
  });
export const entityAnswer = z
  .strictObject({
    id: z.string(),
    blueprint: z.string(),
    blueprintVersion: z.int().meta({ description: "The version of the blueprint that its values fit." }),
    version: z.int().meta({ description: "Counts its changes." }),
    values,
    named,
    createdAt: instant,
    createdBy: z.string(),
    updatedAt: instant,
    updatedBy: z.string(),
    trashed: z.boolean(),
    trashedAt: instant.nullable(),
  })
  .meta({ id: "Entity" });
export const entitiesAnswer = z.strictObject({ items: z.array(entityAnswer), nextCursor: z.string().nullable() });
export const batchAnswer = z.strictObject({ items: z.array(z.strictObject({ id: z.string(), version: z.int() })) });
export const historyAnswer = z.strictObject({
  items: z.array(
    z.strictObject({
      version: z.int(),
      kind: z.enum(entityChanges),
      by: z.string(),
      at: instant,
      before: values,
      after: values,
      started: z
        .array(
          z.strictObject({
            command: z.string(),
            state: z.enum(["asked", ...runStates]).optional(),
            run: z.string().optional(),
            reason: z.string().optional(),
          }),
        )
        .optional()
        .meta({ description: "What the step started, and what became of it." }),
    }),
  ),
  named,
});
export const otherSidesAnswer = z.strictObject({
  items: z.array(
    z.strictObject({
      blueprint: z.string(),
      field: z.string(),
      name: z.string(),
      items: z.array(z.strictObject({ id: z.string(), title: z.string() })),
      more: z.boolean(),
    }),
  ),
});
export const entityParams = z.strictObject({ ...blueprintParams.shape, id: z.string().max(1000) });
export const transitionParams = z.strictObject({ ...entityParams.shape, transition: z.string().max(100) });
export const transitionBody = z.strictObject({ values: written.default({}) }).meta({ id: "TakenTransition" });
export const newBody = z.strictObject({ values: written }).meta({ id: "NewEntity" });
export const changeBody = z
  .strictObject({ values: written, version: z.int().min(1).optional().meta({ description: "The version that was changed." }) })
  .meta({ id: "EntityChange" });
export const batchBody = z.strictObject({ items: z.array(newBody).min(1).max(mostAtOnce) }).meta({ id: "NewEntities" });
export const entitiesQuery = pageQuery(50, {
  fields: "createdAt, updatedAt, and those of the blueprint",
  sort: "-createdAt",
  filter: '{"status": {"eq": "PENDING"}}',
}).extend({
  trashed: z
    .enum(["true", "false"])
    .default("false")
    .meta({ description: "Whether those in the trash are listed, instead of the others." }),
});

export const trashAnswer = z.strictObject({
  items: z.array(
    z.strictObject({
      kind: z.enum(["blueprint", "entity"]),
      blueprint: z.string(),
      id: z.string(),
      title: z.string(),
      blueprintVersion: z.int().optional(),
      trashedAt: instant,
      trashedBy: z.string(),
    }),
  ),
  nextCursor: z.string().nullable(),
});
