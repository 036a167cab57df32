-- expand
-- Blueprints, their versions, and the entities that fit them.

create table blueprint (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  key text not null,
  latest integer not null,
  -- Of the fields of all versions: which id the next new one gets.
  next_field integer not null,
  -- The last number that its sequence gave.
  last_number bigint not null default 0,
  changed_by uuid not null,
  changed_at timestamptz not null,
  trashed_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, key)
);

create table blueprint_version (
  tenant_id uuid not null,
  blueprint_id uuid not null,
  number integer not null,
  definition jsonb not null,
  made_by uuid not null,
  made_at timestamptz not null,
  primary key (tenant_id, blueprint_id, number),
  foreign key (tenant_id, blueprint_id) references blueprint (tenant_id, id) on delete cascade
);

-- Each blueprint's are a table of their own, so that a million of one are nothing to a thousand of another: it is made with the blueprint.
create table entity (
  tenant_id uuid not null,
  blueprint_id uuid not null,
  id uuid not null,
  -- The version of the blueprint that `content` fits.
  blueprint_version integer not null,
  version integer not null default 1,
  -- By the ids of fields.
  content jsonb not null,
  created_at timestamptz not null,
  created_by uuid not null,
  changed_at timestamptz not null,
  changed_by uuid not null,
  trashed_at timestamptz,
  primary key (tenant_id, blueprint_id, id)
) partition by list (blueprint_id);

-- What is unique, of entities that aren't in the trash.
create table entity_unique (
  tenant_id uuid not null,
  blueprint_id uuid not null,
  field text not null,
  value text not null,
  entity_id uuid not null,
  primary key (tenant_id, blueprint_id, field, value)
);
create index entity_unique_entity on entity_unique (tenant_id, blueprint_id, entity_id);

-- Each change, of the fields that it is about.
create table entity_change (
  tenant_id uuid not null,
  blueprint_id uuid not null,
  entity_id uuid not null,
  version integer not null,
  kind text not null,
  changed_at timestamptz not null,
  changed_by uuid not null,
  before jsonb not null,
  after jsonb not null,
  primary key (tenant_id, blueprint_id, entity_id, version)
);

-- Whoever works for a tenant owns no table. Attached afterwards, so that nobody who reads waits for it.
create function make_entities(blueprint uuid) returns void language plpgsql security definer set search_path from current as $$
declare
  name constant text := 'entity_' || replace(blueprint::text, '-', '');
begin
  execute format('create table %I (like entity including all)', name);
  execute format('alter table entity attach partition %I for values in (%L)', name, blueprint);
end $$;

-- As an index needs them: the same for everybody, whatever their settings.
create function entity_date(written text) returns date language sql immutable strict parallel safe
  return make_date(substr(written, 1, 4)::integer, substr(written, 6, 2)::integer, substr(written, 9, 2)::integer);
create function entity_instant(written text) returns timestamptz language sql immutable strict parallel safe
  return timezone('UTC', make_timestamp(substr(written, 1, 4)::integer, substr(written, 6, 2)::integer, substr(written, 9, 2)::integer,
    substr(written, 12, 2)::integer, substr(written, 15, 2)::integer, substr(written, 18, 6)::double precision));
