import { z } from "zod";
import { commandList } from "../commands/commandList.ts";
import { runList } from "../commands/runs/runListStore.ts";
import type { SessionAnswer, TicketAnswer } from "../protocol/access.ts";
import { commandSources, decisions, type PlanAnswer, type RunAnswer, type RunStory, runStates, runVerbs } from "../protocol/commands.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import type { UploadedFile } from "../protocol/files.ts";
import type { ListFields } from "../protocol/lists/listFields.ts";
import { statusOf } from "./errors.ts";

const codes = Object.keys(statusOf);
const isCode = (text: string): text is ErrorCode => codes.includes(text);

const runState = z.enum(runStates);

export const instant = z.iso.datetime().meta({ description: "ISO 8601, UTC." });

const error = z
  .strictObject({
    code: z.string().refine(isCode).meta({ enum: codes }),
    message: z.string().meta({ description: "One sentence: what, where, the limit, what to do." }),
    path: z
      .string()
      .optional()
      .meta({ description: "The field meant.", examples: ["args.qty"] }),
    character: z.int().optional().meta({ description: "Of a text: the character meant, counted from 1." }),
    requestId: z.string().optional(),
    retryAfterMs: z.int().optional().meta({ description: "When the same request may succeed." }),
    current: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: "With `stale`: what stands now, by the names of the arguments, and its `version`." }),
  })
  .meta({ id: "Error" });

/** What a run that didn't end well answers: its error, and which run it was. */
export const refusedRunAnswer = z.strictObject({ error, id: z.uuid().optional(), state: runState.optional() }).meta({
  id: "RefusedRun",
  description: "As every error; `id` and `state` are there once a run was begun.",
});

export const errorAnswer = z.strictObject({ error }).meta({ id: "ErrorAnswer", description: "The same for every error." });

/** Checked by what can be read, not by what exists: an address that nobody has is answered like a wrong password. */
export const email = z
  .string()
  .max(254, "254 characters is the limit")
  .regex(/^\s*[^\s@\p{Cc}]+@[^\s@\p{Cc}]+\s*$/u, "an e-mail address is needed")
  .meta({ format: "email" });

export const password = z.string().min(1, "a password is needed").max(1000, "1,000 characters is the limit").meta({ format: "password" });

export const signInBody = z.strictObject({ email, password }).meta({ id: "SignIn" });

export const nextStep = z.enum(["none", "secondFactor", "enrolSecondFactor", "verifyEmail", "setPassword"]);

export const sessionAnswer = z
  .strictObject({
    accessToken: z.string().meta({ description: "For `Authorization: Bearer`; hold it in memory only." }),
    expiresAt: instant,
    account: z.strictObject({ id: z.uuid(), name: z.string(), email: z.string() }),
    memberships: z.array(z.strictObject({ tenant: z.string(), roles: z.array(z.string()) })),
    tenant: z.string().nullable().meta({ description: "The tenant that the token is for; null until one is made or chosen." }),
    next: nextStep,
    secondFactor: z
      .strictObject({ asks: z.enum(["enrol", "renew"]).nullable(), dueAt: instant.nullable() })
      .meta({ description: "What to ask at sign-in: to set up a second factor, or to set it up anew; and by when it must be there." }),
  })
  .meta({ id: "Session" }) satisfies z.ZodType<SessionAnswer>;

export const ticketAnswer = z
  .strictObject({ ticket: z.string(), expiresAt: instant })
  .meta({ id: "Ticket" }) satisfies z.ZodType<TicketAnswer>;

const risk = z.enum(["read", "write", "destructive"]);

const commandListing = z
  .strictObject({
    name: z.string(),
    short: z
      .string()
      .optional()
      .meta({ description: "One word by which it is found too, where no other has it.", examples: ["deliver"] }),
    summary: z.string(),
    risk,
    args: z.looseObject({ type: z.literal("object"), properties: z.record(z.string(), z.looseObject({})) }).meta({
      description: "JSON Schema; the properties stand in the order in which they are written.",
    }),
    source: z.enum(commandSources),
    audience: z.enum(["visitor", "staff"]),
    permission: z.string().meta({ description: "What must be held to run it: the scope that an API key needs." }),
    stepUp: z.literal(true).optional().meta({ description: "Whether it may ask first that whoever runs it says again who they are." }),
  })
  .meta({ id: "Command" });

export const commandsAnswer = z.strictObject({ items: z.array(commandListing), nextCursor: z.string().nullable() });

const args = z.record(z.string().max(60), z.unknown()).default({}).meta({ description: "As the command's `args` say." });

export const planBody = z.strictObject({ args }).meta({ id: "PlanRequest" });
export const runBody = z
  .strictObject({
    args,
    planHash: z.string().max(100).optional().meta({
      description:
        "Of a plan; refused as `stale` when the plan is another one now. A destructive command is refused without one: `confirmation_needed`.",
    }),
    conversation: z.uuid().optional().meta({ description: "Where it is asked: a conversation that you may read." }),
  })
  .meta({ id: "RunRequest" });

const approvalRule = z
  .strictObject({ by: z.string().meta({ examples: ["role:admin"] }), quorum: z.int() })
  .meta({ id: "ApprovalRule", description: "So many people of this role, or with this permission, must agree; never whoever asks." });

const fact = z.union([z.string(), z.number(), z.boolean()]);

const plan = {
  changes: z.array(
    z.strictObject({
      text: z.string(),
      kind: z.enum(["add", "change", "remove", "send"]).exactOptional(),
      count: z.int().exactOptional(),
      before: fact.nullable().exactOptional(),
      after: fact.nullable().exactOptional(),
    }),
  ),
  facts: z.record(z.string(), fact).meta({ description: "What the plan saw of the world: where one is another, the hash counts no more." }),
};

