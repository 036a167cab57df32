import { z } from "zod";

/** What the process of a crowd is told. */
export const crowdOrder = z.union([
  z.object({
    type: z.literal("open"),
    inbox: z.string(),
    /** Tried in this order. */
    doors: z.array(z.object({ port: z.number(), origin: z.string() })),
    jitterMs: z.number(),
    seed: z.number(),
    count: z.number(),
    /** Of visits that were begun before; none for new ones. */
    tokens: z.array(z.string()),
    /** How many may be on their way at once. */
    atOnce: z.number(),
  }),
  z.object({ type: z.literal("look") }),
]);
export type CrowdOrder = z.infer<typeof crowdOrder>;

/** One page of a crowd; instants are milliseconds since 1970 by the monotonic clock of its process. */
export const crowdView = z.object({
  open: z.number(),
  welcomedAt: z.array(z.number()),
  /** The port of each one's gateway. */
  doors: z.array(z.number()),
  refusals: z.array(z.string()),
  /** Pages that were refused the conversation that they had. */
  forgotten: z.number(),
});
export type CrowdView = z.infer<typeof crowdView>;

/** The monotonic clock, comparable between processes of one machine. */
export function instant(): number {
  return performance.timeOrigin + performance.now();
}
