import * as openId from "openid-client";
import { type ClientAuth, ClientSecretBasic, ClientSecretPost, type Configuration, type CustomFetch } from "openid-client";
import type { AskOutside } from "../../platform/outside/askOutside.ts";
import { type OutsideRules, outsideAddress } from "../../platform/outside/outsideAddress.ts";
import { refusalOfOpenId, untrusted } from "./openIdRefusals.ts";
import { type OpenIdSettings, type ProvidedIdentity, type Provider, readIdentity } from "./provider.ts";

/** What a provider says of itself and its keys is asked for again after so long. */
const knownMs = 10 * 60_000;

export interface OpenIdOutside {
  ask: AskOutside;
  rules: OutsideRules;
  deadlineMs: number;
  clock: { monotonic(): number };
}

/**
 * OpenID Connect: the code flow with PKCE (S256), state and nonce; the signature of the ID token is checked against the provider's keys. What is
 * configured is found by discovery, whose issuer must be the one that was asked.
 */
export function openIdProvider(
  { ask, rules, deadlineMs, clock }: OpenIdOutside,
  place: string,
  name: string,
  { issuer, clientId, clientSecret }: OpenIdSettings,
): Provider {
  let known: { at: number; configuration: Promise<Configuration> } | undefined;
  const configured = () => {
    if (known !== undefined && clock.monotonic() - known.at < knownMs) return known.configuration;
    const configuration = openId.discovery(new URL(issuer), clientId, clientSecret, clientAuthentication(clientSecret), {
      [openId.customFetch]: fetchBy(ask),
      timeout: deadlineMs / 1000,
      // Which addresses may be asked by HTTP is `ask`'s to say.
      execute: [openId.allowInsecureRequests, openId.enableNonRepudiationChecks],
    });
    known = { at: clock.monotonic(), configuration };
    configuration.catch(() => {
      known = undefined;
    });
    return configuration;
  };
  const told = (error: unknown) => refusalOfOpenId(error, name);

  return {
    place,
    name,
    addressOf: async ({ state, nonce, verifier, redirectUri, again }) => {
      try {
        const address = openId.buildAuthorizationUrl(await configured(), {
          redirect_uri: redirectUri,
          scope: "openid email profile",
          response_type: "code",
          state,
          nonce,
          code_challenge: await openId.calculatePKCECodeChallenge(verifier),
          code_challenge_method: "S256",
          ...(again ? { prompt: "login" } : {}),
        });
        // The browser is sent there: nothing but a page.
        return outsideAddress(address.href, rules);
      } catch (error) {
        throw told(error);
      }
    },
    identify: async (returned, { state, nonce, verifier }) => {
      try {
        const configuration = await configured();
        const tokens = await openId.authorizationCodeGrant(configuration, returned, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new Error("no ID token");
        // Many providers tell the address only where it is asked for.
        const asks = claims["email"] === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined;
        const more = asks ? await openId.fetchUserInfo(configuration, tokens.access_token, claims.sub) : {};
        return identityOf({ ...more, ...claims }, name);
      } catch (error) {
        throw told(error);
      }
    },
  };
}

function identityOf(claims: Readonly<Record<string, unknown>> & { iss: string; sub: string }, name: string): ProvidedIdentity {
  const identity = readIdentity({
    issuer: claims.iss,
    subject: claims.sub,
    email: claims["email"],
    // Some say it as a text.
    emailVerified: claims["email_verified"] === true || claims["email_verified"] === "true",
    name: claims["name"],
  });
  if (identity === undefined) throw untrusted(name, "it names nobody");
  return identity;
}

/** By the header, as the specification has it, unless the provider says that it takes the body only. */
function clientAuthentication(secret: string): ClientAuth {
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    const way = methods.includes("client_secret_basic") ? ClientSecretBasic(secret) : ClientSecretPost(secret);
    way(server, client, body, headers);
  };
}

function fetchBy(ask: AskOutside): CustomFetch {
  return async (url, { method, headers, body, signal }) =>
    await ask(url, { method, headers, signal, body: body === null || body === undefined ? undefined : String(body) });
}
