import { randomPKCECodeVerifier } from "openid-client";
import { Refusal } from "../../protocol/refusal.ts";
import type { AccountOutside } from "../accounts/accountOutside.ts";
import { sealSecret } from "../keys/sealSecret.ts";
import type { Asked } from "../principal.ts";
import { networkOf } from "../sessions/networkOf.ts";
import { hashOfToken, newToken } from "../sessions/opaqueToken.ts";
import { tooMany } from "../sessions/throttle.ts";
import { type Back, type FlowPurpose, flowMs, flowSeal, redirectUriOf } from "./flow.ts";
import { insertFlow } from "./flowStore.ts";
import type { Provider } from "./provider.ts";

export interface NewFlow {
  provider: Provider;
  purpose: FlowPurpose;
  /** Where the desk goes on afterwards. */
  back: Back;
  /** Whose single sign-on it is. */
  tenant?: string | undefined;
  /** Who links it, and in which session. */
  by?: { account: string; session: string } | undefined;
  /** What this browser's cookie says, where it has one. */
  browser: string | undefined;
  again?: boolean;
}

/** Where the browser goes, and the cookie's value that it must come back with. */
export interface BegunFlow {
  address: string;
  browser: string;
}

/**
 * Begins one way to a provider and back: ten minutes, once, in this browser. The state is the provider's to bring back; what proves that the answer
 * is ours (nonce, PKCE verifier) stays here. Refusals: `rate_limited`, `unavailable`.
 */
export async function beginFlow(outside: AccountOutside, flow: NewFlow, asked: Asked): Promise<BegunFlow> {
  const { database, clock, keys, throttle, publicUrl } = outside;
  const waitMs = await throttle.consume([{ what: "sign-in flows", who: networkOf(asked.address), points: 60, periodMs: 300_000 }]);
  if (waitMs !== undefined) throw tooMany("Signing in was begun many times from here", waitMs);
  const { provider, purpose, back, tenant = null, by, again = false } = flow;
  const browser = /^[\w-]{43}$/.test(flow.browser ?? "") ? (flow.browser ?? "") : newToken();
  const [state, nonce, verifier] = [newToken(), newToken(), randomPKCECodeVerifier()];
  const redirectUri = redirectUriOf(publicUrl, provider.place);
  const address = await provider.addressOf({ state, nonce, verifier, redirectUri, again });
  await insertFlow(database.acrossTenants, hashOfToken(state), hashOfToken(browser), {
    place: provider.place,
    tenant,
    account: by?.account ?? null,
    session: by?.session ?? null,
    purpose,
    back,
    sealed: sealSecret(keys, flowSeal(provider.place), JSON.stringify({ nonce, verifier })),
    expiresAt: new Date(clock.now() + flowMs),
  });
  return { address: address.href, browser };
}

/** The provider of the installation that is meant. Refusal `not_found`. */
export function offeredProvider({ providers }: Pick<AccountOutside, "providers">, place: string): Provider {
  const provider = providers.find(place);
  if (provider === undefined) throw new Refusal("not_found", "Nobody signs in by this provider here.", { path: "provider" });
  return provider;
}
