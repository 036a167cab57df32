-- expand
-- Counts the changes of the secret with which a tenant's mail server signs; the one before counts for a day.
alter table tenant
  add column mail_epoch integer not null default 0,
  add column mail_rotated_at timestamptz;
