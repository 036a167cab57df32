import { createPublicKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../../src/platform/clock/clock.ts";
import type { Log } from "../../src/platform/log/log.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import type { TeamsCloud } from "./cloud.ts";

export interface SigningKey {
  key: KeyObject;
  /** The channels for which it may sign. */
  endorsements: readonly string[];
}

/** How long a key counts since it was last told. */
const countsMs = 24 * 3_600_000;
/** Older ones are asked for anew while they still count. */
const freshMs = 12 * 3_600_000;
/** Whoever names keys that aren't there makes us ask no more often. */
const againMs = 5 * 60_000;
/** Where none count, each request would fail: then it is asked for again as soon as this. */
const urgentMs = 2_000;
const deadlineMs = 5_000;

const metadata = z.object({ jwks_uri: z.url() });
const keySet = z.object({
  keys: z.array(z.looseObject({ kid: z.string(), kty: z.string(), endorsements: z.array(z.string()).default([]) })).max(1000),
});

/** The Bot Framework's keys by their ids. Refusal `unavailable` where none are known that count: nothing is believed unverified. */
export function createSigningKeys({ clock, log, cloud }: { clock: Pick<Clock, "now">; log: Log; cloud: TeamsCloud }) {
  let known = new Map<string, SigningKey>();
  let toldAt = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  const ask = async () => {
    askedAt = clock.now();
    try {
      known = await askKeys(cloud);
      toldAt = clock.now();
    } catch (error) {
      log.warn({ err: error }, "the keys of the Bot Framework could not be read");
    }
  };
  const askOnce = () => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  return {
    find: async (id: string): Promise<SigningKey | undefined> => {
      const age = clock.now() - toldAt;
      const sinceAsked = clock.now() - askedAt;
      const wanted = age >= countsMs ? urgentMs : age >= freshMs || !known.has(id) ? againMs : Number.POSITIVE_INFINITY;
      if (asking !== undefined || sinceAsked >= wanted) await askOnce();
      if (clock.now() - toldAt >= countsMs) {
        throw new Refusal("unavailable", "The keys of the Bot Framework can't be read at the moment; send it again.", {
          retryAfterMs: urgentMs,
        });
      }
      return known.get(id);
    },
  };
}

export type SigningKeys = ReturnType<typeof createSigningKeys>;

async function askKeys(cloud: TeamsCloud): Promise<Map<string, SigningKey>> {
  const { jwks_uri } = metadata.parse(await askJson(cloud.openIdUrl));
  const { keys } = keySet.parse(await askJson(jwks_uri));
  const usable = keys.filter(({ kty }) => kty === "RSA");
  if (usable.length === 0) throw new Error("There is no RSA key among them.");
  return new Map(usable.map(({ kid, endorsements, ...jwk }) => [kid, { key: createPublicKey({ key: jwk, format: "jwk" }), endorsements }]));
}

async function askJson(address: string): Promise<unknown> {
  const answer = await fetch(address, { redirect: "error", signal: AbortSignal.timeout(deadlineMs) });
  if (!answer.ok) throw new Error(`It was answered with ${answer.status}.`);
  return await answer.json();
}
