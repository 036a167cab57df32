import type { Sql } from "../../platform/database/database.ts";

export interface StoredSso {
  issuer: string;
  clientId: string;
  sealed: string;
  domains: string[];
  enforced: boolean;
  changedAt: Date;
}

/** What is found out about the domains, and not set. */
export interface ProvenDomains {
  /** What the domains' TXT records must say. */
  domainToken: string;
  /** Of the domains those whose record said so. */
  proven: string[];
}

export interface SsoTenant {
  id: string;
  name: string;
}

/** The key of tenant_sso. */
export async function findSso(sql: Sql, tenant: string): Promise<(StoredSso & ProvenDomains) | undefined> {
  const [sso] = await sql.query<StoredSso & ProvenDomains & Record<string, unknown>>(
    `select issuer, client_id as "clientId", sealed, domains, enforced, changed_at as "changedAt", domain_token as "domainToken",
            proven_domains as proven from tenant_sso where tenant_id = $1`,
    [tenant],
  );
  return sso;
}

/** A domain that is taken away and named again is to be proven again. */
export async function saveSso(tx: Sql, tenant: string, sso: StoredSso): Promise<ProvenDomains> {
  const [found] = await tx.query<ProvenDomains & Record<string, unknown>>(
    `insert into tenant_sso (tenant_id, issuer, client_id, sealed, domains, enforced, changed_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (tenant_id) do update set issuer = $2, client_id = $3, sealed = $4, domains = $5, enforced = $6, changed_at = $7,
            proven_domains = array(select unnest(tenant_sso.proven_domains) intersect select unnest($5::text[]))
     returning domain_token as "domainToken", proven_domains as proven`,
    [tenant, sso.issuer, sso.clientId, sso.sealed, sso.domains, sso.enforced, sso.changedAt],
  );
  if (found === undefined) throw new Error("a row that was written is not there");
  return found;
}

export async function saveProvenDomains(tx: Sql, tenant: string, proven: readonly string[]): Promise<void> {
  await tx.query("update tenant_sso set proven_domains = $2 where tenant_id = $1", [tenant, proven]);
}

/** Takes it away; the accounts that it made may choose a password. Index account_identity_subject. */
export async function deleteSso(tx: Sql, tenant: string): Promise<void> {
  await tx.query("delete from tenant_sso where tenant_id = $1", [tenant]);
  await tx.query("delete from account_identity where tenant_id = $1", [tenant]);
  await tx.query("update account set sso_tenant_id = null where sso_tenant_id = $1", [tenant]);
}

/** What the provider before said of people counts no more. */
export async function deleteOtherIdentities(tx: Sql, tenant: string, issuer: string): Promise<void> {
  await tx.query("delete from account_identity where tenant_id = $1 and issuer <> $2", [tenant, issuer]);
}

/** An active tenant that has its own provider. */
export async function findSsoTenant(sql: Sql, by: { slug: string } | { id: string }): Promise<SsoTenant | undefined> {
  const [column, value] = "slug" in by ? ["slug", by.slug] : ["id", by.id];
  const [tenant] = await sql.query<SsoTenant & Record<string, unknown>>(
    `select t.id, t.name from tenant t join tenant_sso s on s.tenant_id = t.id where t.${column} = $1 and t.active`,
    [value],
  );
  return tenant;
}

/** Those that let people of this domain in, and have proven that it is theirs: nobody draws the people of a domain to a provider of their own. */
export async function findSsoTenantsOf(sql: Sql, domain: string): Promise<SsoTenant[]> {
  return await sql.query<SsoTenant & Record<string, unknown>>(
    `select t.id, t.name from tenant_sso s join tenant t on t.id = s.tenant_id and t.active
      where $1 = any(s.proven_domains)`,
    [domain],
  );
}

export async function isMember(sql: Sql, tenant: string, account: string): Promise<boolean> {
  return (await sql.query("select 1 from membership where tenant_id = $1 and account_id = $2 and active", [tenant, account])).length > 0;
}

export async function listSsoSealedOtherwise(sql: Sql, keyId: string): Promise<{ tenant: string; issuer: string; sealed: string }[]> {
  return await sql.query("select tenant_id as tenant, issuer, sealed from tenant_sso where not starts_with(sealed, $1) limit 100", [
    `${keyId}:`,
  ]);
}

/** Only over what was read. */
export async function saveSsoResealed(sql: Sql, tenant: string, before: string, after: string): Promise<void> {
  await sql.query("update tenant_sso set sealed = $3 where tenant_id = $1 and sealed = $2", [tenant, before, after]);
}
