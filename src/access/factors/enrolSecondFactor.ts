import type { Sql } from "../../platform/database/database.ts";
import { announceMail } from "../../platform/mail/outbox.ts";
import type { Platform } from "../../platform/platform.ts";
import type { EnrolmentAnswer, RecoveryCodesAnswer, SecondFactorAnswer } from "../../protocol/access.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Access } from "../access.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { tellOfEnrolment, tellOfNewCodes } from "../accounts/accountMails.ts";
import { actorOfSignedIn, audit } from "../audit/audit.ts";
import { unauthenticated } from "../authenticate.ts";
import { openSecret, sealSecret } from "../keys/sealSecret.ts";
import { requireNext } from "../sessions/nextStep.ts";
import { type EndedSession, revokeSessions, type SignedIn } from "../sessions/sessionStore.ts";
import { pendingMs, readFactorCode } from "./factorRules.ts";
import {
  confirmPending,
  findFactor,
  isOn,
  lockChallenge,
  lockFactor,
  replaceRecoveryCodes,
  savePending,
  saveShown,
} from "./factorStore.ts";
import { hashOfRecoveryCode, newRecoveryCodes, readRecoveryCode } from "./recoveryCodes.ts";
import { requireStepUp } from "./stepUp.ts";
import { newTimeCodeSecret, readTimeCode, timeCodeAddress } from "./timeCode.ts";
import { secretPurpose } from "./useFactor.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock" | "log"> & Pick<Access, "keys">;

/** Who knows the password alone must not put their own factor in the place of the one that they can't show. */
const possibleAt = ["none", "enrolSecondFactor"] as const;

/** How it stands. Refusal `forbidden` where something else comes first. */
export async function secondFactorOf({ database, clock }: Outside, signedIn: SignedIn): Promise<SecondFactorAnswer> {
  requireNext(signedIn.next, possibleAt);
  const factor = await findFactor(database.acrossTenants, signedIn.account);
  const on = isOn(factor, new Date(clock.now()));
  return {
    on,
    since: on ? (factor?.confirmedAt?.toISOString() ?? null) : null,
    recoveryCodesLeft: on ? (factor?.codesLeft ?? 0) : 0,
    ...signedIn.secondFactor,
    resetAt: on ? (factor?.resetAt?.toISOString() ?? null) : null,
  };
}

/** Begins to set up a second factor, or another one: what counts until now does so until the first code of the new one. Refusals: `forbidden`, `step_up_needed`. */
export async function beginEnrolment(outside: Outside, signedIn: SignedIn): Promise<EnrolmentAnswer> {
  const { database, clock, keys } = outside;
  requireNext(signedIn.next, possibleAt);
  await requireStepUp(outside, signedIn);
  const { account, email } = signedIn;
  const secret = newTimeCodeSecret();
  const now = clock.now();
  await savePending(database.acrossTenants, account, sealSecret(keys, secretPurpose(account), secret), new Date(now));
  return { secret, address: timeCodeAddress(secret, email), expiresAt: new Date(now + pendingMs).toISOString() };
}

/**
 * The first code puts the new second factor in force, and all other sessions of the account end. Answers the recovery codes, this once. Refusals:
 * `invalid_value` (`code`), `conflict` where nothing was begun or too long ago, `forbidden`.
 */
export async function confirmEnrolment(outside: Outside, signedIn: SignedIn, written: string): Promise<RecoveryCodesAnswer> {
  const { database, bus, log } = outside;
  requireNext(signedIn.next, possibleAt);
  const recoveryCodes = newRecoveryCodes();
  const ended = await database.acrossTenants.transaction((tx) => confirm(tx, outside, signedIn, written, recoveryCodes));
  announceAccessChange({ bus }, [signedIn.tenant?.id ?? null, ...ended.map(({ tenant }) => tenant)]);
  announceMail({ bus });
  log.info({ account: signedIn.account, sessionsEnded: ended.length }, "second factor enrolled");
  return { recoveryCodes };
}

async function confirm(
  tx: Sql,
  { keys, clock }: Outside,
  signedIn: SignedIn,
  written: string,
  recoveryCodes: readonly string[],
): Promise<EndedSession[]> {
  const { account, session, tenant } = signedIn;
  const now = new Date(clock.now());
  if ((await lockChallenge(tx, session)) === undefined) throw unauthenticated();
  const factor = await lockFactor(tx, account);
  if (!factor?.pending || factor.pendingAt === null || factor.pendingAt.getTime() + pendingMs <= now.getTime()) {
    throw new Refusal("conflict", "No second factor is being set up, or it was begun too long ago; begin again.");
  }
  const code = readFactorCode(written);
  const secret = openSecret(keys, secretPurpose(account), factor.pending);
  const read = code?.kind === "time" ? readTimeCode(secret, code.code, now.getTime(), 0) : undefined;
  if (read === undefined) {
    throw new Refusal("invalid_value", "The code is not right; write the 6 digits that your authenticator shows now.", { path: "code" });
  }
  const replaced = isOn(factor, now);
  await confirmPending(tx, account, read.step, now);
  await saveCodes(tx, account, recoveryCodes);
  await saveShown(tx, session, now);
  const ended = await revokeSessions(tx, { account, except: session }, "second_factor_changed", now);
  await tellOfEnrolment(tx, keys, signedIn.email, replaced);
  await audit(tx, {
    tenant: tenant?.id,
    actor: actorOfSignedIn(signedIn),
    action: replaced ? "factor.replace" : "factor.enrol",
    object: { kind: "account", id: account },
    detail: { sessionsEnded: ended.length },
  });
  return ended;
}

/** Ten new ones in the place of those before. Refusals: `forbidden`, `step_up_needed`, `conflict` without a second factor. */
export async function renewRecoveryCodes(outside: Outside, signedIn: SignedIn): Promise<RecoveryCodesAnswer> {
  const { database, bus, clock, keys } = outside;
  requireNext(signedIn.next, ["none"]);
  await requireStepUp(outside, signedIn);
  const { account, tenant } = signedIn;
  const recoveryCodes = newRecoveryCodes();
  const now = new Date(clock.now());
  await database.acrossTenants.transaction(async (tx) => {
    if (!isOn(await lockFactor(tx, account), now)) throw new Refusal("conflict", "Set up a second factor first.");
    await saveCodes(tx, account, recoveryCodes);
    await tellOfNewCodes(tx, keys, signedIn.email);
    await audit(tx, {
      tenant: tenant?.id,
      actor: actorOfSignedIn(signedIn),
      action: "factor.renew-codes",
      object: { kind: "account", id: account },
    });
  });
  announceMail({ bus });
  return { recoveryCodes };
}

async function saveCodes(tx: Sql, account: string, codes: readonly string[]): Promise<void> {
  const hashes = codes.flatMap((code) => readRecoveryCode(code) ?? []).map(hashOfRecoveryCode);
  await replaceRecoveryCodes(tx, account, hashes);
}
