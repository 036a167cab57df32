import { z } from "zod";

const longestArgs = 4000;

export const choiceParams = z.strictObject({ name: z.string().max(100), argument: z.string().max(60) });

export const choicesQuery = z.strictObject({
  q: z.string().max(200).default("").meta({ description: "What was typed so far." }),
  args: z
    .string()
    .max(longestArgs)
    .default("{}")
    .transform((text, context) => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue("it is no JSON");
        return z.NEVER;
      }
    })
    .pipe(z.record(z.string().max(60), z.unknown()))
    .meta({ description: "The arguments so far, as JSON.", examples: ['{"region": "north"}'], override: { type: "string" } }),
});

export const choicesAnswer = z
  .strictObject({
    items: z.array(z.strictObject({ value: z.string(), label: z.string() })),
    truncated: z.boolean().meta({ description: "Whether there are more: type to find them." }),
  })
  .meta({ id: "Choices" });
