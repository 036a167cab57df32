import { z } from "zod";
import { Refusal } from "../../protocol/refusal.ts";
import type { AccountOutside } from "../accounts/accountOutside.ts";
import { openSecret } from "../keys/sealSecret.ts";
import type { SessionGrant } from "../sessions/grant.ts";
import { hashOfToken } from "../sessions/opaqueToken.ts";
import { type StoredFlow, takeFlow } from "./flowStore.ts";
import type { Attempt } from "./provider.ts";

/** `register` makes an account where there is none; `link` adds a way in to the account of a session. */
export type FlowPurpose = "signIn" | "register" | "link";

/** Where the desk goes on: a place of its own and never an address (advisory 33). */
export const backs = ["desk", "account"] as const;
export type Back = (typeof backs)[number];

/** How long a person may take at the provider. */
export const flowMs = 10 * 60_000;

/** Of the configured address alone; one for each provider. */
export function redirectUriOf(publicUrl: string, place: string): string {
  return `${publicUrl}/desk/signed-in/${place}`;
}

export function flowSeal(place: string): string {
  return `sign-in flow ${place}`;
}

/** What came back, as the browser brings it. */
export interface FlowAnswer {
  /** Where it came back. */
  place: string;
  /** The query of the address, as the provider wrote it. */
  answer: string;
  browser: string | undefined;
}

export interface TakenFlow {
  flow: StoredFlow;
  purpose: FlowPurpose;
  back: Back;
  returned: URL;
  attempt: Attempt;
}

/** What came of it, and where the desk goes on. */
export type FlowOutcome =
  | { done: "signedIn"; back: Back; grant: SessionGrant }
  | { done: "linked"; back: Back }
  /** A mail says how it goes on. */
  | { done: "mailed"; back: Back };

const kept = z.object({ nonce: z.string(), verifier: z.string() });
const purposes: readonly FlowPurpose[] = ["signIn", "register", "link"];

/** What a way there and back that is false, used, late, or of another browser is told. */
export function badFlow(): Refusal {
  return new Refusal("invalid_value", "This sign-in was used already, took too long, or began in another browser: begin again.", {
    path: "answer",
  });
}

/** Finds the way that this answer ends, and uses it up whatever comes of it. Refusal `invalid_value` (`answer`). */
export async function endFlow(
  { database, clock, keys, publicUrl }: AccountOutside,
  { place, answer, browser }: FlowAnswer,
): Promise<TakenFlow> {
  const redirectUri = redirectUriOf(publicUrl, place);
  const returned = new URL(`${redirectUri}?${answer.replace(/^\?|#.*$/gs, "")}`);
  const [state, ...others] = returned.searchParams.getAll("state");
  if (state === undefined || others.length > 0 || browser === undefined) throw badFlow();
  const flow = await takeFlow(database.acrossTenants, hashOfToken(state), hashOfToken(browser));
  // An answer that came back to another provider's address is one that somebody mixed up (RFC 9700, 4.4).
  if (flow === undefined || flow.expiresAt.getTime() <= clock.now() || flow.place !== place) throw badFlow();
  const purpose = purposes.find((each) => each === flow.purpose);
  const { nonce, verifier } = kept.parse(JSON.parse(openSecret(keys, flowSeal(place), flow.sealed)));
  if (purpose === undefined) throw badFlow();
  return {
    flow,
    purpose,
    back: backs.find((each) => each === flow.back) ?? "desk",
    returned,
    attempt: { state, nonce, verifier, redirectUri, again: false },
  };
}
