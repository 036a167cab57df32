-- expand: what a run planned, waits for and did outside; how far it is, who stopped it, and what takes it back.
-- `ended_at` of a run that waits, and of one that had waited, is when it ends, or would have ended, by itself: a process of before, which ends
-- whatever has none after ten minutes, leaves them alone.
alter table run
  add column plan jsonb,
  add column plan_hash bytea,
  add column approval jsonb,
  add column approvers text[] not null default '{}',
  add column key_id uuid,
  add column seen_at timestamptz,
  add column stopped_by uuid,
  add column progress jsonb,
  add column undo jsonb,
  add column undoable_until timestamptz,
  add column undone_by uuid,
  add column undoes uuid;
create index run_all on run (tenant_id, created_at desc, id);
create index run_waiting on run (ended_at) where state = 'waiting';
create index run_running on run ((coalesce(seen_at, created_at))) where state = 'running';

-- Who decided about a run that waits: each person once.
create table run_approval (
  tenant_id uuid not null,
  run_id uuid not null,
  account_id uuid not null,
  decision text not null check (decision in ('approve', 'reject', 'break-glass')),
  reason text not null,
  at timestamptz not null,
  primary key (tenant_id, run_id, account_id)
);

-- Each step that a run does outside: that it began, before it does, and how it ended. Whoever comes second finds it here.
create table run_effect (
  tenant_id uuid not null,
  run_id text not null,
  step text not null,
  state text not null check (state in ('started', 'done', 'failed', 'uncertain', 'settled')),
  to_check text not null,
  error text,
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, run_id, step)
);

-- Which commands a tenant lets nobody run alone.
create table approval_rule (
  tenant_id uuid not null,
  command text not null,
  by_role text not null,
  quorum integer not null check (quorum between 1 and 20),
  hours integer not null check (hours between 1 and 168),
  set_by uuid not null,
  set_at timestamptz not null,
  primary key (tenant_id, command)
);

-- A notice may be about a run, and then about no conversation.
alter table notice alter column conversation_id drop not null;
alter table notice add column run_id uuid;
alter table notice drop constraint notice_kind_check;
alter table notice add constraint notice_kind_check
  check (kind in ('offer', 'assigned', 'queue', 'service', 'mail', 'mention', 'approval', 'run'));
