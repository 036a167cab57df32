import { z } from "zod";

const id = z.string().min(1).max(100);
const name = z.string().max(300);

/** What the Events API sends around an event. */
export const eventBody = z.looseObject({
  type: z.literal("event_callback"),
  event_id: id,
  team_id: id.nullish(),
  is_ext_shared_channel: z.boolean().nullish(),
  authorizations: z.array(z.looseObject({ user_id: id.nullish(), is_bot: z.boolean().nullish() })).nullish(),
  event: z.looseObject({ type: z.string().max(100) }),
});
export type EventBody = z.output<typeof eventBody>;

export const urlVerification = z.looseObject({ type: z.literal("url_verification"), challenge: z.string().max(1000) });

export const commandBody = z.looseObject({
  command: z.string().min(1).max(100),
  text: z.string().max(100_000).default(""),
  team_id: id,
  user_id: id,
  channel_id: id,
  channel_name: name.default(""),
  trigger_id: id,
  response_url: z.string().max(2000).exactOptional(),
});
export type CommandBody = z.output<typeof commandBody>;

/** Their `name` is a handle; `users.info` tells how they are called. */
const user = z.looseObject({ id, team_id: id.nullish() });
const about = { user, team: z.looseObject({ id }).nullish(), trigger_id: id.exactOptional() };
const view = z.looseObject({
  id: id,
  callback_id: z.string().max(300).default(""),
  private_metadata: z.string().max(3000).default(""),
  state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), z.looseObject({ type: z.string() }))).default({}) }).nullish(),
});
export type View = z.output<typeof view>;

export const actionBody = z.looseObject({
  ...about,
  type: z.literal("block_actions"),
  actions: z.array(z.looseObject({ type: z.string(), action_id: z.string().max(300), value: z.string().max(2000).exactOptional() })).min(1),
  channel: z.looseObject({ id, name: name.exactOptional() }).nullish(),
  container: z
    .looseObject({ message_ts: id.exactOptional(), thread_ts: id.exactOptional(), is_ephemeral: z.boolean().exactOptional() })
    .default({}),
  message: z.looseObject({ thread_ts: id.exactOptional(), user: id.exactOptional() }).nullish(),
});
export type ActionBody = z.output<typeof actionBody>;

export const submissionBody = z.looseObject({ ...about, type: z.literal("view_submission"), view });
export type SubmissionBody = z.output<typeof submissionBody>;

export const suggestionBody = z.looseObject({
  ...about,
  type: z.literal("block_suggestion"),
  action_id: z.string().max(300),
  value: z.string().max(3000).default(""),
  view: view.nullish(),
});
export type SuggestionBody = z.output<typeof suggestionBody>;
