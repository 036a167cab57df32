import { z } from "zod";
import type { ChatPlace } from "../../src/channels/chatEvent.ts";
import { type Address, ChatFailure, type ChatService } from "../../src/channels/chatService.ts";
import type { Drawing } from "../../src/channels/drawing.ts";
import { slackName } from "./emoji.ts";
import { cut, most } from "./limits.ts";
import { onlyId, onlyOf } from "./messageIds.ts";
import { present } from "./present.ts";
import { presentForm } from "./presentForm.ts";
import { presentHome } from "./presentHome.ts";
import { fetchFile, giveBytes, respond } from "./slackFiles.ts";
import { type CallSlack, isRefusal } from "./webApi.ts";

const posted = z.looseObject({ ts: z.string() });
const postedAlone = z.looseObject({ message_ts: z.string() });
const opened = z.looseObject({ channel: z.looseObject({ id: z.string() }) });
const upload = z.looseObject({ upload_url: z.string(), file_id: z.string() });
const places = z.array(z.string()).default([]);
const shared = z.looseObject({
  file: z.looseObject({
    channels: places,
    groups: places,
    ims: places,
    shares: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  }),
});
const tested = z.looseObject({ team: z.string().default(""), team_id: z.string() });
const listed = z.looseObject({
  messages: z.array(
    z.looseObject({ ts: z.string(), metadata: z.looseObject({ event_payload: z.record(z.string(), z.unknown()) }).nullish() }),
  ),
  has_more: z.boolean().default(false),
  response_metadata: z.looseObject({ next_cursor: z.string().default("") }).default({ next_cursor: "" }),
});
const memberOf = z.looseObject({
  channels: z.array(z.looseObject({ id: z.string(), name: z.string().default("") })),
  response_metadata: z.looseObject({ next_cursor: z.string().default("") }).default({ next_cursor: "" }),
});
const info = z.looseObject({
  user: z.looseObject({
    team_id: z.string(),
    name: z.string().default(""),
    locale: z.string().max(35).optional().catch(undefined),
    deleted: z.boolean().default(false),
    is_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_ultra_restricted: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
    enterprise_user: z.looseObject({ teams: z.array(z.string()).default([]) }).nullish(),
    profile: z.looseObject({ display_name: z.string().default(""), real_name: z.string().default(""), email: z.string().exactOptional() }),
  }),
});

const mostPages = 10;
/** The app is no member there. */
const elsewhere = ["channel_not_found", "not_in_channel", "user_not_in_channel"];

