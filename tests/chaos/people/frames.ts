import { z } from "zod";

const state = z.object({ controller: z.string(), agent: z.object({ name: z.string() }).optional() });
const error = z.object({ code: z.string(), message: z.string(), retryAfterMs: z.number().optional() });
const shared = [
  z.object({ type: z.literal("error"), error, ref: z.string().optional() }),
  z.object({ type: z.literal("restart"), retryAfterMs: z.number() }),
  z.object({ type: z.literal("pong") }),
] as const;

const visitorFrame = z.union([
  z.discriminatedUnion("type", [
    z.object({
      type: z.literal("welcome"),
      token: z.string(),
      conversation: z.string(),
      seq: z.number(),
      state,
      resync: z.boolean().optional(),
    }),
    z.object({ type: z.literal("ack"), clientId: z.string(), seq: z.number(), at: z.string() }),
    z.object({ type: z.literal("message"), seq: z.number(), at: z.string(), clientId: z.string().optional(), text: z.string() }),
    z.object({ type: z.literal("state"), ...state.shape }),
    ...shared,
  ]),
  // What a run has no use for.
  z.object({ type: z.enum(["typing", "read", "delivered"]) }),
]);

/** Frames of `/ws/visitor`, as far as a run reads them. */
export type ToVisitor = z.infer<typeof visitorFrame>;

const person = z.object({ id: z.string(), name: z.string() });
const entry = z.object({
  kind: z.literal("conversation"),
  id: z.string(),
  generation: z.number(),
  agent: person.nullable(),
  offer: z.object({ to: person, kind: z.string(), until: z.string() }).nullable(),
});
/** A conversation as the inbox lists it. */
export type InboxEntry = z.infer<typeof entry>;

const item = z.union([
  z.discriminatedUnion("kind", [
    entry,
    z.object({
      kind: z.literal("message"),
      seq: z.number(),
      text: z.string(),
      /** Of what the system says, where it says it to colleagues in other words. */
      visitorReads: z.string().optional(),
      clientId: z.string().optional(),
    }),
    z.object({ kind: z.literal("head"), controller: z.string(), agent: z.object({ name: z.string() }).nullable() }),
    z.object({ kind: z.literal("agent"), name: z.string(), connected: z.boolean() }),
  ]),
  z.object({ kind: z.literal("note") }),
]);

const deskFrame = z.union([
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("welcome"), account: z.object({ name: z.string() }) }),
    z.object({ type: z.literal("ack"), conversation: z.string(), clientId: z.string(), seq: z.number().optional() }),
    z.object({ type: z.literal("snapshot"), topic: z.string(), items: z.array(item) }),
    z.object({ type: z.literal("delta"), topic: z.string(), changed: z.array(item), removed: z.array(z.string()) }),
    ...shared,
  ]),
  z.object({ type: z.enum(["typing", "read", "delivered", "presence", "notice"]) }),
]);

/** Frames of `/ws/desk`, as far as a run reads them. */
export type ToDesk = z.infer<typeof deskFrame>;
export type DeskItem = z.infer<typeof item>;

export function readVisitorFrame(text: string): ToVisitor {
  return visitorFrame.parse(JSON.parse(text));
}

export function readDeskFrame(text: string): ToDesk {
  return deskFrame.parse(JSON.parse(text));
}
