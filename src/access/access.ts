import type { Platform } from "../platform/platform.ts";
import { createPasswords, type HashCost, type Passwords } from "./accounts/passwords.ts";
import { deriveKeys, type Keys } from "./keys/keys.ts";
import { createProviders, type Providers } from "./providers/providers.ts";
import { createLiveSessions, type LiveSessions } from "./sessions/liveSessions.ts";
import { createSignInThrottle, type SignInThrottle, unthrottled } from "./sessions/signInThrottle.ts";
import { countsNothing, createThrottle, type Throttle } from "./sessions/throttle.ts";

/** What this room keeps while the process runs. Functions take the part that they use, beside their part of `Platform`. */
export interface Access {
  keys: Keys;
  passwords: Passwords;
  signInThrottle: SignInThrottle;
  throttle: Throttle;
  liveSessions: LiveSessions;
  providers: Providers;
}

/** `hashCost` is for tests, which can't wait 0.3 s for each sign-in. */
export function openAccess(
  platform: Platform,
  settings: {
    rootKey: string;
    oldRootKey?: string | undefined;
    limits: boolean;
    hashCost?: HashCost | undefined;
    providers?: Parameters<typeof createProviders>[1];
  },
): Access {
  const keys = deriveKeys(settings.rootKey, settings.oldRootKey);
  const counting = { ...platform, keys };
  return {
    keys,
    passwords: createPasswords(settings.hashCost),
    signInThrottle: settings.limits ? createSignInThrottle(counting) : unthrottled,
    throttle: settings.limits ? createThrottle(counting) : countsNothing,
    liveSessions: createLiveSessions(platform),
    providers: createProviders(platform, settings.providers),
  };
}
