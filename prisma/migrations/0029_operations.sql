-- expand: what a tenant connects, and the commands that it makes of it. What runs is the published version, and no version is ever changed.
create table data_source (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('postgresql', 'mysql')),
  host text not null,
  port integer not null check (port between 1 and 65535),
  database text not null,
  user_name text not null,
  password text,
  tls boolean not null,
  demo boolean not null default false,
  version integer not null default 1,
  changed_by text not null,
  changed_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name)
);
create table operation (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('query', 'request', 'message', 'sequence')),
  latest integer not null,
  published integer,
  shared_with text[] not null default '{}',
  changed_by text not null,
  changed_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name)
);
create table operation_version (
  tenant_id uuid not null,
  operation_id uuid not null,
  number integer not null,
  definition jsonb not null,
  made_by text not null,
  made_at timestamptz not null default now(),
  primary key (tenant_id, operation_id, number),
  foreign key (tenant_id, operation_id) references operation (tenant_id, id) on delete cascade
);
