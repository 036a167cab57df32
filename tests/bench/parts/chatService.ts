import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { z } from "zod";
import { signatureOf } from "../../fixtures/slackSends.ts";
import { startSlackServer } from "../../fixtures/slackServer.ts";
import { createSlackWorld } from "../../fixtures/slackWorld.ts";
import { startTeamsServer } from "../../fixtures/teamsServer.ts";
import { servePart } from "../processes/part.ts";
import { inTurn } from "./asker.ts";
import type { Pace } from "./pace.ts";

const questionSchema = z.discriminatedUnion("do", [
  z.object({ do: z.literal("open") }),
  z.object({ do: z.literal("send"), service: z.enum(["slack", "teams"]), url: z.string(), inFlight: z.number(), seconds: z.number() }),
]);

/** Where Slack's Web API and Microsoft's services are, and what an app of theirs is connected with. */
export const chatServicesSchema = z.object({
  slack: z.object({ apiUrl: z.string(), appId: z.string(), signingSecret: z.string(), clientId: z.string(), clientSecret: z.string() }),
  workspace: z.object({ id: z.string(), token: z.string() }),
  teams: z.object({ url: z.string(), appId: z.string(), password: z.string() }),
  organisation: z.string(),
});
export type ChatServices = z.infer<typeof chatServicesSchema>;

/** Slack and Teams: says what is said in a channel there to whoever listens, so many at a time, each an event of its own. */
export function playChatService(): void {
  const world = createSlackWorld();
  const app = { appId: randomUUID(), password: randomUUID() };
  const organisation = randomUUID();
  const opened = Promise.all([startSlackServer(world), startTeamsServer(app.appId, app.password)]);
  servePart(questionSchema, async (question): Promise<ChatServices | Pace> => {
    const [slack, teams] = await opened;
    if (question.do === "open") {
      const { appId, signingSecret, clientId, clientSecret } = world.app;
      return {
        slack: { apiUrl: `${slack.url}/api/`, appId, signingSecret, clientId, clientSecret },
        workspace: { id: world.team.id, token: world.bot.token },
        teams: { url: teams.url, ...app },
        organisation,
      };
    }
    const { service, url, inFlight, seconds } = question;
    const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
    const serviceUrl = `${teams.url}/emea/`;
    const now = Math.floor(Date.now() / 1000);
    const authorization = `Bearer ${teams.sign({ iss: "https://api.botframework.com", aud: app.appId, nbf: now - 60, exp: now + 3600, serviceurl: serviceUrl })}`;
    const pace = await inTurn(inFlight, seconds, async () => {
      if (service === "teams")
        return await post(agent, url, JSON.stringify(activityOf(organisation, app.appId, serviceUrl)), { authorization });
      const body = JSON.stringify(eventOf(world.team.id, world.app.appId));
      const timestamp = String(Math.floor(Date.now() / 1000));
      const signature = signatureOf(world.app.signingSecret, timestamp, body);
      await post(agent, url, body, { "x-slack-request-timestamp": timestamp, "x-slack-signature": signature });
    });
    agent.destroy();
    return pace;
  });
}

/** Something that is said in a channel to others. */
function eventOf(team: string, appId: string): object {
  const at = `${Date.now() / 1000}`;
  const event = {
    type: "message",
    user: "U123ABC456",
    text: "Has anybody seen the van?",
    channel: "C123ABC456",
    channel_type: "channel",
    team,
  };
  return {
    type: "event_callback",
    team_id: team,
    api_app_id: appId,
    event_id: `Ev${randomUUID()}`,
    event_time: Math.floor(Date.now() / 1000),
    event: { ...event, ts: at, event_ts: at },
    authorizations: [{ team_id: team, user_id: "U0BOT", is_bot: true, is_enterprise_install: false }],
  };
}

function activityOf(organisation: string, appId: string, serviceUrl: string): object {
  return {
    type: "message",
    id: randomUUID(),
    channelId: "msteams",
    serviceUrl,
    timestamp: new Date().toISOString(),
    text: "Has anybody seen the van?",
    textFormat: "plain",
    from: { id: "29:ann", name: "Ann Example", aadObjectId: "ann" },
    recipient: { id: `28:${appId}`, name: "Switchboard" },
    conversation: { conversationType: "groupChat", isGroup: true, tenantId: organisation, id: "19:group@thread.v2" },
    channelData: { tenant: { id: organisation } },
  };
}

function post(agent: Agent, url: string, body: string, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...headers };
    const asked = request(url, { method: "POST", agent, headers: sent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${answer.statusCode} ${Buffer.concat(chunks).toString().slice(0, 300)}`));
      });
      answer.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}
