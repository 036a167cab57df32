-- expand: who signs in by others: Google, Facebook, an OpenID Connect provider of the installation, or one of a tenant (single sign-on).
-- What a provider says of a person is known by its issuer and subject, never by a mail address.
create table account_identity (
  id uuid primary key,
  account_id uuid not null references account (id) on delete cascade,
  -- The tenant whose single sign-on it is; none for a provider of the whole installation.
  tenant_id uuid references tenant (id) on delete cascade,
  provider text not null,
  issuer text not null,
  subject text not null,
  -- As the provider wrote it when it was linked: to be recognized by, nothing is found by it.
  email text,
  created_at timestamptz not null,
  used_at timestamptz,
  constraint account_identity_subject unique nulls not distinct (tenant_id, issuer, subject),
  constraint account_identity_account unique nulls not distinct (account_id, tenant_id, issuer)
);

-- A tenant's own provider. `sealed` is the client's secret, sealed for this tenant and this issuer.
create table tenant_sso (
  tenant_id uuid primary key references tenant (id) on delete cascade,
  issuer text not null,
  client_id text not null,
  sealed text not null,
  domains text[] not null,
  -- Whether members have no other way in.
  enforced boolean not null default false,
  changed_at timestamptz not null
);

-- One way to a provider and back, used once. `sealed` has what the browser must not know.
create table sign_in_flow (
  state_hash bytea primary key,
  browser_hash bytea not null,
  place text not null,
  tenant_id uuid references tenant (id) on delete cascade,
  account_id uuid references account (id) on delete cascade,
  session_id uuid,
  purpose text not null,
  back text not null,
  sealed text not null,
  expires_at timestamptz not null
);
create index sign_in_flow_expires on sign_in_flow (expires_at);
create index sign_in_flow_account on sign_in_flow (account_id);

-- The tenant that made the account, whose single sign-on is then its only way in; any way that it has where there is none.
alter table account add column sso_tenant_id uuid references tenant (id) on delete set null;
-- By whose single sign-on the session began: it is good for that tenant alone.
alter table session add column sso_tenant_id uuid;
create index session_sso on session (sso_tenant_id) where sso_tenant_id is not null;
