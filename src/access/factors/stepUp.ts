import type { Sql } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import type { StepUpAnswer } from "../../protocol/access.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Access } from "../access.ts";
import { tellOfRecovery } from "../accounts/accountMails.ts";
import { findPasswordHash } from "../accounts/accountStore.ts";
import { actorOfSignedIn, audit } from "../audit/audit.ts";
import { unauthenticated } from "../authenticate.ts";
import { identitiesOf } from "../providers/identityStore.ts";
import { requireNext } from "../sessions/nextStep.ts";
import type { SignedIn } from "../sessions/sessionStore.ts";
import { stepUpMs } from "./factorRules.ts";
import { findFactor, isOn, lockChallenge, saveSteppedUp } from "./factorStore.ts";
import { findFreshness } from "./stepUpStore.ts";
import { type FactorUse, refusalOfCode, useFactor } from "./useFactor.ts";

/**
 * To be asked before what a session that was left open must not be enough for: mail, password and factor change, role change, secrets, exports,
 * erasure (auth.md; ASVS 7.5.1, 7.5.3). Signing in counts as well, for as long. Refusal `step_up_needed`: the desk then asks for password and
 * code, says them by `stepUp`, and repeats what it did.
 */
export async function requireStepUp(
  { database, clock }: Pick<Platform, "database" | "clock">,
  { session, saidAt }: { session: string; saidAt?: number },
): Promise<void> {
  const said = saidAt ?? (await findFreshness(database.acrossTenants, session, new Date(clock.now())))?.getTime();
  if (said !== undefined && said + stepUpMs > clock.now()) return;
  throw stepUpNeeded();
}

export function stepUpNeeded(): Refusal {
  return new Refusal(
    "step_up_needed",
    "Say again who you are: this needs your password, and the code of your second factor where you have one.",
  );
}

type Outside = Pick<Platform, "database" | "clock" | "log"> & Pick<Access, "keys" | "passwords" | "signInThrottle">;

/**
 * Says again who one is, by the password and, where there is a second factor, its code; by the code alone who has no password, or by signing in
 * once more, which counts as well. Refusals: `invalid_value` (`password`, `code`), `rate_limited`, `forbidden`, `unavailable`.
 */
export async function stepUp(outside: Outside, signedIn: SignedIn, { password, code }: StepUp): Promise<StepUpAnswer> {
  const { database, clock, log, passwords, signInThrottle } = outside;
  requireNext(signedIn.next, ["none", "enrolSecondFactor"]);
  const factor = await findFactor(database.acrossTenants, signedIn.account);
  if (isOn(factor, new Date(clock.now())) && code === undefined) {
    throw new Refusal("invalid_value", "Write the code that your authenticator shows now.", { path: "code" });
  }
  const hash = await findPasswordHash(database, signedIn.account);
  const byProvider = hash === undefined && (await identitiesOf(database.acrossTenants, signedIn.account)).length > 0;
  if (byProvider && !isOn(factor, new Date(clock.now()))) throw noPassword();
  if (!byProvider) {
    const { succeeded } = await signInThrottle.admit({ email: signedIn.email });
    if (password === undefined || (await passwords.matches(hash, password)) !== true)
      throw new Refusal("invalid_value", "The password is not right.", { path: "password" });
    await succeeded();
  }
  const use = await database.acrossTenants.transaction((tx) => say(tx, outside, signedIn, { code, byProvider }));
  if (use !== undefined && use.outcome !== "right") throw refusalOfCode(use);
  log.info({ account: signedIn.account, session: signedIn.session }, "stepped up");
  return { until: new Date(clock.now() + stepUpMs).toISOString() };
}

interface StepUp {
  password?: string | undefined;
  code?: string | undefined;
}

function noPassword(): Refusal {
  return new Refusal("invalid_value", "Your account has no password: sign in once more by your provider.", { path: "password" });
}

async function say(
  tx: Sql,
  { keys, clock }: Outside,
  signedIn: SignedIn,
  { code, byProvider }: { code: string | undefined; byProvider: boolean },
): Promise<FactorUse | undefined> {
  const { account, session, tenant } = signedIn;
  if ((await lockChallenge(tx, session)) === undefined) throw unauthenticated();
  // Without a factor no code is looked at; who set one up in this moment is refused for the code that is missing.
  const use = await useFactor(tx, keys, { account, written: code ?? "", nowMs: clock.now() });
  if (use === undefined && byProvider) throw noPassword();
  if (use !== undefined && use.outcome !== "right" && use.outcome !== "wrong") return use;
  const right = use === undefined || use.outcome === "right";
  if (use?.outcome === "right" && use.by === "recovery") await tellOfRecovery(tx, keys, signedIn.email, use.codesLeft);
  if (right) await saveSteppedUp(tx, session, new Date(clock.now()));
  await audit(tx, {
    tenant: tenant?.id,
    actor: actorOfSignedIn(signedIn),
    action: right ? "session.step-up" : "factor.refuse",
    object: right ? { kind: "session", id: session } : { kind: "account", id: account },
    ...(use?.outcome === "wrong" ? { detail: { failures: use.failures } } : {}),
  });
  return use;
}
