import { createHmac } from "node:crypto";
import { z } from "zod";
import type { AskOutside } from "../../platform/outside/askOutside.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { type FacebookSettings, type Provider, readIdentity } from "./provider.ts";

/** The version of the Graph API whose answers are read here. */
const version = "v23.0";
const issuer = "https://www.facebook.com";
const name = "Facebook";

const tokenAnswer = z.object({ access_token: z.string().min(1) });
const personAnswer = z.object({ id: z.string().min(1), name: z.string().optional(), email: z.string().optional() });

/**
 * Facebook on the web is OAuth 2 and no OpenID Connect: a code for a token, and the token for who somebody is
 * (developers.facebook.com, "Manually Build a Login Flow"). It doesn't say whether an address was ever confirmed, so none counts as that.
 */
export function facebookProvider(ask: AskOutside, { clientId, clientSecret, dialogUrl, graphUrl }: FacebookSettings): Provider {
  /** The token goes in a header and the secret in a body, so that neither stands in anybody's log of addresses. */
  const asked = async <Answer>(schema: z.ZodType<Answer>, path: string, request: Parameters<AskOutside>[1]): Promise<Answer> => {
    const response = await ask(`${graphUrl}/${version}/${path}`, request).catch(() => {
      throw new Refusal("unavailable", `${name} doesn't answer at the moment; try again soon.`);
    });
    const answer = schema.safeParse(await response.json().catch(() => undefined));
    if (response.ok && answer.success) return answer.data;
    if (response.status === 400 || response.status === 401)
      throw new Refusal("invalid_credentials", `${name} doesn't know this sign-in: it was used already, or came too late. Begin again.`);
    throw new Refusal("unavailable", `${name} gave no proper answer; try again soon.`);
  };

  return {
    place: "facebook",
    name,
    addressOf: async ({ state, redirectUri, again }) => {
      const address = new URL(`${dialogUrl}/${version}/dialog/oauth`);
      const query = { client_id: clientId, redirect_uri: redirectUri, state, response_type: "code", scope: "public_profile,email" };
      address.search = new URLSearchParams({ ...query, ...(again ? { auth_type: "reauthenticate" } : {}) }).toString();
      return address;
    },
    identify: async (returned, { state, redirectUri }) => {
      const answer = returned.searchParams;
      if (answer.getAll("state").length !== 1 || answer.get("state") !== state)
        throw new Refusal("invalid_credentials", `The answer of ${name} can't be trusted: it was made for another sign-in. Begin again.`);
      if (answer.get("error") === "access_denied")
        throw new Refusal("forbidden", `You didn't let ${name} say who you are: nothing was done.`);
      const code = answer.get("code");
      if (code === null || answer.getAll("code").length !== 1) throw new Refusal("forbidden", `${name} didn't sign you in: begin again.`);
      const { access_token: token } = await asked(tokenAnswer, "oauth/access_token", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
        body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, redirect_uri: redirectUri, code }).toString(),
      });
      // Without the proof anybody's token that another app got would do ("Securing Graph API Requests").
      const proof = createHmac("sha256", clientSecret).update(token).digest("hex");
      const person = await asked(personAnswer, `me?fields=id,name,email&appsecret_proof=${proof}`, {
        method: "GET",
        headers: { authorization: `Bearer ${token}`, accept: "application/json" },
      });
      const identity = readIdentity({ issuer, subject: person.id, email: person.email, emailVerified: false, name: person.name });
      if (identity === undefined) throw new Refusal("unavailable", `${name} gave no proper answer; try again soon.`);
      return identity;
    },
  };
}
