-- expand: super admins. They are made on the server only, are nobody's account, and belong to no tenant.

create table super_admin (
  id uuid primary key,
  email text not null unique check (email = lower(email)),
  name text not null,
  -- One of the places from 1 to SU_MAX: two at once can't take the same. Whoever has none is not active.
  place smallint check (place > 0),
  -- Argon2id of what was told on the server. Whoever signs in with it, once, must choose a password.
  secret_hash text,
  secret_expires_at timestamptz,
  password_hash text,
  -- Wrong ones in a row, of any kind; at 100 nothing is right any more until the server says so.
  failures integer not null default 0,
  -- SHA-256 of the token in the mail that was sent last.
  link_hash bytea,
  link_expires_at timestamptz,
  verified_at timestamptz,
  -- Sealed. Enrolled once a code of it was shown.
  factor_secret bytea,
  factor_enrolled_at timestamptz,
  -- The step of the last code that was taken: none before it counts.
  factor_step bigint not null default 0,
  created_at timestamptz not null default now(),
  check ((secret_hash is null) = (secret_expires_at is null)),
  check ((link_hash is null) = (link_expires_at is null))
);
create unique index super_admin_place on super_admin (place) where place is not null;

create table super_session (
  id uuid primary key,
  token_hash bytea not null unique,
  admin_id uuid not null references super_admin (id) on delete cascade,
  address text not null,
  user_agent text not null,
  created_at timestamptz not null,
  used_at timestamptz not null,
  ends_at timestamptz not null,
  -- When the second factor was shown last, and how often it was tried since.
  factor_at timestamptz,
  factor_tries integer not null default 0
);
create index super_session_admin on super_session (admin_id);
