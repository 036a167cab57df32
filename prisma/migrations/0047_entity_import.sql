-- expand
-- Files that become entities: what they are, how they are read, and how far that came.

create table entity_import (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  blueprint_id uuid not null,
  -- Of the file, whose parts the files port has until the import has ended.
  name text not null,
  size bigint not null,
  sha256 text not null,
  reading jsonb not null,
  sheets jsonb not null default '[]',
  rows bigint not null,
  -- What the columns have shown.
  seen jsonb not null,
  settings jsonb not null,
  -- arriving, draft, going, paused, done, cancelled
  state text not null,
  -- Data rows behind it, counted in the transaction of what they became.
  position bigint not null default 0,
  counts jsonb not null default '{}',
  run_id uuid,
  fault text,
  created_by uuid not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, id)
);
create index entity_import_of on entity_import (tenant_id, blueprint_id, created_by, created_at);
create index entity_import_age on entity_import (changed_at);

-- What of a file could not be taken.
create table entity_import_error (
  tenant_id uuid not null,
  import_id uuid not null,
  -- As spreadsheets count it, and which of the row's errors.
  row bigint not null,
  place integer not null,
  column_name text,
  value text not null,
  reason text not null,
  primary key (tenant_id, import_id, row, place),
  foreign key (tenant_id, import_id) references entity_import (tenant_id, id) on delete cascade
);
