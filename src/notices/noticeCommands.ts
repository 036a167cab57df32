import { validate as isId } from "uuid";
import type { AccountPrincipal } from "../access/principal.ts";
import { defineCommand, type StaffCommand } from "../commands/command.ts";
import type { Platform } from "../platform/platform.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { type NoticeSettings, noticeChannels, noticeKinds, noticeText } from "../protocol/notices.ts";
import { Refusal } from "../protocol/refusal.ts";
import { announceNotices } from "./deliverNotices.ts";
import { findSettings, hasNotice, listNotices, markNoticesRead, saveKind, savePreview, saveQuiet } from "./noticeStore.ts";

/** `notice.*`: what one is told of, and where. Everybody has their own. */
export function noticeCommands({ database, bus }: Pick<Platform, "database" | "bus">): StaffCommand[] {
  const define = (name: string, summary: string, properties: Record<string, ArgSchema>, required: string[], run: StaffCommand["run"]) =>
    defineCommand<StaffCommand>({
      name,
      summary,
      risk: name === "notice.list" || name === "notice.settings" ? "read" : "write",
      audience: "staff",
      source: "built-in",
      permission: "conversations.read",
      args: { type: "object", properties, required, additionalProperties: false },
      run,
    });
  const sqlOf = ({ tenant }: AccountPrincipal) => database.forTenant(tenant);
  const settings = async (principal: AccountPrincipal, text: string) => {
    const found = await findSettings(sqlOf(principal), principal.account);
    return { messages: [{ text: text === "" ? described(found) : text }], data: found };
  };

  return [
    define("notice.list", "Lists your newest notices.", {}, [], async ({ principal }) => {
      const notices = await listNotices(sqlOf(principal), principal);
      const lines = notices.map((notice) => `${notice.read ? " " : "•"} ${notice.at} ${noticeText(notice)}`);
      return { messages: [{ text: lines.length === 0 ? "There are no notices." : lines.join("\n") }], data: { notices } };
    }),
    define(
      "notice.read",
      "Marks a notice as read, or all of yours.",
      { notice: { type: "string", description: "Its id; all where it is left out.", format: "uuid" } },
      [],
      async ({ principal, args }) => {
        const id = args["notice"] === undefined ? null : String(args["notice"]).toLowerCase();
        if (id !== null && !(isId(id) && (await hasNotice(sqlOf(principal), principal.account, id))))
          throw new Refusal("not_found", "There is no such notice.", { path: "args.notice" });
        const count = await markNoticesRead(sqlOf(principal), principal.account, id);
        if (count > 0) announceNotices({ bus }, principal);
        return { messages: [{ text: count === 1 ? "One notice is read now." : `${count} notices are read now.` }], data: { count } };
      },
    ),
    define("notice.settings", "Tells what you are told of, and where.", {}, [], ({ principal }) => settings(principal, "")),
    define(
      "notice.prefer",
      "Chooses whether you are told of a kind of thing at the desk, by push or by mail.",
      {
        kind: { type: "string", description: "What happened.", enum: [...noticeKinds] },
        channel: { type: "string", description: "Where it is told.", enum: [...noticeChannels] },
        on: { type: "boolean", description: "true or false." },
      },
      ["kind", "channel", "on"],
      async ({ principal, args }) => {
        const kind = noticeKinds.find((each) => each === args["kind"]);
        if (kind !== undefined) await saveKind(sqlOf(principal), principal.account, kind, String(args["channel"]), args["on"] === true);
        return await settings(principal, "Your choice is kept.");
      },
    ),
    define(
      "notice.quiet",
      "Sets the hours in which you get no push and no mail; without arguments there are none.",
      {
        from: { type: "string", description: "Like 22:00.", maxLength: 5 },
        to: { type: "string", description: "Like 07:00.", maxLength: 5 },
        zone: { type: "string", description: "The time zone, like Europe/Lisbon.", maxLength: 60 },
      },
      [],
      async ({ principal, args }) => {
        await saveQuiet(sqlOf(principal), principal.account, quietOf(args));
        return await settings(principal, "Your quiet hours are kept.");
      },
    ),
    define(
      "notice.preview",
      "Chooses whether a push may show what the visitor wrote last.",
      { on: { type: "boolean", description: "true or false." } },
      ["on"],
      async ({ principal, args }) => {
        await savePreview(sqlOf(principal), principal.account, args["on"] === true);
        return await settings(principal, "Your choice is kept.");
      },
    ),
  ];
}

function quietOf(args: Parameters<StaffCommand["run"]>[0]["args"]): NoticeSettings["quiet"] {
  const { from, to, zone } = { from: args["from"], to: args["to"], zone: args["zone"] };
  if (from === undefined && to === undefined && zone === undefined) return null;
  return { from: minutesOf("from", from), to: minutesOf("to", to), timeZone: zoneOf(zone) };
}

function minutesOf(name: string, value: unknown): number {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(String(value ?? "").trim()) ?? [];
  if (hours === undefined || minutes === undefined)
    throw new Refusal("invalid_value", `"${name}" must be a time of day from 00:00 to 23:59, like 22:00.`, { path: `args.${name}` });
  return Number(hours) * 60 + Number(minutes);
}

function zoneOf(value: unknown): string {
  const zone = String(value ?? "").trim();
  try {
    if (zone !== "") return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    // Said below.
  }
  throw new Refusal("invalid_value", '"zone" must be a time zone like Europe/Lisbon or America/Sao_Paulo.', { path: "args.zone" });
}

function described({ kinds, quiet, preview }: NoticeSettings): string {
  const lines = noticeKinds.map((kind) => `${kind}: ${noticeChannels.filter((channel) => kinds[kind][channel]).join(", ") || "nowhere"}`);
  const hours = quiet === null ? "No quiet hours." : `Quiet from ${clockOf(quiet.from)} to ${clockOf(quiet.to)} in ${quiet.timeZone}.`;
  return [...lines, hours, preview ? "A push may show what was written." : "A push doesn't show what was written."].join("\n");
}

function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
