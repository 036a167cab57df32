import { announceMail } from "../../platform/mail/outbox.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { announceAccessChange } from "../accessChanges.ts";
import type { AccountOutside } from "../accounts/accountOutside.ts";
import { findAccount, findToSignIn } from "../accounts/accountStore.ts";
import { audit } from "../audit/audit.ts";
import type { Asked } from "../principal.ts";
import { beginSession, placesOf } from "../sessions/beginSession.ts";
import type { SessionGrant } from "../sessions/grant.ts";
import { deactivated, foldEmail } from "../sessions/signIn.ts";
import { answerSso } from "../sso/answerSso.ts";
import { offeredProvider } from "./beginFlow.ts";
import { endFlow, type FlowAnswer, type FlowOutcome, type TakenFlow } from "./flow.ts";
import { identify } from "./identify.ts";
import { findAccountOf, touchIdentity } from "./identityStore.ts";
import { linkToSession } from "./linkIdentity.ts";
import type { ProvidedIdentity, Provider } from "./provider.ts";
import { mailProof, registerBy, takeOver } from "./registerBy.ts";

/**
 * What the browser brings back from a provider. Refusals: `invalid_value` (`answer`) where it is none of ours, was used, is late or of another
 * browser; `forbidden` where they said no at the provider, or are deactivated; `invalid_credentials` where it can't be trusted; `not_found` where
 * nobody has linked this provider's account; `conflict` where the address has an account that is not linked; `unavailable`.
 */
export async function answerFlow(
  outside: AccountOutside,
  answer: FlowAnswer,
  { userAgent, ...asked }: Asked & { userAgent: string },
): Promise<FlowOutcome> {
  const taken = await endFlow(outside, answer);
  return await outcomeOf(outside, taken, { ...asked, userAgent }).catch(async (error: unknown) => {
    if (error instanceof Refusal) await auditRefusal(outside, taken, asked, error);
    throw error;
  });
}

/** In the chain of the tenant whose single sign-on it was, or of the installation. What the provider wrote is not kept. */
async function auditRefusal({ database }: AccountOutside, { flow }: TakenFlow, asked: Asked, { code }: Refusal): Promise<void> {
  await database.acrossTenants.transaction(async (tx) => {
    const actor = { kind: "nobody", ...asked } as const;
    const by = flow.tenant === null ? flow.place : "sso";
    await audit(tx, { tenant: flow.tenant ?? undefined, actor, action: "session.refuse", detail: { by, error: code } });
  });
}

async function outcomeOf(
  outside: AccountOutside,
  taken: TakenFlow,
  { userAgent, ...asked }: Asked & { userAgent: string },
): Promise<FlowOutcome> {
  const { back, purpose, flow } = taken;
  if (flow.tenant !== null) return await answerSso(outside, taken, flow.tenant, { ...asked, userAgent });
  const provider = offeredProvider(outside, flow.place);
  const identity = await identify(outside, provider, taken);
  if (purpose === "link") {
    await linkToSession(outside, flow, provider, identity, asked);
    return { done: "linked", back };
  }
  const account = await accountFor(outside, provider, identity, purpose === "register", asked);
  if (account === "mailed") return { done: "mailed", back };
  const grant = await enter(outside, account, { ...asked, userAgent, by: provider.place });
  return { done: "signedIn", back, grant };
}

interface Known {
  id: string;
  name: string;
  email: string;
}

/** Whose account it is: found by issuer and subject alone. What the provider says of the address only ever leads to a proof of it. */
async function accountFor(
  outside: AccountOutside,
  provider: Provider,
  identity: ProvidedIdentity,
  register: boolean,
  asked: Asked,
): Promise<Known | "mailed"> {
  const { database, clock } = outside;
  const sql = database.acrossTenants;
  const key = { tenant: null, ...identity };
  const linked = await findAccountOf(sql, key);
  if (linked !== undefined) {
    const account = await findAccount(sql, linked);
    if (account === undefined || !account.active) throw deactivated();
    // A tenant's single sign-on made it, and is its only way in (advisory 23).
    if (account.ssoTenant !== null) throw new Refusal("forbidden", "This account signs in by its workspace's single sign-on only.");
    await touchIdentity(sql, key, new Date(clock.now()));
    return account;
  }
  const email = identity.email === undefined ? undefined : foldEmail(identity.email);
  const holder = email === undefined || !identity.emailVerified ? null : await findToSignIn(database, email);
  if (email !== undefined && holder !== null) {
    const proved = await takeOver(outside, provider, { ...identity, email }, asked);
    if (proved !== undefined) {
      announceMail(outside);
      announceAccessChange(outside, proved.tenants);
      return proved.account;
    }
    throw new Refusal(
      "conflict",
      `${email} has an account already. Sign in as you always do, and link ${provider.name} in the settings of your account.`,
    );
  }
  if (!register)
    throw new Refusal(
      "not_found",
      `No account is linked with this one of ${provider.name}: create one, or sign in and link it in your settings.`,
    );
  if (email === undefined)
    throw new Refusal("conflict", `${provider.name} tells no mail address of yours: create an account with your address and a password.`);
  if (!identity.emailVerified) {
    await mailProof(outside, provider, { ...identity, email }, asked);
    return "mailed";
  }
  return await registerBy(outside, provider, { ...identity, email }, asked);
}

async function enter(
  outside: AccountOutside,
  account: Known,
  from: { address: string; userAgent: string; requestId: string; by: string },
): Promise<SessionGrant> {
  const found = await placesOf(outside, account.id, null);
  if (found.kind === "none") throw deactivated();
  if (found.kind === "ssoOnly")
    throw new Refusal("forbidden", `${found.tenant.name} signs people in by its single sign-on only: use that.`);
  return await beginSession(outside, account, found.places, { ...from, sso: null });
}
