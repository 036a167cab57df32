import { z } from "zod";
import { Refusal } from "../../src/protocol/refusal.ts";

const account = z.looseObject({
  id: z.string().min(1).max(500),
  name: z.string().max(500).optional(),
  /** Who it is in their organisation. Absent of bots, and of whoever has no account there. */
  aadObjectId: z.string().min(1).max(100).optional(),
  tenantId: z.string().max(100).optional(),
  role: z.string().optional(),
});

const attachment = z.looseObject({
  contentType: z.string().default(""),
  contentUrl: z.string().optional(),
  name: z.string().max(500).optional(),
  content: z.unknown().optional(),
});

/** What Teams sends ("Activity schema", "Bot activity handlers"): of it what is used here. Anything else is passed over. */
const activity = z.looseObject({
  type: z.string().min(1).max(100),
  id: z.string().min(1).max(500),
  channelId: z.literal("msteams"),
  serviceUrl: z.string().min(1).max(2000),
  timestamp: z.iso.datetime({ offset: true }).optional(),
  localTimezone: z.string().max(100).optional(),
  /** BCP 47; one that is strange is none. */
  locale: z.string().max(35).optional().catch(undefined),
  from: account,
  recipient: account,
  conversation: z.looseObject({
    id: z.string().min(1).max(500),
    conversationType: z.enum(["personal", "groupChat", "channel"]).optional(),
    tenantId: z.string().max(100).optional(),
  }),
  text: z.string().max(200_000).optional(),
  attachments: z.array(attachment).max(200).optional(),
  entities: z
    .array(z.looseObject({ type: z.string(), text: z.string().optional(), mentioned: account.partial().optional() }))
    .max(1000)
    .optional(),
  channelData: z
    .looseObject({
      tenant: z.looseObject({ id: z.string().max(100) }).optional(),
      eventType: z.string().optional(),
      team: z.looseObject({ id: z.string().max(500).optional(), name: z.string().max(500).nullish() }).optional(),
      channel: z.looseObject({ id: z.string().max(500).optional(), name: z.string().max(500).nullish() }).optional(),
    })
    .optional(),
  /** Of an invoke, and of what it is called. */
  name: z.string().max(200).optional(),
  value: z.unknown().optional(),
  replyToId: z.string().max(500).optional(),
  action: z.string().optional(),
  membersAdded: z.array(account).max(1000).optional(),
  membersRemoved: z.array(account).max(1000).optional(),
  reactionsAdded: z
    .array(z.looseObject({ type: z.string().max(100) }))
    .max(100)
    .optional(),
  reactionsRemoved: z
    .array(z.looseObject({ type: z.string().max(100) }))
    .max(100)
    .optional(),
});

export type Activity = z.output<typeof activity>;

/** Refusals: `invalid_json`, `invalid_frame` with the path of what doesn't fit. */
export function readActivity(body: Buffer): Activity {
  const { success, data, error } = activity.safeParse(parsed(body));
  if (success) return data;
  const path = error.issues[0]?.path.join(".") ?? "";
  throw new Refusal("invalid_frame", `This is no activity of Teams: "${path}" is missing or is another thing than it should be.`, { path });
}

/** The organisation in which it happened; none where Teams doesn't say. */
export function organisationOf({ channelData, conversation }: Activity): string {
  return channelData?.tenant?.id ?? conversation.tenantId ?? "";
}

/** The time zone of whoever did it, as IANA names it. */
export function timeZoneOf({ localTimezone }: Activity): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: localTimezone ?? "UTC" }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return "UTC";
    throw error;
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refusal("invalid_json", "The body is not valid JSON.", { cause: error });
    throw error;
  }
}
