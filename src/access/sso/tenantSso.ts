import { outsideAddress } from "../../platform/outside/outsideAddress.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Access } from "../access.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { actorOf, audit } from "../audit/audit.ts";
import { openSecret, sealSecret } from "../keys/sealSecret.ts";
import type { AccountPrincipal } from "../principal.ts";
import type { Provider } from "../providers/provider.ts";
import { newToken } from "../sessions/opaqueToken.ts";
import { revokeSessions } from "../sessions/sessionStore.ts";
import {
  deleteOtherIdentities,
  deleteSso,
  findSso,
  findSsoTenant,
  type ProvenDomains,
  type SsoTenant,
  type StoredSso,
  saveProvenDomains,
  saveSso,
} from "./ssoStore.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock"> & Pick<Access, "keys" | "providers">;

/** A tenant's single sign-on as its owners see it: the secret is never shown again. */
export type SsoView = Omit<StoredSso, "sealed" | "changedAt"> & {
  /** Of the domains those that are proven to be the tenant's: their people are found by their mail addresses. */
  proven: string[];
  /** The TXT record that proves a domain: at `name` followed by the domain. */
  record: { name: string; text: string };
};

export interface SsoChange {
  issuer?: string;
  clientId?: string;
  clientSecret?: string;
  domains?: string;
  enforced?: boolean;
}

export async function readSso({ database }: Pick<Platform, "database">, tenant: string): Promise<SsoView | undefined> {
  const sso = await findSso(database.acrossTenants, tenant);
  return sso === undefined ? undefined : viewOf(sso);
}

/** Looks which of the domains have the record now, and keeps that. Refusals: `not_found`; `unavailable` where no name server answers. */
export async function proveDomains(outside: Pick<Outside, "database" | "providers">, by: AccountPrincipal): Promise<SsoView> {
  const { database, providers } = outside;
  const sql = database.acrossTenants;
  const sso = await findSso(sql, by.tenant);
  if (sso === undefined) throw none();
  const { record, domains } = viewOf(sso);
  const found = await Promise.all(domains.map(async (domain) => (await providers.textRecords(record.name + domain)).includes(record.text)));
  const proven = domains.filter((_, index) => found[index]);
  await sql.transaction(async (tx) => {
    await saveProvenDomains(tx, by.tenant, proven);
    await audit(tx, {
      tenant: by.tenant,
      actor: actorOf(by),
      action: "tenant.sso-prove",
      object: { kind: "tenant", id: by.tenant },
      detail: { proven },
    });
  });
  return viewOf({ ...sso, proven });
}

/**
 * Sets the tenant's single sign-on, or changes what is given; the provider is asked what it says of itself first. A secret is for the provider that
 * it was given with: another address needs it anew (advisory 61). Refusals: `invalid_value` (`issuer`, `client`, `secret`, `domains`).
 */
export async function setSso(outside: Outside, by: AccountPrincipal, change: SsoChange): Promise<SsoView> {
  const { database, bus, clock, keys } = outside;
  const before = await findSso(database.acrossTenants, by.tenant);
  const issuer = change.issuer === undefined ? missing(before?.issuer, "issuer") : checkedIssuer(outside, change.issuer);
  const clientId = missing(change.clientId?.trim() || before?.clientId, "client");
  const domains = change.domains === undefined ? missing(before?.domains, "domains") : checkedDomains(change.domains);
  const sameProvider = before !== undefined && originOf(before.issuer) === originOf(issuer);
  const clientSecret =
    change.clientSecret ?? missing(sameProvider ? openSecret(keys, sealOf(by.tenant, before.issuer), before.sealed) : undefined, "secret");
  await probe(outside, { issuer, clientId, clientSecret });
  const sso: StoredSso = {
    issuer,
    clientId,
    sealed: sealSecret(keys, sealOf(by.tenant, issuer), clientSecret),
    domains,
    enforced: change.enforced ?? before?.enforced ?? false,
    changedAt: new Date(clock.now()),
  };
  const found = await database.acrossTenants.transaction(async (tx) => {
    const saved = await saveSso(tx, by.tenant, sso);
    if (before !== undefined && before.issuer !== issuer) {
      await deleteOtherIdentities(tx, by.tenant, issuer);
      await revokeSessions(tx, { sso: by.tenant }, "identity_changed", new Date(clock.now()));
    }
    await audit(tx, {
      tenant: by.tenant,
      actor: actorOf(by),
      action: "tenant.sso-set",
      object: { kind: "tenant", id: by.tenant },
      detail: { issuer, clientId, domains, enforced: sso.enforced, secret: change.clientSecret === undefined ? "kept" : "changed" },
    });
    return saved;
  });
  announceAccessChange({ bus }, [by.tenant]);
  return viewOf({ ...sso, ...found });
}

