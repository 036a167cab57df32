import type { NextStep } from "../../protocol/access.ts";
import { Refusal } from "../../protocol/refusal.ts";

/** What is known about a session and its account that may stand before everything else. */
export interface Standing {
  /** Whether the account must choose a password of its own first. */
  passwordDue: boolean;
  emailVerified: boolean;
  /** Whether this session still has to show the second factor that the account has. */
  secondFactorDue: boolean;
  /** Whether the account must enrol a second factor now. */
  enrolmentDue: boolean;
}

/** The one rule of what comes next, in the order in which it is asked for. */
export function nextStep({ passwordDue, emailVerified, secondFactorDue, enrolmentDue }: Standing): NextStep {
  if (passwordDue) return "setPassword";
  if (!emailVerified) return "verifyEmail";
  if (secondFactorDue) return "secondFactor";
  return enrolmentDue ? "enrolSecondFactor" : "none";
}

const sentences: Record<NextStep, string> = {
  none: "Choose a tenant first, or make one of your own.",
  secondFactor: "Show your second factor first.",
  enrolSecondFactor: "Set up a second factor first.",
  verifyEmail: "Confirm your mail address first: open the link that was mailed to you.",
  setPassword: "Choose a password first.",
};

/** What a session is told that must do something else first. */
export function notYet(next: NextStep): Refusal {
  return new Refusal("forbidden", sentences[next]);
}

/** Refusal `forbidden` where something else comes before what is done only with one of these as the next step. */
export function requireNext(next: NextStep, possible: readonly NextStep[]): void {
  if (!possible.includes(next)) throw notYet(next);
}
