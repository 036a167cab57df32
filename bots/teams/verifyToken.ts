import jwt from "jsonwebtoken";
import { z } from "zod";
import type { ChatApp } from "../../src/channels/chatService.ts";
import type { ChannelHead } from "../../src/conversations/ledger/channel.ts";
import type { Clock } from "../../src/platform/clock/clock.ts";
import type { Log } from "../../src/platform/log/log.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import type { SigningKeys } from "./signingKeys.ts";

interface Outside {
  house: { app(service: string, id: string): Promise<ChatApp | undefined> };
  keys: SigningKeys;
  clock: Pick<Clock, "now">;
  log: Log;
}

export interface Verified {
  app: ChatApp;
  /** Of the service for which the token was made. */
  serviceUrl: string;
}

const issuer = "https://api.botframework.com";
const skewSeconds = 5 * 60;
const mostCharacters = 8192;

const header = z.object({ alg: z.literal("RS256"), kid: z.string().min(1).max(200) });
const claims = z.object({ exp: z.number(), serviceurl: z.string().min(1) });

/**
 * The app to which the Bot Framework speaks, by its token alone ("Authenticate requests from the Bot Connector service"). Refusals: `unauthenticated`,
 * the same for every reason; `unavailable` where no keys are known.
 */
export async function verifyToken(outside: Outside, head: ChannelHead): Promise<Verified> {
  const id = head.query["app"];
  const app = typeof id === "string" && id !== "" && id.length <= 100 ? await outside.house.app("teams", id) : undefined;
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(head.header("authorization") ?? "")?.[1];
  const refused = (reason: string) => {
    outside.log.debug({ reason }, "a request to Teams' door was refused");
    return new Refusal("unauthenticated", "The request is not signed by the Bot Framework for this app.", { path: "authorization" });
  };
  if (token === undefined || token.length > mostCharacters) throw refused("no token");
  // Who has no secret can't have been given one: nothing is accepted for such an app (GHSA-xh72-v6v9-mwhc).
  if (app === undefined || !isWhole(app)) throw refused("no such app");
  const { success, data: named } = header.safeParse(jwt.decode(token, { complete: true })?.header);
  if (!success) throw refused("another algorithm");
  const key = await outside.keys.find(named.kid);
  if (key === undefined) throw refused("unknown key");
  if (!key.endorsements.includes("msteams")) throw refused("key without endorsement");
  const read = claims.safeParse(payloadOf(token, key.key, app.appId, Math.floor(outside.clock.now() / 1000)));
  if (!read.success) throw refused("false claims");
  return { app, serviceUrl: read.data.serviceurl };
}

/** Whether the app has what it needs to speak and be spoken to. */
export function isWhole({ appId, secrets }: ChatApp): boolean {
  return appId.trim() !== "" && (secrets["password"] ?? "").trim() !== "";
}

function payloadOf(token: string, key: Parameters<typeof jwt.verify>[1], audience: string, clockTimestamp: number): unknown {
  try {
    return jwt.verify(token, key, { algorithms: ["RS256"], issuer, audience, clockTolerance: skewSeconds, clockTimestamp });
  } catch (error) {
    if (error instanceof jwt.JsonWebTokenError) return undefined;
    throw error;
  }
}
