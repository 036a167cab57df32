import { z } from "zod";
import type { OpenChannel } from "../../src/channels/channel.ts";
import type { ChatHouse } from "../../src/channels/chatHouse.ts";
import { ChatFailure } from "../../src/channels/chatService.ts";
import type { ChannelReply, ChannelRequest } from "../../src/conversations/ledger/channel.ts";
import type { Clock } from "../../src/platform/clock/clock.ts";
import type { Log } from "../../src/platform/log/log.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { createAccessTokens } from "./accessTokens.ts";
import { type Activity, organisationOf, readActivity } from "./activity.ts";
import { answerInvoke, sayToInvoke } from "./answerInvoke.ts";
import { allowedAddress, publicCloud, type TeamsCloud } from "./cloud.ts";
import { eventsOf, personOf, placeOf } from "./eventsOf.ts";
import { teamsIcons } from "./icons.ts";
import { teamsManifest, teamsPackage } from "./manifest.ts";
import { createSigningKeys } from "./signingKeys.ts";
import { connectorFor, conversationOf, type TeamsOutside, teamsChat } from "./teamsChat.ts";
import { type Verified, verifyToken } from "./verifyToken.ts";

interface Outside {
  house: Pick<
    ChatHouse,
    "app" | "installation" | "heard" | "formOf" | "check" | "choices" | "search" | "deskPage" | "offerFile" | "takeOffered"
  >;
  log: Log;
  clock: Pick<Clock, "now">;
  /** Microsoft's public cloud where nothing is said. */
  cloud?: TeamsCloud;
}

const mostBytes = 256 * 1024;
const taken: ChannelReply = { status: 200, body: {} };
const notConnected = "Switchboard isn't connected to this organisation; an admin connects it in the desk's settings.";
const nobody = "Switchboard answers people with an account in an organisation alone.";

/** Teams, by the Bot Framework: what it tells comes in by one door, signed; what is written goes to the connector that it named. */
export function teamsChannel({ house, log, clock, cloud = publicCloud }: Outside): OpenChannel {
  const keys = createSigningKeys({ clock, log, cloud });
  const tokens = createAccessTokens({ clock, cloud });
  const teams: TeamsOutside = { cloud, tokens, house };
  const outside = { house, log, clock, keys };
  return {
    name: "teams",
    chat: teamsChat(teams),
    manifest: ({ appId }) => ({
      file: "manifest.json",
      text: JSON.stringify(teamsManifest({ appId, publicUrl: house.deskPage("/") }), null, 2),
    }),
    appPackage: async ({ appId }) => ({
      file: "switchboard-teams.zip",
      bytes: await teamsPackage({ appId, publicUrl: house.deskPage("/") }, await teamsIcons()),
    }),
    doors: [
      {
        method: "post",
        path: "messages",
        id: "receiveTeamsActivity",
        summary: "An activity of the Bot Framework, with its token; `app` is the app's id here, and gives no right by itself.",
        mediaTypes: ["application/json"],
        mostBytes,
        signature: "authorization",
        admit: async (head) => {
          await verifyToken(outside, head);
        },
        answers: { says: "It is written down, or what an invoke waits for.", schema: z.looseObject({}).meta({ id: "TeamsAnswer" }) },
        answer: async (request) => await answered({ ...outside, teams }, await verifyToken(outside, request), request),
      },
    ],
  };
}

type Door = Pick<Outside, "house" | "log" | "clock"> & { teams: TeamsOutside };

async function answered(
  { house, log, clock, teams }: Door,
  { app, serviceUrl }: Verified,
  { body }: ChannelRequest,
): Promise<ChannelReply> {
  const activity = readActivity(body);
  if (trimmed(activity.serviceUrl) !== trimmed(serviceUrl)) {
    throw new Refusal("unauthenticated", "The token was made for another serviceUrl than the activity names.", { path: "serviceUrl" });
  }
  if (allowedAddress(teams.cloud, teams.cloud.serviceHosts, activity.serviceUrl) === undefined) {
    throw new Refusal("forbidden", "The serviceUrl is of a host to which nothing is sent.", { path: "serviceUrl" });
  }
  const organisation = organisationOf(activity);
  const installation = organisation === "" ? undefined : await house.installation(app, organisation);
  const person = personOf(activity);
  if (activity.type === "invoke") {
    if (installation === undefined) return sayToInvoke(activity, notConnected);
    if (person === undefined) return sayToInvoke(activity, nobody);
    return await answerInvoke({ ...teams, house, log, installation, person, activity });
  }
  const events = eventsOf(activity, new Date(clock.now()));
  if (installation !== undefined) {
    for (const event of events) await house.heard(installation, event);
  } else if (events.some(({ kind }) => kind === "said")) {
    await refusePolitely({ log, teams }, app, activity);
  }
  return taken;
}

/** Nothing is kept of it, and whoever asked is told why nobody answers. */
async function refusePolitely({ log, teams }: Pick<Door, "log" | "teams">, app: Verified["app"], activity: Activity): Promise<void> {
  try {
    const place = placeOf(activity);
    const connector = await connectorFor(teams, app, place);
    await connector.send(conversationOf(place), { type: "message", textFormat: "plain", text: notConnected });
  } catch (error) {
    if (!(error instanceof ChatFailure)) throw error;
    log.info({ err: error, app: app.id }, "an organisation that isn't connected could not be told so");
  }
}

function trimmed(address: string): string {
  return address.replace(/\/$/, "");
}
