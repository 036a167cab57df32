import type { CommandResult, StaffCommand } from "../commands/command.ts";
import { readKey } from "../commands/readKey.ts";
import { settingsCommand } from "../commands/settingsCommand.ts";
import { sqlState, type TenantSql } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import type { InboxView } from "../protocol/inbox.ts";
import { Refusal } from "../protocol/refusal.ts";
import { listInboxes, savePrechat, updateInbox } from "./inboxStore.ts";
import { deleteProactive, listTeamNames, saveInboxText, saveProactive } from "./inboxTextStore.ts";
import * as read from "./inboxValues.ts";

interface Dependencies extends Pick<Platform, "database"> {
  /** What an inbox says or keeps was changed. */
  changed: (tenant: string) => void;
}

type Call = Parameters<StaffCommand["run"]>[0];

const inbox: ArgSchema = { type: "string", description: "The inbox's public key, or its name.", maxLength: 200 };
const language: ArgSchema = { type: "string", description: "Like en or pt-BR.", maxLength: 35 };
const none = "none";

/** What a tenant says and asks where conversations begin. */
export function inboxCommands(deps: Dependencies): StaffCommand[] {
  return [
    {
      ...settingsCommand("inbox.list", "Lists the inboxes with their texts.", {}, [], ({ principal }) =>
        list(deps.database.forTenant(principal.tenant)),
      ),
      risk: "read",
      permission: "conversations.read",
    },
    settingsCommand(
      "inbox.update",
      "Changes an inbox.",
      {
        inbox,
        name: { type: "string", description: "How people call it.", maxLength: 100, minLength: 1 },
        team: { type: "string", description: "The key of the team that answers.", maxLength: 60 },
        calendar: { type: "string", description: 'The key of its hours, or "none": those of its team.', maxLength: 60 },
        origins: { type: "string", description: "Origins of the pages that may show it, with spaces between.", maxLength: 4000 },
        colour: { type: "string", description: 'Like #2d55dd, or "none".', maxLength: 20 },
      },
      ["inbox"],
      (call) => update(deps, call),
    ),
    settingsCommand(
      "inbox.text",
      "Sets one text of an inbox in one language.",
      {
        inbox,
        key: { type: "string", description: "Which: greeting, away.closed, away.nobody, offline, prechat.title, …", maxLength: 80 },
        language,
        text: { type: "string", description: "What it says; without it, the text is taken away.", maxLength: 1000 },
      },
      ["inbox", "key", "language"],
      (call) => setText(deps, call),
    ),
    settingsCommand(
      "inbox.prechat",
      "Sets what a visitor is asked before the first message.",
      {
        inbox,
        fields: {
          type: "string",
          description: 'Like "name, email*, order:number"; a star: needed. Nothing or "none": no form.',
          maxLength: 2000,
        },
        teams: { type: "string", description: "Keys of the teams to choose from, with spaces between.", maxLength: 500 },
      },
      ["inbox"],
      (call) => setPrechat(deps, call),
    ),
    settingsCommand(
      "inbox.proactive",
      "Sets a message that is shown beside the launcher on some pages after some time.",
      {
        inbox,
        key: { type: "string", description: "Its key, like pricing.", maxLength: 60 },
        page: { type: "string", description: "The page's path, * for any characters: /pricing*.", maxLength: 200 },
        after: { type: "integer", description: "Seconds on the page.", minimum: 0, maximum: 3600 },
        language,
        text: { type: "string", description: "What it says.", minLength: 1, maxLength: 300 },
      },
      ["inbox", "key", "page", "after", "language", "text"],
      (call) => setProactive(deps, call),
    ),
    settingsCommand(
      "inbox.proactive-remove",
      "Removes a proactive message with its texts.",
      { inbox, key: { type: "string", description: "Its key.", maxLength: 60 } },
      ["inbox", "key"],
      (call) => removeProactive(deps, call),
    ),
  ];
}

async function list(sql: TenantSql): Promise<CommandResult> {
  const inboxes = await listInboxes(sql);
  const lines = inboxes.map((each) => `${each.name}: key ${each.key}, team ${each.team}, hours ${each.calendar ?? "of the team"}`);
  return { messages: [{ text: lines.length === 0 ? "There is no inbox." : lines.join("\n") }], data: { inboxes } };
}

async function update(deps: Dependencies, { principal, args }: Call): Promise<CommandResult> {
  const sql = deps.database.forTenant(principal.tenant);
  const found = await findInbox(sql, args["inbox"]);
  const { name, team, origins, calendar, colour } = args;
  const hours = calendar === undefined ? undefined : String(calendar).trim().toLowerCase();
  await updateInbox(sql, found.id, {
    ...(name === undefined ? {} : { name: String(name).trim() }),
    ...(team === undefined ? {} : { team: await activeTeam(sql, String(team), "args.team") }),
    ...(origins === undefined ? {} : { origins: read.readOrigins(String(origins), "args.origins") }),
    ...(hours === undefined ? {} : { calendar: hours === none ? null : hours }),
    ...(colour === undefined ? {} : { colour: colour === none ? null : read.readColour(String(colour), "args.colour") }),
  }).catch((error: unknown) => {
    if (sqlState(error) !== "23503") throw error;
    throw new Refusal("not_found", `There is no calendar "${hours ?? ""}"; calendar.list shows yours.`, { path: "args.calendar" });
  });
  deps.changed(principal.tenant);
  return { messages: [{ text: `${found.name} is changed.` }] };
}

