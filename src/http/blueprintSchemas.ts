import { z } from "zod";
import { fieldTypes } from "../protocol/blueprints.ts";

export const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
/** What stands in it, the command checks. */
export const field = z.looseObject({ key: z.string(), name: z.string().optional(), type: z.enum(fieldTypes) }).meta({
  id: "FieldDraft",
  description: "A field; one with the `id` that the blueprint answered is that one, whatever its key.",
});
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
export const flow = z
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
        start: z
          .array(z.looseObject({ command: z.string(), args: z.record(z.string(), z.unknown()).optional() }))
          .optional()
          .meta({ description: "Commands that are run once it is done, each argument as it is said, or of a field: {field: its key}." }),
      }),
    ),
  })
  .meta({ id: "Flow", description: "The states that entities are in, and what leads from one to the next." });

export const blueprintParams = z.strictObject({ key: z.string().max(100) });
