-- expand: operations that run at times, and what became of each time.
create table schedule (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  operation text not null,
  args jsonb not null,
  -- As somebody wrote it, and the cron expression that it means.
  spoken text not null,
  pattern text not null,
  time_zone text not null,
  answer jsonb not null,
  only_rows boolean not null,
  -- It runs as they, with the rights that they have then.
  account_id uuid not null,
  key_id uuid,
  state text not null check (state in ('active', 'paused')),
  -- Why it was paused, where nobody asked for it.
  reason text,
  next_at timestamptz,
  version integer not null default 1,
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, name)
);
create table schedule_time (
  tenant_id uuid not null,
  schedule_id uuid not null,
  due_at timestamptz not null,
  -- As which version of the schedule it was begun.
  version integer not null,
  begun_at timestamptz not null,
  run_id uuid,
  state text not null check (state in ('running', 'succeeded', 'waiting', 'failed', 'uncertain')),
  -- What was done with the answer, or why there is none.
  outcome text,
  ended_at timestamptz,
  primary key (tenant_id, schedule_id, due_at),
  foreign key (tenant_id, schedule_id) references schedule (tenant_id, id) on delete cascade
);
create index schedule_time_ended on schedule_time (ended_at) where ended_at is not null;