export const planAnswer = z
  .strictObject({
    hash: z.string().meta({ description: "For the run's `planHash`." }),
    summary: z.string(),
    ...plan,
    approval: z.enum(["none", "needed"]),
    approvals: z.array(approvalRule),
    expiresAt: instant.nullable().meta({ description: "Of a destructive command: until when the hash counts, for you, once." }),
  })
  .meta({ id: "Plan" }) satisfies z.ZodType<PlanAnswer>;

const person = z.strictObject({ id: z.uuid(), name: z.string() });

export const runAnswer = z
  .strictObject({
    id: z.uuid(),
    command: z.string(),
    state: runState,
    messages: z.array(z.strictObject({ text: z.string(), blocks: z.array(z.looseObject({ type: z.string() })).optional() })),
    data: z.unknown(),
    error: error.nullable(),
    undoableUntil: instant.nullable().meta({ description: "Until when `undo` takes it back; null where it can't be." }),
    createdAt: instant,
    endedAt: instant.nullable(),
    expiresAt: instant.nullable().meta({ description: "Of a run that waits: until when it may be approved." }),
    by: person,
    args: z.record(z.string(), z.unknown()).meta({ description: "Without what is secret." }),
    approvals: z.array(approvalRule).meta({ description: "What it waits, or waited, for." }),
    progress: z.strictObject({ text: z.string(), done: z.number().exactOptional(), of: z.number().exactOptional() }).nullable(),
    stopping: z.boolean().meta({ description: "It still runs, and was asked to stop." }),
    undoes: z.uuid().nullable(),
    undoneBy: z.uuid().nullable(),
  })
  .meta({ id: "Run" }) satisfies z.ZodType<Omit<RunAnswer, "messages" | "error">>;

export const runStory = runAnswer
  .extend({
    plan: z.strictObject(plan).nullable(),
    decisions: z.array(z.strictObject({ by: person, decision: z.enum(decisions), reason: z.string(), at: instant })),
    effects: z
      .array(
        z.strictObject({
          step: z.string(),
          state: z.enum(["started", "done", "failed", "uncertain", "settled"]),
          check: z.string().meta({ description: "Where to look whether it happened." }),
          startedAt: instant,
          endedAt: instant.nullable(),
        }),
      )
      .meta({ description: "What it did outside." }),
    may: z.array(z.enum(runVerbs)).meta({ description: "What you can do with it." }),
  })
  .meta({ id: "RunStory" }) satisfies z.ZodType<Omit<RunStory, "messages" | "error">>;

export const approvalBody = z
  .strictObject({
    decision: z.enum(decisions),
    reason: z
      .string()
      .max(1000, "1,000 characters is the limit")
      .default("")
      .meta({ description: "10 characters or more to break the glass." }),
  })
  .meta({ id: "Approval" });

export const settleBody = z.strictObject({ found: z.enum(["happened", "failed"]) }).meta({ id: "Settlement" });
export const undoBody = z.strictObject({ planHash: z.string().max(100).optional() }).meta({ id: "UndoRequest" });

export const runsAnswer = z.strictObject({ items: z.array(runAnswer), nextCursor: z.string().nullable() });

export const uploadedFile = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    type: z.string().meta({ description: "The media type, as the content says." }),
    size: z.int().meta({ description: "In bytes." }),
    width: z.int().nullable().meta({ description: "Of a picture, in pixels." }),
    height: z.int().nullable(),
    url: z.string().meta({ description: "Complete and signed; it holds for 12 to 24 hours." }),
    previewUrl: z.string().nullable().meta({ description: "Of a picture: WebP, at most 640 pixels wide and high." }),
  })
  .meta({ id: "File" }) satisfies z.ZodType<UploadedFile>;

export const uploadQuery = z.strictObject({
  name: z
    .string()
    .max(1000, "1,000 characters is the limit")
    .optional()
    .meta({ description: "The file's name, where the body is the file itself." }),
});

/** What every list takes; its fields and an example of each for the document. */
export const pageQuery = (items: number, { fields, sort, filter }: { fields: string; sort: string; filter: string }) =>
  z.strictObject({
    limit: z.coerce
      .number("a number from 1 to 200 is needed")
      .int("a whole number is needed")
      .min(1, "1 is the least")
      .max(200, "200 is the most")
      .default(items),
    cursor: z.string().max(4000, "this is no cursor of ours").optional(),
    sort: z
      .string()
      .max(300, "300 characters is the limit")
      .optional()
      .meta({ description: "A comma list of fields, `-` before one for descending.", examples: [sort] }),
    filter: z
      .string()
      .max(8000, "8,000 characters is the limit")
      .optional()
      .meta({
        description: `JSON by field: \`eq ne lt lte gt gte in contains startsWith empty\`, and \`and\`, \`or\`, \`not\` around. Fields: ${fields}.`,
        examples: [filter],
      }),
  });

/** Whoever draws a palette or a help text needs all commands; they are small. */
export const commandsQuery = pageQuery(200, {
  fields: namesOf(commandList),
  sort: "-risk,name",
  filter: '{"risk": {"ne": "read"}}',
});
export const runsQuery = pageQuery(50, {
  fields: namesOf(runList(0)),
  sort: "command,-createdAt",
  filter: '{"state": {"in": ["failed", "uncertain"]}}',
});

export function namesOf({ fields }: { fields: ListFields }): string {
  return Object.keys(fields).join(", ");
}

export const nameParams = z.strictObject({ name: z.string().max(100) });
/** Any text: an id is opaque to whoever asks, and one that we never made names nothing. */
export const idParams = z.strictObject({ id: z.string().max(200) });
