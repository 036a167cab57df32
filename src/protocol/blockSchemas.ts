import { z } from "zod";
import type { Block } from "./blocks.ts";

export type { Block };

const short = z.string().max(200);

const buttons = z.object({
  type: z.literal("buttons"),
  buttons: z
    .array(
      z.object({
        action: short.min(1),
        label: short.min(1),
        value: z.string().max(4000).exactOptional(),
        style: z.enum(["primary", "plain", "danger"]).exactOptional(),
      }),
    )
    .min(1)
    .max(20),
});

const table = z.object({
  type: z.literal("table"),
  columns: z.array(z.object({ name: short, type: short })).max(100),
  rows: z.array(z.array(z.string().max(4000)).max(100)).max(1000),
  truncated: z.boolean(),
});

const fields = z.object({ type: z.literal("fields"), fields: z.array(z.object({ label: short, value: z.string().max(4000) })).max(100) });

const block = z.discriminatedUnion("type", [buttons, table, fields]);

/** A block from outside as one that readers know; undefined for any other, which is passed over. */
export function knownBlock(value: unknown): Block | undefined {
  const parsed = block.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
