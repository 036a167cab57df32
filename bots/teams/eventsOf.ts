import { createHash } from "node:crypto";
import { z } from "zod";
import type { ChatEvent, ChatFile, ChatPerson, ChatPlace } from "../../src/channels/chatEvent.ts";
import { type Activity, organisationOf } from "./activity.ts";
import { activityText, mentionsUs } from "./activityText.ts";

const reactions: Readonly<Record<string, string>> = { like: "👍", heart: "❤️", laugh: "😆", surprised: "😮", sad: "😢", angry: "😠" };

/** What an activity tells that is no question: nothing where it is our own, nobody's, or of a kind that isn't followed. */
export function eventsOf(activity: Activity, now: Date): ChatEvent[] {
  const person = personOf(activity);
  if (isOwn(activity)) return [];
  const key = keyOf(activity);
  const place = placeOf(activity);
  const at = new Date(activity.timestamp ?? now).toISOString();
  const text = activityText(activity);
  switch (activity.type) {
    case "message":
      return person === undefined ? [] : [saidBy(activity, { key, person, place, at, text })];
    case "messageUpdate":
      return person === undefined ? [] : [{ kind: "edited", key: `${key} ${at}`, person, place, message: activity.id, text, at }];
    case "messageDelete":
      return [{ kind: "deleted", key: `${key} deleted`, place, message: activity.id, at }];
    case "messageReaction":
      return person === undefined ? [] : reactionsOf(activity, { key, person, place, at });
    case "conversationUpdate":
      if (activity.membersRemoved?.some(({ id }) => id === activity.recipient.id)) return [{ kind: "left", key, place }];
      return person !== undefined && activity.membersAdded?.some(({ id }) => id === activity.recipient.id)
        ? [{ kind: "met", key, person, place, ...roomOf(activity) }]
        : [];
    case "installationUpdate":
      if (activity.action?.startsWith("remove")) return [{ kind: "left", key, place }];
      // Removed from one chat, it is still there for all others of the organisation: what is sent to this one will be refused.
      return person !== undefined && activity.action?.startsWith("add") ? [{ kind: "met", key, person, place, ...roomOf(activity) }] : [];
    default:
      return [];
  }
}

/** Who did it: their id in their organisation, never their name. Undefined for bots, and for whoever has no account. */
export function personOf(activity: Activity): ChatPerson | undefined {
  const { aadObjectId, tenantId, name = "" } = activity.from;
  const workspace = tenantId ?? organisationOf(activity);
  if (aadObjectId === undefined || workspace === "") return undefined;
  return { workspace, user: aadObjectId, name, ...(activity.locale === undefined ? {} : { locale: activity.locale }) };
}

export function placeOf({ conversation, serviceUrl }: Activity): ChatPlace {
  const [room = "", thread] = conversation.id.split(";messageid=");
  const scope = conversation.conversationType === "groupChat" ? "group" : (conversation.conversationType ?? "personal");
  return { room, ...(thread === undefined || thread === "" ? {} : { thread }), scope, service: { serviceUrl } };
}

/**
 * Teams names people's own chats by some 150 letters, and keys that are made of this one are cut behind 100: then all that is said there would count as
 * said once. So what is long is digested.
 */
export function keyOf({ conversation, id }: Activity): string {
  const key = `${conversation.id} ${id}`;
  return key.length <= mostOfKey ? key : createHash("sha256").update(key).digest("base64url");
}

const mostOfKey = 80;

/** Ids of bots begin so. */
function isOwn({ from, recipient }: Activity): boolean {
  return from.id === recipient.id || from.id.startsWith("28:") || from.role === "bot";
}

type Common = { key: string; person: ChatPerson; place: ChatPlace; at: string };

function saidBy(activity: Activity, { text, ...common }: Common & { text: string }): ChatEvent {
  const files = filesOf(activity);
  const by = mentionsUs(activity) ? "mention" : "message";
  const said = text === "" && files.length === 0 ? "help" : text;
  return { kind: "said", ...common, message: activity.id, text: said, files, by, ...roomOf(activity) };
}

/** The channel by its team and its own name; that of the first one is not told, and is "General". */
function roomOf({ channelData }: Activity): { room?: string } {
  const { team, channel } = channelData ?? {};
  if (team === undefined) return {};
  const name = channel?.name ?? (channel?.id === undefined || channel.id === team.id ? "General" : "");
  return name === "" ? {} : { room: team.name ? `${team.name} / ${name}` : name };
}

function reactionsOf(activity: Activity, { key, ...common }: Common): ChatEvent[] {
  const message = activity.replyToId;
  if (message === undefined) return [];
  const told = [
    ...(activity.reactionsAdded ?? []).map(({ type }) => ({ type, on: true })),
    ...(activity.reactionsRemoved ?? []).map(({ type }) => ({ type, on: false })),
  ];
  return told.map(({ type, on }, index) => ({
    kind: "reacted",
    key: `${key} ${index}`,
    ...common,
    message,
    emoji: reactions[type] ?? type,
    on,
  }));
}

const downloadable = z.looseObject({ downloadUrl: z.string() });

/** Files of people's own chats, and pictures in a message. What else is attached repeats the text as HTML, or is a card. */
function filesOf({ attachments = [] }: Activity): ChatFile[] {
  return attachments.flatMap(({ contentType, contentUrl, content, name = "" }): ChatFile[] => {
    if (contentType === "application/vnd.microsoft.teams.file.download.info") {
      const { success, data } = downloadable.safeParse(content);
      return success ? [{ name: name || "file", url: data.downloadUrl }] : [];
    }
    const isPicture = contentType.startsWith("image/") && contentUrl !== undefined;
    return isPicture ? [{ name: name || `picture.${contentType.slice(6).replace(/\W.*/, "") || "png"}`, url: contentUrl }] : [];
  });
}
