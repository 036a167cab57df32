-- expand
-- Wrong passwords in a row, by the hash of the account or the device that they were tried on.
create table sign_in_failure (
  key bytea primary key,
  tries integer not null,
  paused_until timestamptz,
  ends_at timestamptz not null
);
create index sign_in_failure_ends on sign_in_failure (ends_at);
