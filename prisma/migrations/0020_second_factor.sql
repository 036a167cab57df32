-- expand
-- A second factor by time codes (RFC 6238). `secret` is what is in force, `pending` what was shown and not confirmed yet; both are sealed with
-- the key that their text names. `last_step` is the time step of the newest code that was used: no code counts twice.
create table second_factor (
  account_id uuid primary key references account (id) on delete cascade,
  secret text,
  pending text,
  pending_at timestamptz,
  confirmed_at timestamptz,
  last_step bigint not null default 0,
  -- Wrong codes in a row. From the tenth on each pauses the codes; after the hundredth they count no more.
  failures integer not null default 0,
  paused_until timestamptz,
  -- A recovery code was used: the authenticator may be lost, and its person is asked to set it up anew.
  recovered_at timestamptz,
  -- From then on it counts no more: an admin began that, and the person confirmed it by mail.
  reset_at timestamptz,
  check ((secret is null) = (confirmed_at is null))
);

-- SHA-256 of 120 random bits each. Using one is deleting it.
create table recovery_code (
  account_id uuid not null references second_factor (account_id) on delete cascade,
  hash bytea not null,
  primary key (account_id, hash)
);

-- When this session showed the second factor, how often it tried in vain, and when its person last said again who they are.
alter table session add column factor_at timestamptz;
alter table session add column factor_tries integer not null default 0;
alter table session add column stepped_up_at timestamptz;

-- The demo tenant's accounts, which are only in development, are asked for nothing.
alter table account add column factor_exempt boolean not null default false;
update account set factor_exempt = true where id in
  (select m.account_id from membership m join tenant t on t.id = m.tenant_id where t.slug = 'demo' and email like '%@demo.example');
