import type { StaffCommand } from "../commands/command.ts";
import { commandsOf } from "../commands/commandsOf.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { ChatOutside } from "./chatOutside.ts";
import { addressesOf } from "./installations/addressesOf.ts";
import { appSecrets, missingOf } from "./installations/appSecrets.ts";
import { type ChoosingOutside, chosenApp, chosenInstallation } from "./installations/chosen.ts";
import { connect, disconnect, installState, removeApp, requireWhole, setApp } from "./installations/connect.ts";
import { findInboxNamed, listApps, listInstallations, saveInbox } from "./installations/installationStore.ts";
import { openApp } from "./installations/installations.ts";
import { inboxArgument, offerThings, workspaceArgument } from "./installations/offered.ts";
import { testCommand } from "./installations/testCommand.ts";
import { announceErrands } from "./outbox/errand.ts";
import { reviveOut } from "./outbox/outStore.ts";
import { roomCommands } from "./rooms/roomCommands.ts";
import { listTeamRooms } from "./threads/threadStore.ts";

interface Outside extends ChoosingOutside {
  house: () => ChatOutside;
  publicUrl: string;
}

const app = { type: "string", description: "The app, by its id; the only one where it is left out.", maxLength: 60 } as const;
const secret = (description: string) => ({ type: "string", description, format: "password", maxLength: 500 }) as const;