/** Slack, as the rest of Switchboard asks it. */
export function slackChat({ slackApiUrl, call }: { slackApiUrl: string; call: CallSlack }): ChatService {
  return {
    name: "slack",
    // "Several hundred messages per minute" for a workspace ("Rate limits").
    perSecond: 4,

    post: async (to, whole, mark) =>
      await pictured(whole, async (drawing) => {
        const only = to.place.scope === "personal" ? undefined : to.only;
        const { token } = to.installation;
        try {
          if (only !== undefined) {
            const { message_ts } = read(
              postedAlone,
              await call(token, "chat.postEphemeral", { ...whereOf(to), ...messageOf(drawing), user: only }, "posts"),
            );
            return onlyId(only, message_ts);
          }
          const metadata = { event_type: "switchboard", event_payload: { mark } };
          return read(
            posted,
            await call(token, "chat.postMessage", { ...whereOf(to), ...messageOf(drawing), ...authorOf(drawing), metadata }, "posts"),
          ).ts;
        } catch (error) {
          const address = to.place.service?.["responseUrl"];
          if (address === undefined || !isRefusal(error, ...elsewhere)) throw error;
          // A command is written anywhere; what answers it there goes by its own address, which doesn't say that a picture was no good.
          const kind = only === undefined ? "in_channel" : "ephemeral";
          await respond(slackApiUrl, address, { response_type: kind, ...present({ ...drawing, pictures: {} }) });
          return only === undefined ? "" : onlyId(only, "response");
        }
      }),

    change: async (to, message, whole) =>
      await pictured(whole, async (drawing) => {
        const only = onlyOf(message);
        if (only === undefined)
          await call(to.installation.token, "chat.update", { channel: to.place.room, ts: message, ...messageOf(drawing) });
        else await call(to.installation.token, "chat.postEphemeral", { ...whereOf(to), ...messageOf(drawing), user: only });
      }),

    remove: async (to, message) => {
      if (onlyOf(message) !== undefined) return;
      await call(to.installation.token, "chat.delete", { channel: to.place.room, ts: message }).catch(unless("message_not_found"));
    },

    react: async (to, message, emoji, on) => {
      const named = { channel: to.place.room, timestamp: message, name: slackName(emoji) };
      await call(to.installation.token, on ? "reactions.add" : "reactions.remove", named).catch(unless("already_reacted", "no_reaction"));
    },

    mostBytesOfFile: () => most.fileBytes,

    upload: {
      bring: async ({ installation: { token } }, file) => {
        const bytes = await file.bytes();
        const asked = { filename: file.name, length: bytes.length };
        const { upload_url, file_id } = read(upload, await call(token, "files.getUploadURLExternal", asked));
        await giveBytes(slackApiUrl, upload_url, bytes);
        return file_id;
      },
      isSent: async ({ installation: { token }, place: { room } }, brought) => {
        const { file } = read(shared, await call(token, "files.info", { file: brought }));
        return [...file.channels, ...file.groups, ...file.ims, ...Object.values(file.shares).flatMap(Object.keys)].includes(room);
      },
    },

    sendFile: async (to, { name }, brought) => {
      const { channel, ...thread } = whereOf(to);
      const files = [{ id: brought, title: name }];
      await call(to.installation.token, "files.completeUploadExternal", { files, channel_id: channel, ...thread }, "posts");
      // Slack writes its message a moment later, and doesn't say which.
      return "";
    },

    find: async ({ installation, place }, mark) => {
      const method = place.thread === undefined ? "conversations.history" : "conversations.replies";
      const where = {
        channel: place.room,
        ...(place.thread === undefined ? {} : { ts: place.thread }),
        include_all_metadata: true,
        limit: 200,
      };
      let cursor = "";
      for (let page = 0; page < mostPages; page++) {
        const { messages, response_metadata } = read(
          listed,
          await call(installation.token, method, { ...where, ...(cursor === "" ? {} : { cursor }) }).catch((error: unknown) => {
            if (isRefusal(error, "thread_not_found")) return { ok: true, messages: [] };
            throw error;
          }),
        );
        const found = messages.find(({ metadata }) => metadata?.event_payload["mark"] === mark);
        if (found !== undefined) return found.ts;
        cursor = response_metadata.next_cursor;
        if (cursor === "") return null;
      }
      throw new ChatFailure("unknown", "The place has too many messages to find one in.");
    },

    openForm: async ({ token }, opener, form) => {
      await call(token, "views.open", { trigger_id: opener, view: presentForm(form) });
    },

    showHome: async ({ token }, user, home) => {
      await call(token, "views.publish", { user_id: user, view: presentHome(home) });
    },

    placeOf: async ({ token }, user, known) => {
      if (known?.scope === "personal") return known;
      return { room: read(opened, await call(token, "conversations.open", { users: user })).channel.id, scope: "personal" };
    },

    rooms: async ({ token }) => {
      const found: { name: string; place: ChatPlace }[] = [];
      let cursor = "";
      for (let page = 0; page < mostPages; page++) {
        const asked = { types: "public_channel,private_channel", exclude_archived: true, limit: 200, ...(cursor === "" ? {} : { cursor }) };
        const { channels, response_metadata } = read(memberOf, await call(token, "users.conversations", asked));
        for (const { id, name } of channels) found.push({ name, place: { room: id, scope: "channel" } });
        cursor = response_metadata.next_cursor;
        if (cursor === "") break;
      }
      return found;
    },

    fetchFile: async ({ token }, address, mostBytes) => await fetchFile(slackApiUrl, token, address, mostBytes),

    person: async ({ token, workspace }, user) => {
      const { user: one } = read(info, await call(token, "users.info", { user }));
      const { profile, team_id, enterprise_user } = one;
      const isOurs = team_id === workspace || enterprise_user?.teams.includes(workspace) === true;
      const isGuest = one.is_restricted || one.is_ultra_restricted || one.is_stranger;
      return {
        name: profile.display_name || profile.real_name || one.name || user,
        member: isOurs && !isGuest && !one.deleted && !one.is_bot,
        ...(profile.email === undefined ? {} : { email: profile.email }),
      };
    },

    localeOf: async ({ token }, user) => read(info, await call(token, "users.info", { user, include_locale: true })).user.locale,

    check: async ({ token, workspace }) => {
      const { team, team_id } = read(tested, await call(token, "auth.test", {}));
      if (team_id !== workspace) throw new ChatFailure("broken", "The token is one of another workspace: connect this one again.");
      return { name: team };
    },
  };
}

function whereOf({ place: { room, thread } }: Address): { channel: string; thread_ts?: string } {
  return { channel: room, ...(thread === undefined ? {} : { thread_ts: thread }) };
}

/** Slack fetches pictures before it takes a message, and refuses all of it over one that it can't fetch: then it is written without. */
async function pictured<Result>(whole: Drawing, write: (drawing: Drawing) => Promise<Result>): Promise<Result> {
  try {
    return await write(whole);
  } catch (error) {
    if (whole.pictures === undefined || !isRefusal(error, "invalid_blocks")) throw error;
    const { pictures: _, ...letters } = whole;
    return await write(letters);
  }
}

/** Nothing in it is looked through for names and addresses by Slack itself, or unfolded. */
function messageOf(drawing: Drawing) {
  return { ...present(drawing), parse: "none", link_names: false, mrkdwn: false, unfurl_links: false, unfurl_media: false };
}

function authorOf({ author }: Drawing): { username?: string } {
  return author === undefined || author.name.trim() === "" ? {} : { username: cut(author.name, most.username) };
}

/** Passes over refusals that say that it is so already. */
function unless(...codes: string[]): (error: unknown) => void {
  return (error) => {
    if (!isRefusal(error, ...codes)) throw error;
  };
}

function read<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new ChatFailure("unknown", "Slack answered in another shape.");
  return parsed.data;
}
