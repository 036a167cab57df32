import { z } from "zod";
import type { ChatEvent, ChatFile, ChatPerson, ChatPlace } from "../../src/channels/chatEvent.ts";
import type { Installation } from "../../src/channels/chatService.ts";
import type { EventBody } from "./bodies.ts";
import { emojiOf } from "./emoji.ts";
import { readText } from "./slackText.ts";

/** What is not for us: which kind of thing it is, so that it can be counted. */
export interface PassedOver {
  passedOver: string;
}

type Us = Pick<Installation, "botUser" | "workspace">;

const id = z.string().min(1).max(100);
const ts = z.string().regex(/^\d{1,12}\.\d{1,6}$/);
const text = z.string().max(200_000).default("");
const team = id.nullish();
const file = z.looseObject({
  name: z.string().max(1000).nullish(),
  size: z.number().nullish(),
  url_private_download: z.string().max(3000).nullish(),
  url_private: z.string().max(3000).nullish(),
});
const said = z.looseObject({
  user: id,
  ts,
  text,
  thread_ts: ts.nullish(),
  bot_id: id.nullish(),
  subtype: z.string().nullish(),
  user_team: team,
  source_team: team,
  team,
  user_profile: z.looseObject({ display_name: z.string().nullish(), real_name: z.string().nullish() }).nullish(),
  files: z.array(file).max(1000).nullish(),
});
const inChannel = { channel: id, channel_type: z.string().nullish(), event_ts: ts };
const message = z.looseObject({ ...said.shape, channel: id, channel_type: z.string().nullish() });
const changed = z.looseObject({ ...inChannel, message: said, previous_message: z.looseObject({ text, bot_id: id.nullish() }).nullish() });
const deleted = z.looseObject({ ...inChannel, deleted_ts: ts, previous_message: said.partial().nullish() });
const reaction = z.looseObject({
  user: id,
  reaction: z.string().min(1).max(200),
  item: z.looseObject({ type: z.literal("message"), channel: id, ts }),
  event_ts: ts,
});
const home = z.looseObject({ user: id, channel: id, tab: z.string() });
const joined = z.looseObject({ user: id, channel: id, team });
const revoked = z.looseObject({ tokens: z.looseObject({ bot: z.array(id).nullish() }) });

/** What happened, of an event of the Events API; its own or other bots' words are passed over, so that nobody answers themselves. */
export function readEvent(body: EventBody, installation: Us): ChatEvent | PassedOver {
  const { event } = body;
  const us = { workspace: installation.workspace, botUser: installation.botUser || botOf(body) };
  const key = body.event_id;
  switch (event.type) {
    case "message":
      return readMessage(body, us);
    case "app_mention":
      return parsed(message, event, (one) => readSaid(one, body, us, "mention"));
    case "reaction_added":
    case "reaction_removed":
      return parsed(reaction, event, ({ user, reaction: emoji, item, event_ts }) => {
        const person = personOf({ user }, body, us);
        if (user === us.botUser) return { passedOver: "own reaction" };
        if (person === undefined) return { passedOver: "somebody of an unknown workspace" };
        const place = placeOf(item.channel, undefined);
        return {
          key,
          kind: "reacted",
          person,
          place,
          message: item.ts,
          emoji: emojiOf(emoji),
          on: event.type === "reaction_added",
          at: instantOf(event_ts),
        };
      });
    case "app_home_opened":
      return parsed(home, event, ({ user, channel, tab }) => {
        const person = personOf({ user }, body, us);
        if (person === undefined) return { passedOver: "somebody of an unknown workspace" };
        return { key, kind: tab === "home" ? "lookedHome" : "met", person, place: placeOf(channel, "im") };
      });
    case "member_joined_channel":
      return parsed(joined, event, (one) => {
        const person = personOf({ user: one.user, team: one.team }, body, us);
        if (one.user === us.botUser) return { passedOver: "own arrival" };
        if (person === undefined) return { passedOver: "somebody of an unknown workspace" };
        return { key, kind: "met", person, place: placeOf(one.channel, undefined) };
      });
    case "app_uninstalled":
      return { key, kind: "removed", why: "The app was removed from the workspace." };
    case "tokens_revoked":
      return parsed(revoked, event, ({ tokens }) =>
        (tokens.bot ?? []).length > 0
          ? { key, kind: "removed", why: "The app's token was withdrawn in the workspace." }
          : { passedOver: "tokens_revoked of people" },
      );
    default:
      return { passedOver: event.type.slice(0, 60) };
  }
}

/** Of a workspace that was connected by a token alone. */
function botOf({ authorizations }: EventBody): string {
  return authorizations?.find(({ is_bot: isBot }) => isBot === true)?.user_id ?? "";
}

/** Subtypes in which a person says something; none is the ordinary one. */
const spoken = new Set([undefined, null, "", "file_share", "thread_broadcast", "me_message"]);

