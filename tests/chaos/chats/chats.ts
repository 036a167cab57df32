import { z } from "zod";
import { type SlackService, startSlackService } from "../../fixtures/slackService.ts";
import { directOf } from "../../fixtures/slackWorld.ts";
import { startTeamsService, type TeamsService } from "../../fixtures/teamsService.ts";
import { query } from "../processes/postgres.ts";
import type { Row } from "../row.ts";
import type { World } from "../world.ts";

export interface Chats {
  slack: SlackService;
  teams: TeamsService;
}

/** Who talks in Slack, and who in Teams. */
export const slackPeople = ["U123ABC456", "U456DEF789"] as const;
export const teamsPeople = ["ann", "bob"] as const;

/** By the product's folder: they are there before the product, which must know where they are. */
const opened = new Map<string, Chats>();

/** A row whose product finds Slack and Teams on this machine, and what `more` says. */
export function withChats(row: Omit<Row, "environment">, more?: (folder: string) => Record<string, string>): Row {
  return {
    ...row,
    environment: async (folder) => {
      const [slack, teams] = await Promise.all([startSlackService(), startTeamsService()]);
      opened.set(folder, { slack, teams });
      return { SLACK_API_URL: slack.apiUrl, TEAMS_URL: teams.server.url, ...more?.(folder) };
    },
  };
}

/** Keeps an app of each and connects a workspace and an organisation, as an admin does it. */
export async function connectChats(world: World): Promise<Chats> {
  const chats = opened.get(world.dataDir);
  if (chats === undefined) throw new Error("there are no chats");
  const { slack, teams } = chats;
  world.afterwards(async () => void (await Promise.all([slack.stop(), teams.stop()])));
  const admin = await world.agent(2, 0);
  const run = async (command: string, args: object) => {
    const { state, error } = await admin.run(command, args);
    if (state !== "succeeded") throw new Error(`${command}: ${error?.message ?? state}`);
  };
  const appOf = async (channel: string) =>
    z.object({ id: z.string() }).parse((await query(world.databaseUrl, "select id from channel_app where channel = $1", [channel]))[0]).id;
  const { app, team, bot } = slack.world;
  const { appId, signingSecret, clientId, clientSecret } = app;
  await run("channel.app", { channel: "slack", appId, signingSecret, clientId, clientSecret });
  await run("channel.app", { channel: "teams", appId: teams.app.appId, password: teams.app.password });
  const [slackApp, teamsApp] = [await appOf("slack"), await appOf("teams")];
  await run("channel.connect", { app: slackApp, organisation: team.id, name: team.name, token: bot.token });
  await run("channel.connect", { app: teamsApp, organisation: teams.organisation, name: "Example" });
  const at = `http://127.0.0.1:${world.product("a").port}/channels`;
  slack.callAt({ base: `${at}/slack`, app: slackApp });
  teams.callAt(`${at}/teams/messages?app=${teamsApp}`);
  return chats;
}

/** Somebody's words to the app alone, as Slack tells of them, each time the same. */
export function slackSaid({ slack: { world } }: Chats, user: string, text: string, ageSeconds = 0) {
  const ts = world.nextTs();
  const event = {
    type: "message",
    user,
    text,
    channel: directOf(world, user).id,
    channel_type: "im",
    ts,
    event_ts: ts,
    team: world.team.id,
  };
  return { ts, payload: eventOf(world, event, `Ev${ts}`, ageSeconds) };
}

/** That they wrote it anew. */
export function slackEdited({ slack: { world } }: Chats, user: string, ts: string, text: string) {
  const at = world.nextTs();
  const common = { user, ts, team: world.team.id };
  const event = {
    type: "message",
    subtype: "message_changed",
    channel: directOf(world, user).id,
    channel_type: "im",
    ts: at,
    event_ts: at,
    message: { ...common, type: "message", text, edited: { user, ts: at } },
    previous_message: { ...common, type: "message", text: "" },
  };
  return { payload: eventOf(world, event, `Ev${at}`, 0) };
}

function eventOf({ team, app }: SlackService["world"], event: object, id: string, ageSeconds: number): object {
  return {
    type: "event_callback",
    team_id: team.id,
    api_app_id: app.appId,
    event_id: id,
    event_time: Math.floor(Date.now() / 1000) - ageSeconds,
    event,
  };
}

/** Tells it until it is taken, as both services do; the statuses that it had, 0 where there was no answer. */
export async function tellUntilTaken(send: () => Promise<{ status: number }>, withinMs = 60_000): Promise<number[]> {
  const statuses: number[] = [];
  const deadline = performance.now() + withinMs;
  while (statuses.at(-1) !== 200 && performance.now() < deadline) {
    if (statuses.length > 0) await new Promise((resolve) => setTimeout(resolve, 300));
    statuses.push(
      await send().then(
        ({ status }) => status,
        () => 0,
      ),
    );
  }
  return statuses;
}

/** What people there said, as the product has it: how often, and in which conversations. */
export async function saidHere(world: World, like: string): Promise<Map<string, number>> {
  const rows = await query(
    world.databaseUrl,
    "select text, count(*)::int as times from message where author_kind = 'visitor' and text like $1 group by 1",
    [like],
  );
  return new Map(rows.map(({ text, times }) => [String(text), Number(times)]));
}

/** What the automation `reverse` answers: the words in the opposite order. */
export function reversed(text: string): string {
  return text.split(" ").reverse().join(" ");
}
