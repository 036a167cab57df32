-- expand: runs with which another process goes on where theirs dies. Each taker counts `fence` up: what an older one still writes finds nothing.
-- A process of before ends such a run as uncertain after a minute, as any other.
alter table run
  add column resumable boolean not null default false,
  add column fence integer not null default 0;

-- What a step of such a run answered, until the run ends; by which taker it was begun; whether it only reads.
alter table run_effect
  add column result jsonb,
  add column fence integer not null default 0,
  add column reads boolean not null default false;
