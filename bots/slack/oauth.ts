import { z } from "zod";
import { ChatFailure } from "../../src/channels/chatService.ts";
import type { ChannelReply, ChannelRequest } from "../../src/conversations/ledger/channel.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { addressesOf } from "./manifest.ts";
import type { SlackOutside } from "./slackOutside.ts";
import type { CallSlack } from "./webApi.ts";

const query = z.object({ app: z.string().max(100), state: z.string().min(1).max(2000), code: z.string().min(1).max(500) });
const token = z.looseObject({
  access_token: z.string().min(1),
  token_type: z.literal("bot"),
  bot_user_id: z.string().min(1),
  app_id: z.string(),
  team: z.looseObject({ id: z.string().min(1), name: z.string().default("") }),
});

/**
 * An admin comes back from Slack with a code, which becomes the workspace's token (OAuth 2, "oauth.v2.access"). Whose admin it is, the house knows by
 * the state. Refusals: `invalid_value`, `not_found`, `unavailable`, and what the house says.
 */
export async function installFrom(
  { house, publicUrl, call }: Pick<SlackOutside, "house" | "publicUrl"> & { call: CallSlack },
  request: ChannelRequest,
): Promise<ChannelReply> {
  if (request.query["error"] !== undefined)
    throw new Refusal("invalid_value", "The app was not allowed in Slack: nothing is connected. Begin again at the desk.", {
      path: "error",
    });
  const given = query.safeParse(request.query);
  if (!given.success) throw new Refusal("invalid_value", "Slack sent nobody back to here: begin at the desk.", { path: "state" });
  const { app: id, state, code } = given.data;
  const app = await house.app("slack", id);
  if (app === undefined) throw new Refusal("not_found", "There is no such app here any more: begin again at the desk.", { path: "app" });
  const answer = await call("", "oauth.v2.access", {
    client_id: app.secrets["clientId"] ?? "",
    client_secret: app.secrets["clientSecret"] ?? "",
    code,
    redirect_uri: addressesOf(publicUrl, app.id).oauth,
  }).catch((error: unknown) => {
    if (!(error instanceof ChatFailure)) throw error;
    if (error.kind === "refused" || error.kind === "broken")
      throw new Refusal("invalid_value", `Slack did not give a token: ${error.message} Begin again at the desk.`, { path: "code" });
    throw new Refusal("unavailable", "Slack could not be reached: begin again at the desk.", { retryAfterMs: 10_000, cause: error });
  });
  const got = token.safeParse(answer);
  if (!got.success)
    throw new Refusal("invalid_value", "The app has to be installed in one workspace, with a bot: paste the manifest of the desk.", {
      path: "code",
    });
  const { access_token, bot_user_id, app_id, team } = got.data;
  if (app.appId !== "" && app_id !== app.appId)
    throw new Refusal("invalid_value", "This is another app of Slack than the one whose secrets were given at the desk.", { path: "app" });
  await house.installed(app, { state, workspace: team.id, name: team.name, token: access_token, botUser: bot_user_id });
  return { status: 302, headers: { location: house.deskPage("settings/channels") } };
}
