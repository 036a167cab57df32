import { slackChannel } from "../../../bots/slack/slackChannel.ts";
import type { OpenChannel } from "../../../src/channels/channel.ts";
import type { ChatEvent } from "../../../src/channels/chatEvent.ts";
import type { ChatHouse } from "../../../src/channels/chatHouse.ts";
import type { ChatApp, Installation } from "../../../src/channels/chatService.ts";
import { systemClock } from "../../../src/platform/clock/clock.ts";
import { createRecordingLog, type LogLine } from "../../fixtures/recordingLog.ts";
import { type SlackService, startSlackService } from "../../fixtures/slackService.ts";
import { type Http, openHttp } from "../../http/openHttp.ts";

export const appId = "0b2f8f2e-1f0d-4a3d-9d0e-0a4a3a1f0c11";

/** What the tests see of a product that is nothing but its doors, Slack's folder, and a house that remembers what it heard. */
export interface SlackHouse {
  slack: SlackService;
  http: Http;
  channel: OpenChannel;
  chat: NonNullable<OpenChannel["chat"]>;
  app: ChatApp;
  installation: Installation;
  /** Once for each key, as the house has it. */
  heard: ChatEvent[];
  installed: Parameters<ChatHouse["installed"]>[1][];
  logged: LogLine[];
  /** What the house answers; a test puts its own in. */
  house: ChatHouse;
  /** Whether the app and the workspace are known. */
  known: { app: boolean; workspace: boolean };
  close(): Promise<void>;
}

export async function openSlackHouse(): Promise<SlackHouse> {
  const slack = await startSlackService();
  const { world } = slack;
  const { log, logged } = createRecordingLog();
  const app: ChatApp = { id: appId, tenant: "t", service: "slack", appId: world.app.appId, secrets: { ...world.app } };
  const installation: Installation = {
    id: "i",
    tenant: "t",
    app,
    workspace: world.team.id,
    name: world.team.name,
    token: world.bot.token,
    botUser: world.bot.id,
  };
  const heard = new Map<string, ChatEvent>();
  const known = { app: true, workspace: true };
  const installed: SlackHouse["installed"] = [];
  const house: ChatHouse = {
    app: async (service, id) => (known.app && service === "slack" && id === appId ? app : undefined),
    apps: async () => (known.app ? [app] : []),
    installation: async (_, workspace) => (known.workspace && workspace === world.team.id ? installation : undefined),
    heard: async (_, event) => void (heard.has(event.key) || heard.set(event.key, event)),
    formOf: async () => undefined,
    check: async () => ({}),
    choices: async () => [],
    search: async () => [],
    offerFile: async () => "",
    takeOffered: async () => undefined,
    installed: async (_, got) => void installed.push(got),
    deskPage: (path) => `https://desk.example/desk#/${path}`,
  };
  // Each method is looked up when it is called, so that a test may put its own in.
  const late: ChatHouse = {
    app: (...given) => house.app(...given),
    apps: (...given) => house.apps(...given),
    installation: (...given) => house.installation(...given),
    heard: (...given) => house.heard(...given),
    formOf: (...given) => house.formOf(...given),
    check: (...given) => house.check(...given),
    choices: (...given) => house.choices(...given),
    search: (...given) => house.search(...given),
    offerFile: (...given) => house.offerFile(...given),
    takeOffered: (...given) => house.takeOffered(...given),
    installed: (...given) => house.installed(...given),
    deskPage: (path) => house.deskPage(path),
  };
  const publicUrl = "https://switchboard.example";
  const channel = slackChannel({ house: late, log, clock: systemClock, publicUrl, slackApiUrl: slack.apiUrl });
  if (channel.chat === undefined) throw new Error("Slack has a service");
  const http = await openHttp({ deps: { channels: [channel] } });
  slack.callAt({ base: `${http.publicUrl}/channels/slack`, app: appId });
  return {
    slack,
    http,
    channel,
    chat: channel.chat,
    app,
    installation,
    get heard() {
      return [...heard.values()];
    },
    installed,
    logged,
    house,
    known,
    close: async () => {
      await http.close();
      await slack.stop();
    },
  };
}
