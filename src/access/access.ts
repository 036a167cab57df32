import type { Platform } from "../platform/platform.ts";
import { deriveKeys, type Keys } from "./keys.ts";
import { createLiveSessions, type LiveSessions } from "./liveSessions.ts";
import { createPasswords, type HashCost, type Passwords } from "./passwords.ts";
import { createSignInThrottle, type SignInThrottle, unthrottled } from "./signInThrottle.ts";

/** What this room keeps while the process runs. Functions take the part that they use, beside their part of `Platform`. */
export interface Access {
  keys: Keys;
  passwords: Passwords;
  signInThrottle: SignInThrottle;
  liveSessions: LiveSessions;
}

/** `hashCost` is for tests, which can't wait 0.3 s for each sign-in. */
export function openAccess(platform: Platform, settings: { rootKey: string; limits: boolean; hashCost?: HashCost }): Access {
  return {
    keys: deriveKeys(settings.rootKey),
    passwords: createPasswords(settings.hashCost),
    signInThrottle: settings.limits ? createSignInThrottle() : unthrottled,
    liveSessions: createLiveSessions(platform),
  };
}
