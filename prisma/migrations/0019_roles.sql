-- expand: a tenant's own roles, and who changed a colleague last.

-- What it holds is a list of {permission, on?: {inbox?, team?}, records?}: src/access/roles.ts.
create table role (
  tenant_id uuid not null references tenant (id),
  key text not null check (key ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
  name text not null,
  grants jsonb not null check (jsonb_typeof(grants) = 'array'),
  version integer not null default 1,
  changed_by text not null,
  changed_at timestamptz not null default now(),
  primary key (tenant_id, key)
);

-- Of two admins who change the same colleague in the same second the second is told of the first.
alter table membership add column changed_by uuid, add column changed_at timestamptz;