function readMessage(body: EventBody, us: Us): ChatEvent | PassedOver {
  const { event, event_id: key } = body;
  const subtype = typeof event["subtype"] === "string" ? event["subtype"] : undefined;
  if (subtype === "message_changed")
    return parsed(changed, event, ({ channel, channel_type: type, message: now, previous_message: before, event_ts }) => {
      if (isBot(now, us) || before?.bot_id) return { passedOver: "a bot's message" };
      const place = placeOf(channel, type, now.thread_ts === now.ts ? undefined : now.thread_ts);
      // What has answers is left standing, without its words.
      if (now.subtype === "tombstone") return { key, kind: "deleted", place, message: now.ts, at: instantOf(event_ts) };
      if (now.text === before?.text) return { passedOver: "message_changed without other words" };
      const person = personOf(now, body, us);
      if (person === undefined) return { passedOver: "somebody of an unknown workspace" };
      return { key, kind: "edited", person, place, message: now.ts, text: readText(now.text, us.botUser), at: instantOf(event_ts) };
    });
  if (subtype === "message_deleted")
    return parsed(deleted, event, ({ channel, channel_type: type, deleted_ts, previous_message: before, event_ts }) => {
      if (before?.bot_id || before?.user === us.botUser) return { passedOver: "a bot's message" };
      return { key, kind: "deleted", place: placeOf(channel, type, before?.thread_ts), message: deleted_ts, at: instantOf(event_ts) };
    });
  // A bot's word may lack what a person's has.
  if (event["bot_id"] || subtype === "bot_message") return { passedOver: "a bot's message" };
  if (!spoken.has(subtype)) return { passedOver: `message.${subtype}` };
  return parsed(message, event, (one) => readSaid(one, body, us, "message"));
}

function readSaid(one: z.output<typeof message>, body: EventBody, us: Us, type: "message" | "mention"): ChatEvent | PassedOver {
  if (isBot(one, us)) return { passedOver: "a bot's message" };
  const person = personOf(one, body, us);
  if (person === undefined) return { passedOver: "somebody of an unknown workspace" };
  const isMention = type === "mention" || one.text.includes(`<@${us.botUser}>`) || one.text.includes(`<@${us.botUser}|`);
  const place = placeOf(one.channel, one.channel_type, one.thread_ts === one.ts ? undefined : one.thread_ts);
  return {
    // Where the app is a member, Slack tells of a mention twice, by two events of two ids: they are one thing that was said.
    key: isMention && place.scope !== "personal" ? `mention ${one.channel} ${one.ts}` : body.event_id,
    kind: "said",
    person,
    place,
    message: one.ts,
    text: readText(one.text, us.botUser),
    files: (one.files ?? []).map(fileOf),
    by: isMention && place.scope !== "personal" ? "mention" : "message",
    at: instantOf(one.ts),
  };
}

function isBot({ user, bot_id }: { user: string; bot_id?: string | null | undefined }, { botUser }: Us): boolean {
  return user === botUser || Boolean(bot_id) || user === "USLACKBOT";
}

/**
 * Who it was, by the workspace that is theirs: in a channel that is shared with others, the event's team is only the one that we are in. Undefined
 * where Slack doesn't say.
 */
function personOf(
  one: Pick<z.output<typeof said>, "user"> & Partial<z.output<typeof said>>,
  { team_id: ours, is_ext_shared_channel: isShared }: EventBody,
  { workspace }: Us,
): ChatPerson | undefined {
  const own = one.user_team ?? one.source_team ?? one.team ?? (isShared === true ? undefined : (ours ?? workspace));
  if (own === undefined) return undefined;
  const name = one.user_profile?.display_name || one.user_profile?.real_name || one.user;
  return { workspace: own, user: one.user, name: name.slice(0, 200) };
}

function fileOf({ name, size, url_private_download: download, url_private: address }: z.output<typeof file>): ChatFile {
  return { name: (name ?? "file").slice(0, 255), url: download ?? address ?? "", ...(typeof size === "number" ? { size } : {}) };
}

/** A direct conversation is one by its id; what kind of others there are, only some events say. */
export function placeOf(room: string, type: string | null | undefined, thread?: string | null): ChatPlace {
  const scope = type === "im" || room.startsWith("D") ? "personal" : type === "mpim" ? "group" : "channel";
  return { room, scope, ...(thread == null ? {} : { thread }) };
}

function instantOf(at: string): string {
  return new Date(Math.floor(Number(at) * 1000)).toISOString();
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  event: EventBody["event"],
  read: (value: z.output<Schema>) => ChatEvent | PassedOver,
): ChatEvent | PassedOver {
  const value = schema.safeParse(event);
  return value.success ? read(value.data) : { passedOver: `${event.type.slice(0, 60)} of another shape` };
}
