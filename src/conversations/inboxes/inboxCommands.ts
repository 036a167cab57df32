import { randomBytes } from "node:crypto";
import { v7 as newId } from "uuid";
import type { CommandResult, StaffCommand } from "../../commands/command.ts";
import { readKey } from "../../commands/readKey.ts";
import type { Registry } from "../../commands/registry.ts";
import { settingsCommand } from "../../commands/settingsCommand.ts";
import { sqlState, type TenantSql } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import type { InboxView } from "../../protocol/inbox.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { type InboxChange, insertInbox, listInboxes, savePrechat, updateInbox } from "./inboxStore.ts";
import { deleteProactive, listTeamNames, saveInboxText, saveProactive } from "./inboxTextStore.ts";
import * as read from "./inboxValues.ts";

interface Dependencies extends Pick<Platform, "database"> {
  /** The base of the address in the tag of a website. */
  publicUrl: string;
  registry: () => Pick<Registry, "of" | "load">;
  /** What an inbox says or keeps was changed. */
  changed: (tenant: string) => void;
}

type Call = Parameters<StaffCommand["run"]>[0];

const inbox: ArgSchema = { type: "string", description: "The inbox's public key, or its name.", maxLength: 200 };
const language: ArgSchema = { type: "string", description: "Like en or pt-BR.", maxLength: 35 };
const none = "none";
const values: Record<string, ArgSchema> = {
  name: { type: "string", description: "How people call it.", maxLength: 100, minLength: 1 },
  team: { type: "string", description: "The key of the team that answers.", maxLength: 60 },
  calendar: { type: "string", description: 'The key of its hours, or "none": those of its team.', maxLength: 60 },
  origins: { type: "string", description: "Origins of the pages that may show it, with spaces between.", maxLength: 4000 },
  colour: { type: "string", description: 'Like #2d55dd, or "none".', maxLength: 20 },
  commands: { type: "string", description: 'The commands that its visitors may run, with commas; "all", or "none".', maxLength: 4000 },
};

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
    settingsCommand("inbox.create", "Makes an inbox, and tells the tag that puts its chat on a website.", values, ["name"], (call) =>
      create(deps, call),
    ),
    settingsCommand("inbox.update", "Changes an inbox.", { inbox, ...values }, ["inbox"], (call) => update(deps, call)),
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
    {
      ...settingsCommand(
        "inbox.proactive-remove",
        "Removes a proactive message with its texts.",
        { inbox, key: { type: "string", description: "Its key.", maxLength: 60 } },
        ["inbox", "key"],
        (call) => removeProactive(deps, call),
      ),
      risk: "destructive",
    },
  ];
}

async function list(sql: TenantSql): Promise<CommandResult> {
  const inboxes = await listInboxes(sql);
  const lines = inboxes.map(({ name, key, team, calendar, commands }) => {
    const published = commands === "all" ? "all" : commands.join(", ") || none;
    return `${name}: key ${key}, team ${team}, hours ${calendar ?? "of the team"}, commands ${published}`;
  });
  return { messages: [{ text: lines.length === 0 ? "There is no inbox." : lines.join("\n") }], data: { inboxes } };
}

/** More would make the list, which is read whole, slow; nobody has so many websites. */
const mostInboxes = 200;

async function create(deps: Dependencies, { principal, args }: Call): Promise<CommandResult> {
  const sql = deps.database.forTenant(principal.tenant);
  const change = await changeOf(deps, sql, args);
  const name = String(args["name"]).trim();
  const there = await listInboxes(sql);
  if (name === "") throw new Refusal("invalid_value", "Give it a name.", { path: "args.name" });
  if (there.length >= mostInboxes) throw new Refusal("conflict", `${mostInboxes} inboxes are the limit.`);
  if (there.some((each) => each.name.toLowerCase() === name.toLowerCase()))
    throw new Refusal("conflict", `There is an inbox "${name}" already; choose another name.`, { path: "args.name" });
  const teams = [...(await listTeamNames(sql)).keys()].sort();
  const team = change.team ?? (teams.includes("support") ? "support" : teams[0]);
  if (team === undefined) throw new Refusal("conflict", "There is no active team that could answer; make one with team.create first.");
  const made = { id: newId(), key: randomBytes(15).toString("base64url") };
  await sql
    .transaction(async (tx) => {
      await insertInbox(tx, { ...made, name, team });
      await updateInbox(tx, made.id, change);
    })
    .catch((error: unknown) => noCalendar(error, args));
  deps.changed(principal.tenant);
  const tag = `<script src="${deps.publicUrl}/widget.js" data-inbox="${made.key}" async></script>`;
  const sites = change.origins === undefined ? " List the website's origin with inbox.update before it shows the chat." : "";
  return { messages: [{ text: `The inbox ${name} is made. Put this on the website: ${tag}${sites}` }], data: { ...made, tag } };
}

async function update(deps: Dependencies, { principal, args }: Call): Promise<CommandResult> {
  const sql = deps.database.forTenant(principal.tenant);
  const found = await findInbox(sql, args["inbox"]);
  await updateInbox(sql, found.id, await changeOf(deps, sql, args, found)).catch((error: unknown) => noCalendar(error, args));
  deps.changed(principal.tenant);
  return { messages: [{ text: `${found.name} is changed.` }] };
}

/** What is given, checked. Refusals: `invalid_value`, `not_found` (`args.team`, `args.commands.0`). */
async function changeOf(
  { registry }: Dependencies,
  sql: TenantSql,
  { name, team, origins, calendar, colour, commands }: Call["args"],
  before?: InboxView,
): Promise<InboxChange> {
  return {
    ...(commands === undefined ? {} : { commands: await readCommands(registry(), sql.tenant, String(commands), before) }),
    ...(name === undefined ? {} : { name: String(name).trim() }),
    ...(team === undefined ? {} : { team: await activeTeam(sql, String(team), "args.team") }),
    ...(origins === undefined ? {} : { origins: read.readOrigins(String(origins), "args.origins") }),
    ...(calendar === undefined ? {} : { calendar: keyOfHours(calendar) === none ? null : keyOfHours(calendar) }),
    ...(colour === undefined ? {} : { colour: colour === none ? null : read.readColour(String(colour), "args.colour") }),
  };
}

/** What is published already may be away at the moment; nothing else is published that isn't there. */
async function readCommands(
  registry: Pick<Registry, "of" | "load">,
  tenant: string,
  written: string,
  before: InboxView | undefined,
): Promise<InboxView["commands"]> {
  const names = written
    .split(/[\s,]+/)
    .map((name) => name.toLowerCase())
    .filter((name) => name !== "");
  if (names.length === 1 && names[0] === "all") return "all";
  if (names.length === 1 && names[0] === none) return [];
  await registry.load(tenant);
  const there = registry.of(tenant);
  for (const [index, name] of names.entries()) {
    const isThere = there.find(name)?.audience === "visitor" || (before?.commands !== "all" && before?.commands.includes(name) === true);
    if (!isThere)
      throw new Refusal("not_found", `There is no command "${name.slice(0, 60)}" that visitors could run.`, {
        path: `args.commands.${index}`,
      });
  }
  return [...new Set(names)];
}

function keyOfHours(written: unknown): string {
  return String(written).trim().toLowerCase();
}

function noCalendar(error: unknown, { calendar }: Call["args"]): never {
  if (sqlState(error) !== "23503") throw error;
  throw new Refusal("not_found", `There is no calendar "${keyOfHours(calendar)}"; calendar.list shows yours.`, { path: "args.calendar" });
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