async function setText(deps: Dependencies, { principal, args }: Call): Promise<CommandResult> {
  const sql = deps.database.forTenant(principal.tenant);
  const found = await findInbox(sql, args["inbox"]);
  const key = read.readTextKey(String(args["key"]), "args.key");
  const tag = read.readLanguage(String(args["language"]), "args.language");
  const text = args["text"] === undefined ? "" : String(args["text"]).trim();
  const field = /^(prechat|proactive)\.(?!title$)(.+)$/.exec(key);
  if (field?.[1] === "prechat" && !found.prechat?.fields.some(({ name }) => name === field[2]))
    throw new Refusal("not_found", `The form of ${found.name} has no field "${field[2] ?? ""}"; inbox.prechat sets its fields.`, {
      path: "args.key",
    });
  if (field?.[1] === "proactive" && !found.proactive.some((rule) => rule.key === field[2]))
    throw new Refusal("not_found", `${found.name} has no proactive message "${field[2] ?? ""}"; inbox.proactive makes one.`, {
      path: "args.key",
    });
  if (!(await saveInboxText(sql, found.id, { key, language: tag, text })))
    throw new Refusal("not_found", `${found.name} has no text ${key} in ${tag}; give the text that it is to have.`, { path: "args.text" });
  deps.changed(principal.tenant);
  return { messages: [{ text: text === "" ? `${key} in ${tag} is taken away.` : `${key} in ${tag}: ${text}` }] };
}

async function setPrechat(deps: Dependencies, { principal, args }: Call): Promise<CommandResult> {
  const sql = deps.database.forTenant(principal.tenant);
  const found = await findInbox(sql, args["inbox"]);
  const written = String(args["fields"] ?? none).trim();
  const fields = written === none ? [] : read.readFields(written, "args.fields");
  const wanted = String(args["teams"] ?? "")
    .split(/[\s,]+/)
    .filter((part) => part !== "");
  const teams = await Promise.all(wanted.map((team, index) => activeTeam(sql, team, `args.teams.${index}`)));
  const asks = fields.length + teams.length > 0;
  await savePrechat(sql, found.id, asks ? { fields, teams } : null);
  deps.changed(principal.tenant);
  const asked = [...fields.map(({ name }) => name), ...(teams.length > 0 ? ["the team"] : [])].join(", ");
  return { messages: [{ text: asks ? `${found.name} asks first: ${asked}.` : `${found.name} asks nothing first.` }] };
}

async function setProactive(deps: Dependencies, { principal, args }: Call): Promise<CommandResult> {
  const sql = deps.database.forTenant(principal.tenant);
  const found = await findInbox(sql, args["inbox"]);
  const key = readKey(String(args["key"]), "args.key");
  const tag = read.readLanguage(String(args["language"]), "args.language");
  const pagePattern = read.readPagePattern(String(args["page"]), "args.page");
  if (found.proactive.length >= 20 && !found.proactive.some((rule) => rule.key === key))
    throw new Refusal("conflict", `20 proactive messages are the limit of an inbox; remove one first.`, { path: "args.key" });
  await saveProactive(sql, found.id, { key, pagePattern, afterSeconds: Number(args["after"]) });
  await saveInboxText(sql, found.id, { key: `proactive.${key}`, language: tag, text: String(args["text"]).trim() });
  deps.changed(principal.tenant);
  return {
    messages: [{ text: `On ${pagePattern}, after ${Number(args["after"])} s, ${found.name} says in ${tag}: ${String(args["text"])}` }],
  };
}

async function removeProactive(deps: Dependencies, { principal, args }: Call): Promise<CommandResult> {
  const sql = deps.database.forTenant(principal.tenant);
  const found = await findInbox(sql, args["inbox"]);
  const key = String(args["key"]).trim().toLowerCase();
  if (!(await deleteProactive(sql, found.id, key)))
    throw new Refusal("not_found", `${found.name} has no proactive message "${key}"; inbox.list shows them.`, { path: "args.key" });
  deps.changed(principal.tenant);
  return { messages: [{ text: `The proactive message ${key} is removed.` }] };
}

/** By public key, id, or a name that only one has. Refusal `not_found`. */
async function findInbox(sql: TenantSql, value: unknown): Promise<InboxView> {
  const wanted = String(value).trim();
  const inboxes = await listInboxes(sql);
  const named = inboxes.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  const found = inboxes.find(({ key, id }) => key === wanted || id === wanted.toLowerCase()) ?? (named.length === 1 ? named[0] : undefined);
  if (found !== undefined) return found;
  const why =
    named.length > 1 ? `${named.length} inboxes are called "${wanted}"; give the public key` : `There is no inbox "${wanted.slice(0, 60)}"`;
  throw new Refusal("not_found", `${why}; inbox.list shows yours.`, { path: "args.inbox" });
}

async function activeTeam(sql: TenantSql, text: string, path: string): Promise<string> {
  const key = readKey(text, path);
  if ((await listTeamNames(sql)).has(key)) return key;
  throw new Refusal("not_found", `There is no active team "${key}"; team.list shows yours.`, { path });
}
