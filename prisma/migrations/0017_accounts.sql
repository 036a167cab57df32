-- expand
-- Who registers by mail has to confirm the address before anything else; everybody who is there already was let in by somebody.
alter table account add column verified_at timestamptz default now();

-- Until a person has made or joined a tenant their session has none. `active_at` is when they last did something, to the minute.
alter table session alter column tenant_id drop not null;
alter table session add column active_at timestamptz not null default now();

-- What a mailed link allows, once. Without an account it is for whoever reads the address, as an invitation is.
create table account_link (
  token_hash bytea primary key,
  account_id uuid references account (id) on delete cascade,
  purpose text not null,
  email text not null,
  detail jsonb not null default '{}',
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index account_link_account on account_link (account_id, purpose);
create index account_link_email on account_link (email, purpose);

-- Tries of every kind by the hash of what is counted, so that all processes count together.
create table throttle (
  key bytea primary key,
  points integer not null,
  ends_at timestamptz not null
);
create index throttle_ends on throttle (ends_at);
