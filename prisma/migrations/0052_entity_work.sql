-- expand
-- What stands beside entities: what people wrote about them, where they were worked on, and what became of each in one run over many.

create table entity_note (
  tenant_id uuid not null,
  blueprint_id uuid not null,
  entity_id uuid not null,
  id uuid not null,
  text text not null,
  written_by uuid not null,
  written_at timestamptz not null,
  primary key (tenant_id, blueprint_id, entity_id, id)
);

-- A conversation in which a command about an entity was run, by its last run there.
create table entity_conversation (
  tenant_id uuid not null,
  blueprint_id uuid not null,
  entity_id uuid not null,
  conversation_id uuid not null,
  -- A step of a sequence is the sequence's run with its place behind it.
  run_id text not null,
  command text not null,
  run_by uuid not null,
  run_at timestamptz not null,
  primary key (tenant_id, blueprint_id, entity_id, conversation_id)
);
create index entity_conversation_of on entity_conversation (tenant_id, conversation_id);

create table entity_bulk (
  tenant_id uuid not null,
  run_id text not null,
  entity_id uuid not null,
  blueprint_id uuid not null,
  -- The one that the run made; none where nothing became of it.
  version integer,
  -- Why nothing became of it.
  problem jsonb,
  at timestamptz not null,
  primary key (tenant_id, run_id, entity_id)
);
create index entity_bulk_entity on entity_bulk (tenant_id, blueprint_id, entity_id);
create index entity_bulk_age on entity_bulk (at);