/** `channel.*`: how Slack and Teams are connected, and how they are. */
export function channelCommands(outside: Outside): StaffCommand[] {
  const { database, keys } = outside;
  const define = commandsOf("channel", { risk: "write", permission: "people.manage", audited: "always" });
  const appOf = (tenant: string, wanted: unknown) => chosenApp(outside, tenant, wanted);
  const installationOf = (tenant: string, wanted: unknown) => chosenInstallation(outside, tenant, wanted);

  return [
    define(
      "list",
      "Lists the apps of Slack and Teams, the workspaces that are connected, and how they are.",
      {},
      [],
      async ({ principal: { tenant } }) => {
        const sql = database.forTenant(tenant);
        const [apps, installations, rooms] = [await listApps(sql), await listInstallations(sql), await listTeamRooms(sql)];
        const iso = (at: Date | null) => at?.toISOString() ?? null;
        const data = {
          services: outside.channels().flatMap(({ name, chat }) => (chat === undefined ? [] : [name])),
          apps: apps.map((row) => {
            const { id, service: channel, appId, secrets } = openApp(keys, row);
            return { id, channel, appId, missing: missingOf({ service: channel, appId, secrets }), ...addressesOf(outside, channel, id) };
          }),
          workspaces: installations.map((one) => ({
            id: one.id,
            app: one.app,
            channel: one.channel,
            workspace: one.workspace,
            name: one.name,
            inbox: one.inbox,
            state: one.state,
            problem: one.problem,
            heardAt: iso(one.heardAt),
            sentAt: iso(one.sentAt),
            heldUntil: iso(one.heldUntil),
          })),
          rooms: rooms.map(({ installation, team, place, name }) => ({ workspace: installation, team, room: place.room, name })),
        };
        const lines = installations.map(
          ({ channel, name, state, problem }) => `${channel}: ${name} is ${state}${problem === null ? "" : ` (${problem})`}`,
        );
        return { messages: [{ text: lines.join("\n") || "No workspace is connected." }], data };
      },
      { risk: "read", audited: "never" },
    ),
    define(
      "app",
      "Keeps an app that was made at Slack or Teams, with its secrets, or changes what is given. With the channel alone it gets the id that its addresses have.",
      {
        channel: { type: "string", enum: Object.keys(appSecrets), description: "Which service." },
        appId: { type: "string", description: "As the service calls the app.", minLength: 1, maxLength: 100 },
        signingSecret: secret("Slack: with what it signs."),
        clientId: { type: "string", description: "Slack: the client's id.", maxLength: 100 },
        clientSecret: secret("Slack: the client's secret."),
        appToken: secret("Slack, for Socket Mode alone: an app-level token (xapp-…)."),
        password: secret("Teams: the client secret of the bot's app."),
        organisation: { type: "string", description: "Teams: the directory's id, of an app for one organisation.", maxLength: 100 },
        app: { ...app, description: "The app that is changed; left out, a new one." },
      },
      ["channel"],
      async ({ principal, args: { channel, appId, app: id, ...given } }) => {
        const secrets = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
        const kept = await setApp(outside, principal, {
          channel: String(channel),
          id: id === undefined ? undefined : String(id),
          appId: String(appId ?? ""),
          secrets,
        });
        const missing = missingOf(kept);
        const data = { id: kept.id, missing, ...addressesOf(outside, kept.service, kept.id) };
        const text =
          missing.length > 0
            ? `An app of ${kept.service} is begun as ${kept.id}. It counts for nothing without ${missing.join(", ")}.`
            : `The app ${kept.appId} of ${kept.service} is kept as ${kept.id}. "channel.manifest" tells what the service must know.`;
        return { messages: [{ text }], data };
      },
      { stepUp: true, audited: "itself" },
    ),
    define(
      "manifest",
      "Tells the manifest that is pasted, or uploaded, at the service, with our addresses in it.",
      { channel: { type: "string", enum: Object.keys(appSecrets), description: "Which service." }, app },
      ["channel"],
      async ({ principal, args }) => {
        const channel = outside.channels().find(({ name }) => name === args["channel"]);
        const apps = (await listApps(database.forTenant(principal.tenant))).filter((one) => one.channel === args["channel"]);
        const found =
          args["app"] === undefined && apps.length !== 1 ? undefined : await appOf(principal.tenant, args["app"] ?? apps[0]?.id);
        if (found !== undefined && found.service !== args["channel"])
          throw new Refusal("invalid_value", `This is an app of ${found.service}.`, { path: "args.app" });
        if (channel?.manifest === undefined) throw new Refusal("not_found", "This service has no manifest.");
        const manifest = channel.manifest({ id: found?.id ?? "APP", appId: found?.appId || "APP_ID", name: "Switchboard" });
        // A package is of an app that is known there: without its id it would be nobody's.
        const packed = found?.appId ? await channel.appPackage?.({ appId: found.appId }) : undefined;
        const data =
          packed === undefined ? manifest : { ...manifest, package: { file: packed.file, base64: packed.bytes.toString("base64") } };
        return { messages: [{ text: manifest.text }], data };
      },
      { risk: "read", audited: "never" },
    ),
    define("install", "Tells the address where a workspace of Slack is connected.", { app }, [], async ({ principal, args }) => {
      const one = await appOf(principal.tenant, args["app"]);
      const channel = outside.channels().find(({ name }) => name === one.service);
      if (channel?.installUrl === undefined)
        throw new Refusal("conflict", `A workspace of ${one.service} is connected by its id: channel.connect.`);
      requireWhole(one);
      const url = channel.installUrl(one, installState(outside, one, principal));
      return { messages: [{ text: `Connect it here, within ten minutes: ${url}` }], data: { url } };
    }),
    define(
      "connect",
      "Connects an organisation of Teams by its directory's id, or a workspace of Slack by a bot's token.",
      {
        organisation: {
          type: "string",
          description: "The directory's id in Teams, or the team's id in Slack.",
          minLength: 1,
          maxLength: 100,
        },
        name: { type: "string", description: "What it is called here.", minLength: 1, maxLength: 100 },
        app,
        token: secret("Slack: the bot's token (xoxb-…)."),
      },
      ["organisation", "name"],
      async ({ principal, args }) => {
        const one = await appOf(principal.tenant, args["app"]);
        const id = await connect(outside, one, {
          workspace: String(args["organisation"]),
          name: String(args["name"]),
          token: String(args["token"] ?? ""),
          botUser: "",
        });
        return {
          messages: [{ text: `${String(args["name"])} is connected as ${id}. "channel.test" tells whether it works.` }],
          data: { id },
        };
      },
      { stepUp: true },
    ),
    testCommand(outside),
    define(
      "inbox",
      "Chooses the inbox in which conversations of a connected workspace begin.",
      { inbox: inboxArgument, workspace: workspaceArgument },
      ["inbox"],
      async ({ principal: { tenant }, args }) => {
        const { row } = await installationOf(tenant, args["workspace"]);
        const inbox = await findInboxNamed(database.forTenant(tenant), String(args["inbox"]));
        if (inbox === undefined) throw new Refusal("invalid_value", "There is no inbox that is called so.", { path: "args.inbox" });
        await saveInbox(database.forTenant(tenant), row.id, inbox.id);
        return { messages: [{ text: `What is said in ${row.name} begins in ${inbox.name}.` }], data: { inbox: inbox.id } };
      },
      { choices: offerThings(outside) },
    ),
    ...roomCommands(outside),
    define(
      "disconnect",
      "Ends the connection of a workspace at once.",
      { workspace: workspaceArgument },
      ["workspace"],
      async ({ principal, args }) => {
        const { row } = await installationOf(principal.tenant, args["workspace"]);
        const name = await disconnect(outside, principal, row.id);
        return { messages: [{ text: `${name} is disconnected.` }] };
      },
      { stepUp: true, audited: "itself", choices: offerThings(outside) },
    ),
    define(
      "remove-app",
      "Forgets an app with its secrets, and everything that was connected by it.",
      { app },
      ["app"],
      async ({ principal, args }) => {
        const one = await appOf(principal.tenant, args["app"]);
        await removeApp(outside, principal, one.id);
        return { messages: [{ text: `The app ${one.appId} is forgotten.` }] };
      },
      { risk: "destructive", stepUp: true, audited: "itself" },
    ),
    define(
      "retry",
      "Writes once more what a channel did not, or perhaps did not, take.",
      { message: { type: "string", description: "Its id, as the note tells it.", maxLength: 60 } },
      ["message"],
      async ({ principal: { tenant }, args }) => {
        const id = String(args["message"]);
        const known = /^[0-9a-f-]{36}$/.test(id) && (await reviveOut(database.forTenant(tenant), id));
        if (!known) throw new Refusal("not_found", "There is nothing of this id to be written once more.", { path: "args.message" });
        announceErrands(outside.house());
        return { messages: [{ text: "It is written once more." }] };
      },
      { permission: "conversations.answer" },
    ),
  ];
}
