import { announceMail } from "../../platform/mail/outbox.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { AccountOutside } from "../accounts/accountOutside.ts";
import { findAccount, lockAccount } from "../accounts/accountStore.ts";
import { actorOfSignedIn, audit } from "../audit/audit.ts";
import { unauthenticated } from "../authenticate.ts";
import { requireStepUp } from "../factors/stepUp.ts";
import type { Asked } from "../principal.ts";
import { findLiveSessions, type SignedIn } from "../sessions/sessionStore.ts";
import { type BegunFlow, beginFlow, offeredProvider } from "./beginFlow.ts";
import { badFlow } from "./flow.ts";
import type { StoredFlow } from "./flowStore.ts";
import { tellOfLink, tellOfUnlink } from "./identityNotices.ts";
import { deleteIdentity, identitiesOf, insertIdentity } from "./identityStore.ts";
import type { ProvidedIdentity, Provider } from "./provider.ts";

/** One way in to one's account beside the password. */
export interface OwnIdentity {
  id: string;
  /** As its button says it. */
  name: string;
  provider: string;
  email: string | null;
  linkedAt: Date;
  usedAt: Date | null;
}

/** The ways in to one's own account. */
export async function readWaysIn(
  { database, providers }: Pick<AccountOutside, "database" | "providers">,
  by: SignedIn,
): Promise<{ password: boolean; identities: OwnIdentity[] }> {
  const [account, identities] = await Promise.all([
    findAccount(database.acrossTenants, by.account),
    identitiesOf(database.acrossTenants, by.account),
  ]);
  return {
    password: account?.passwordHash != null,
    identities: identities.map(({ id, provider, email, createdAt, usedAt }) => ({
      id,
      name: providers.find(provider)?.name ?? nameless(provider),
      provider,
      email,
      linkedAt: createdAt,
      usedAt,
    })),
  };
}

/** Begins to link. Refusals: `step_up_needed`, `forbidden`, `not_found`, `rate_limited`, `unavailable`. */
export async function beginLink(
  outside: AccountOutside,
  by: SignedIn,
  { place, browser }: { place: string; browser: string | undefined },
  asked: Asked,
): Promise<BegunFlow> {
  await requireStepUp(outside, by);
  const provider = offeredProvider(outside, place);
  const account = await findAccount(outside.database.acrossTenants, by.account);
  if (account === undefined) throw unauthenticated();
  if (account.ssoTenant !== null)
    throw new Refusal("forbidden", "Your account signs in by your workspace's single sign-on only; no other way can be added.");
  if (!account.verified) throw new Refusal("forbidden", "Confirm your mail address first: open the link that was mailed to you.");
  return await beginFlow(outside, { provider, purpose: "link", back: "account", by, browser }, asked);
}

/** Links what came back with the account whose session began it, which must still count. Refusals: `invalid_value` (`answer`), `conflict`. */
export async function linkToSession(
  { database, bus, clock, keys }: AccountOutside,
  { account: id, session }: StoredFlow,
  provider: Provider,
  identity: ProvidedIdentity,
  asked: Asked,
): Promise<void> {
  const now = new Date(clock.now());
  const [live] = session === null ? [] : await findLiveSessions(database.acrossTenants, [session], now);
  if (live === undefined || live.signedIn.account !== id) throw badFlow();
  await database.acrossTenants.transaction(async (tx) => {
    const account = await lockAccount(tx, { id });
    if (account === undefined || account.ssoTenant !== null) throw badFlow();
    const linked = await insertIdentity(tx, {
      ...identity,
      account: id,
      tenant: null,
      provider: provider.place,
      email: identity.email ?? null,
      now,
    });
    if (!linked)
      throw new Refusal(
        "conflict",
        `This account of ${provider.name} is linked already, or your account is linked with another one of it.`,
      );
    await tellOfLink(tx, keys, account.email, provider.name);
    await audit(tx, {
      tenant: live.signedIn.tenant?.id,
      actor: { kind: "account", id, name: account.name, ...asked },
      action: "account.identity.link",
      object: { kind: "account", id, name: account.name },
      detail: { provider: provider.place },
    });
  });
  announceMail({ bus });
}

/** Takes one way in away. Refusals: `step_up_needed`, `not_found` for another's as for none, `conflict` for the last way in. */
export async function unlinkIdentity(outside: AccountOutside, by: SignedIn, id: string): Promise<void> {
  const { database, bus, keys, providers } = outside;
  await requireStepUp(outside, by);
  await database.acrossTenants.transaction(async (tx) => {
    const account = await lockAccount(tx, { id: by.account });
    if (account === undefined) throw unauthenticated();
    const all = await identitiesOf(tx, by.account);
    const meant = all.find((each) => each.id === id);
    if (meant === undefined) throw new Refusal("not_found", "There is no such way in to your account.");
    if (account.passwordHash === null && all.length === 1)
      throw new Refusal("conflict", "This is the only way in to your account: choose a password, or link another provider, first.");
    await deleteIdentity(tx, by.account, id);
    await tellOfUnlink(tx, keys, account.email, providers.find(meant.provider)?.name ?? nameless(meant.provider));
    await audit(tx, {
      tenant: by.tenant?.id,
      actor: actorOfSignedIn(by),
      action: "account.identity.unlink",
      object: { kind: "account", id: account.id, name: account.name },
      detail: { provider: meant.provider },
    });
  });
  announceMail({ bus });
}

/** A provider that isn't offered here any more. */
function nameless(provider: string): string {
  return provider === "sso" ? "single sign-on" : provider;
}
