-- A site signs who its visitor is, with a secret that is derived from the root key, the inbox and this number: nothing of it is stored.
alter table inbox
  add column identity_epoch integer not null default 1,
  -- The number before it still counts for a day after this, so that a site can change its secret without an outage.
  add column identity_rotated_at timestamptz;
