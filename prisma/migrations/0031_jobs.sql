-- expand: what one worker does later or again. The row is the truth; Redis, where there is one, only hurries it.
-- Work of the installation itself stands under a tenant that is none, like its mail.
create table job (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  key text,
  data jsonb not null,
  state text not null check (state in ('later', 'ready', 'running', 'done', 'dead', 'cancelled')),
  due_at timestamptz not null,
  -- Tries, the one that runs counted; begun anew when somebody has it tried again. The fence only grows: it is the name of one lease.
  attempts integer not null default 0,
  fence integer not null default 0,
  holder uuid,
  lease_until timestamptz,
  stop_asked boolean not null default false,
  progress jsonb,
  last_error text,
  handed_at timestamptz,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (tenant_id, id),
  constraint job_key unique (tenant_id, kind, key),
  check ((state = 'running') = (lease_until is not null)),
  check ((state in ('done', 'dead', 'cancelled')) = (ended_at is not null))
);
create index job_later on job (due_at) where state = 'later';
create index job_ready on job (kind, tenant_id, due_at, id) where state = 'ready';
create index job_lease on job (kind, lease_until) where state = 'running';
create index job_handed on job (kind, tenant_id) where state = 'ready' and handed_at is not null;
create index job_ended on job (ended_at) where ended_at is not null;
create index job_created on job (tenant_id, created_at, id);
