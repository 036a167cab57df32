import type { Sql } from "../../platform/database/database.ts";
import { announceMail } from "../../platform/mail/outbox.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Access } from "../access.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { tellOfRecovery } from "../accounts/accountMails.ts";
import { actorOfSignedIn, audit } from "../audit/audit.ts";
import { revokeSessions, type SignedIn } from "../sessions/sessionStore.ts";
import { challenge } from "./factorRules.ts";
import { lockChallenge, saveShown, saveTries } from "./factorStore.ts";
import { type FactorUse, refusalOfCode, useFactor } from "./useFactor.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock" | "log"> & Pick<Access, "keys">;

type Shown = FactorUse | { outcome: "over" } | { outcome: "nothing due" };

/**
 * The second half of a sign-in: the code of the authenticator, or a recovery code. The session is the challenge (ASVS 6.6.3): it was begun by the
 * first factor of this account, has 5 minutes and 5 tries for this, and ends with them. Refusals: `invalid_value` (`code`), `rate_limited`,
 * `forbidden` where codes count no more, `unauthenticated` where the session is over, `conflict` where none is due.
 */
export async function showSecondFactor(outside: Outside, signedIn: SignedIn, written: string): Promise<void> {
  const { database, bus, log } = outside;
  if (signedIn.next !== "secondFactor") throw notDue();
  const shown = await database.acrossTenants.transaction((tx) => show(tx, outside, signedIn, written));
  if (shown.outcome === "right") {
    announceAccessChange({ bus }, [signedIn.tenant?.id ?? null]);
    if (shown.by === "recovery") announceMail({ bus });
    log.info({ account: signedIn.account, session: signedIn.session, by: shown.by }, "second factor shown");
    return;
  }
  log.info({ account: signedIn.account, session: signedIn.session, outcome: shown.outcome }, "second factor refused");
  if (shown.outcome === "nothing due") throw notDue();
  if (shown.outcome === "over") {
    announceAccessChange({ bus }, [signedIn.tenant?.id ?? null]);
    throw new Refusal("unauthenticated", `There were ${challenge.tries} wrong codes; sign in again.`);
  }
  throw refusalOfCode(shown);
}

async function show(tx: Sql, { keys, clock }: Outside, signedIn: SignedIn, written: string): Promise<Shown> {
  const { account, session } = signedIn;
  const now = new Date(clock.now());
  const begun = await lockChallenge(tx, session);
  if (begun === undefined) return { outcome: "over" };
  if (begun.factorAt !== null) return { outcome: "nothing due" };
  const use = await useFactor(tx, keys, { account, written, nowMs: clock.now() });
  if (use === undefined) return { outcome: "nothing due" };
  const record = { tenant: signedIn.tenant?.id, actor: actorOfSignedIn(signedIn), object: { kind: "account", id: account } };
  if (use.outcome === "right") {
    await saveShown(tx, session, now);
    if (use.by === "recovery") await tellOfRecovery(tx, keys, signedIn.email, use.codesLeft);
    await audit(tx, { ...record, action: "factor.show", detail: { by: use.by } });
    return use;
  }
  if (use.outcome !== "wrong") return use;
  const tries = begun.factorTries + 1;
  await saveTries(tx, session, tries);
  const over = tries >= challenge.tries;
  if (over) await revokeSessions(tx, { session }, "second_factor_refused", now);
  await audit(tx, { ...record, action: "factor.refuse", detail: { failures: use.failures } });
  return over ? { outcome: "over" } : use;
}

function notDue(): Refusal {
  return new Refusal("conflict", "This session asks for no second factor now.");
}
