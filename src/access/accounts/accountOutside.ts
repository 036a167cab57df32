import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Access } from "../access.ts";
import { type Allowance, tooMany } from "../sessions/throttle.ts";

/** What the verbs of an account need. */
export interface AccountOutside
  extends Pick<Platform, "database" | "bus" | "clock" | "log">,
    Pick<Access, "keys" | "passwords" | "throttle" | "signInThrottle" | "providers"> {
  /** The base of every mailed link: configured, never taken from a request. */
  publicUrl: string;
  /** Why no mail goes out here; undefined where it does. */
  mailOff: string | undefined;
}

const hourMs = 3_600_000;

/** What is answered by mail can't be done without. Refusal `unavailable`. */
export function needMail({ mailOff }: Pick<AccountOutside, "mailOff">): void {
  if (mailOff !== undefined) throw new Refusal("unavailable", mailOff);
}

/** auth.md: 10 mails an hour that one network has sent. Refusal `rate_limited`. */
export async function limitMails({ throttle }: Pick<AccountOutside, "throttle">, network: string): Promise<void> {
  const waitMs = await throttle.consume([{ what: "account mails", who: network, points: 10, periodMs: hourMs }]);
  if (waitMs !== undefined) throw tooMany("Too many mails were asked for from here", waitMs);
}

/** auth.md: 3 an hour of one kind to one account. */
export function mailsOfAccount(what: string, account: string): Allowance {
  return { what: `account mail ${what}`, who: account, points: 3, periodMs: hourMs };
}
