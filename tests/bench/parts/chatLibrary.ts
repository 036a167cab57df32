import { once } from "node:events";
import { createServer } from "node:http";
import { z } from "zod";
import { servePart } from "../processes/part.ts";
import { chatServicesSchema } from "./chatService.ts";

const questionSchema = z.object({ service: z.enum(["slack", "teams"]), services: chatServicesSchema });
export const libraryAddressSchema = z.object({ url: z.string() });

/** Bolt and botbuilder alone, as their guides set them up: they verify, and a listener hears of it and does nothing. */
export function playChatLibrary(): void {
  servePart(questionSchema, async ({ service, services }) => ({
    url: await (service === "slack" ? listenByBolt : listenByBotbuilder)(services),
  }));
}

async function listenByBolt({ slack, workspace }: z.output<typeof chatServicesSchema>): Promise<string> {
  const { App, LogLevel } = await import("@slack/bolt");
  const app = new App({
    signingSecret: slack.signingSecret,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
    authorize: async () => ({ botToken: workspace.token, botUserId: "U0BOT" }),
  });
  app.message(async () => {});
  return `${addressOf(await app.start(0))}/slack/events`;
}

async function listenByBotbuilder({ teams }: z.output<typeof chatServicesSchema>): Promise<string> {
  const { CloudAdapter, ConfigurationBotFrameworkAuthentication } = await import("botbuilder");
  const adapter = new CloudAdapter(
    new ConfigurationBotFrameworkAuthentication({
      MicrosoftAppId: teams.appId,
      MicrosoftAppPassword: teams.password,
      MicrosoftAppType: "MultiTenant",
      ValidateAuthority: "false",
      ToChannelFromBotLoginUrl: teams.url,
      ToChannelFromBotOAuthScope: "https://api.botframework.com",
      ToBotFromChannelTokenIssuer: "https://api.botframework.com",
      OAuthUrl: teams.url,
      ToBotFromChannelOpenIdMetadataUrl: `${teams.url}/openid/.well-known/openidconfiguration`,
      ToBotFromEmulatorOpenIdMetadataUrl: `${teams.url}/openid/.well-known/openidconfiguration`,
      CallerId: "urn:botframework:azure",
    }),
  );
  const { default: express } = await import("express");
  const app = express();
  app.post("/messages", express.json(), (request, response) => void adapter.process(request, response, async () => {}));
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `${addressOf(server)}/messages`;
}

function addressOf(server: { address(): unknown }): string {
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return `http://127.0.0.1:${port}`;
}