/** Takes it away: whoever came by it is out, and chooses a password by mail. Refusal `not_found`. */
export async function removeSso({ database, bus, clock }: Outside, by: AccountPrincipal): Promise<void> {
  await database.acrossTenants.transaction(async (tx) => {
    const sso = await findSso(tx, by.tenant);
    if (sso === undefined) throw none();
    await deleteSso(tx, by.tenant);
    const sessions = await revokeSessions(tx, { sso: by.tenant }, "identity_changed", new Date(clock.now()));
    await audit(tx, {
      tenant: by.tenant,
      actor: actorOf(by),
      action: "tenant.sso-remove",
      object: { kind: "tenant", id: by.tenant },
      detail: { issuer: sso.issuer, sessionsEnded: sessions.length },
    });
  });
  announceAccessChange({ bus }, [by.tenant]);
}

/** A tenant's own provider, as it is set now; undefined where there is none. */
export async function providerOfTenant(
  { database, keys, providers }: Pick<Outside, "database" | "keys" | "providers">,
  id: string,
): Promise<{ provider: Provider; tenant: SsoTenant; sso: StoredSso } | undefined> {
  const sql = database.acrossTenants;
  const [tenant, sso] = [await findSsoTenant(sql, { id }), await findSso(sql, id)];
  if (tenant === undefined || sso === undefined) return undefined;
  const { issuer, clientId, sealed, changedAt } = sso;
  const settings = { issuer, clientId, clientSecret: openSecret(keys, sealOf(id, issuer), sealed) };
  return { provider: providers.ofTenant({ ...tenant, version: changedAt.toISOString() }, settings), tenant, sso };
}

/** For this tenant and this host alone. */
export function sealOf(tenant: string, issuer: string): string {
  return `single sign-on ${tenant} ${originOf(issuer)}`;
}

function viewOf({ issuer, clientId, domains, enforced, proven, domainToken }: StoredSso & ProvenDomains): SsoView {
  const record = { name: "_switchboard.", text: `switchboard-domain=${domainToken}` };
  return { issuer, clientId, domains, enforced, proven, record };
}

function none(): Refusal {
  return new Refusal("not_found", "There is no single sign-on here.");
}

function originOf(address: string): string {
  return new URL(address).origin;
}

function missing<Value>(value: Value | undefined, path: string): Value {
  if (value !== undefined) return value;
  const why =
    path === "secret" ? "The secret is needed: it is kept for the provider that it was given with alone." : `Write the ${path} too.`;
  throw new Refusal("invalid_value", why, { path });
}

function checkedIssuer({ providers }: Pick<Outside, "providers">, written: string): string {
  try {
    outsideAddress(written.trim(), providers.rules);
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal("invalid_value", error.message, { path: "issuer" });
    throw error;
  }
  return written.trim();
}

function checkedDomains(written: string): string[] {
  const domains = [...new Set(written.toLowerCase().split(/[\s,]+/))].filter((each) => each !== "");
  const wrong = domains.find(
    (domain) => !/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(domain),
  );
  if (wrong !== undefined || domains.length === 0 || domains.length > 20)
    throw new Refusal("invalid_value", "Write 1 to 20 domains of mail addresses, with commas between, like example.com.", {
      path: "domains",
    });
  return domains;
}

/** Whether the provider is there and says that it is the one that was named. */
async function probe({ providers }: Outside, settings: { issuer: string; clientId: string; clientSecret: string }): Promise<void> {
  const attempt = { state: newToken(), nonce: newToken(), verifier: newToken(), redirectUri: settings.issuer, again: false };
  try {
    await providers.ofTenant({ id: "probe", name: "The provider", version: newToken() }, settings).addressOf(attempt);
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal("invalid_value", error.message, { path: "issuer" });
    throw error;
  }
}
