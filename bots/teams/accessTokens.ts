import { createHash } from "node:crypto";
import { z } from "zod";
import { type ChatApp, ChatFailure } from "../../src/channels/chatService.ts";
import type { Clock } from "../../src/platform/clock/clock.ts";
import type { TeamsCloud } from "./cloud.ts";
import { isWhole } from "./verifyToken.ts";

export interface AccessTokens {
  /** A token for what we send. Throws `ChatFailure`: `broken` where the app's id or secret doesn't count. */
  of(app: ChatApp): Promise<string>;
  /** It was not taken: the next one is asked for. */
  forget(app: ChatApp): void;
}

const answer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number() });
const problem = z.object({ error: z.string() });
const scope = "https://api.botframework.com/.default";
/** Of an app for many organisations, whose own is the Bot Framework's. */
const everyone = "botframework.com";
const deadlineMs = 10_000;
/** So long before its end a token is no longer used. */
const marginMs = 5 * 60_000;

/**
 * Tokens by the app's client credentials ("Get an access token"), kept while they count: for this secret alone, so that another takes effect at once.
 * Whoever needs one while it is asked for waits for the same.
 */
export function createAccessTokens({ clock, cloud }: { clock: Pick<Clock, "now">; cloud: TeamsCloud }): AccessTokens {
  const kept = new Map<string, { secret: string; until: number; token: Promise<string> }>();
  return {
    of: async (app) => {
      if (!isWhole(app)) throw new ChatFailure("broken", "The app has no id or no secret.");
      const secret = digestOf(app);
      const found = kept.get(app.id);
      if (found !== undefined && found.secret === secret && found.until > clock.now()) return found.token;
      const asking = { secret, until: Number.POSITIVE_INFINITY, token: Promise.resolve("") };
      asking.token = askToken(cloud, app).then(({ access_token, expires_in: seconds }) => {
        asking.until = clock.now() + seconds * 1000 - marginMs;
        return access_token;
      });
      kept.set(app.id, asking);
      try {
        return await asking.token;
      } catch (error) {
        if (kept.get(app.id) === asking) kept.delete(app.id);
        throw error;
      }
    },
    forget: ({ id }) => {
      kept.delete(id);
    },
  };
}

async function askToken({ loginUrl }: TeamsCloud, { appId, secrets }: ChatApp): Promise<z.output<typeof answer>> {
  const organisation = (secrets["organisation"] ?? "").trim() || everyone;
  const body = new URLSearchParams({ grant_type: "client_credentials", client_id: appId, client_secret: secrets["password"] ?? "", scope });
  const asked = await fetch(`${loginUrl}/${encodeURIComponent(organisation)}/oauth2/v2.0/token`, {
    method: "POST",
    body,
    redirect: "error",
    signal: AbortSignal.timeout(deadlineMs),
  }).catch((error: unknown) => {
    throw new ChatFailure("unavailable", `Microsoft's sign-in was not reached (${error instanceof Error ? error.name : "unknown"}).`);
  });
  const told: unknown = await asked.json().catch(() => undefined);
  if (asked.status === 429) throw new ChatFailure("held", "Microsoft's sign-in asks to wait.", 5_000);
  if (asked.status >= 500) throw new ChatFailure("unavailable", `Microsoft's sign-in answered ${asked.status}.`);
  if (!asked.ok) {
    const refused = problem.safeParse(told).data;
    // What stands between here and Microsoft says nothing of the app.
    if (refused === undefined) throw new ChatFailure("unavailable", `Microsoft's sign-in answered ${asked.status}.`);
    const reason = refused.error.replace(/[^\w.-]/g, "").slice(0, 60);
    throw new ChatFailure("broken", `Microsoft gives no token for this app (${reason}): its id, secret or organisation doesn't count.`);
  }
  const { success, data } = answer.safeParse(told);
  if (!success) throw new ChatFailure("unavailable", "Microsoft's sign-in answered something else than a token.");
  return data;
}

function digestOf({ appId, secrets }: ChatApp): string {
  return createHash("sha256")
    .update(JSON.stringify([appId, secrets["organisation"], secrets["password"]]))
    .digest("base64");
}
