-- expand: which entity has which other in a relation, for the way back.
create table entity_reference (
  tenant_id uuid not null,
  blueprint_id uuid not null,
  entity_id uuid not null,
  field text not null,
  target_id uuid not null,
  primary key (tenant_id, blueprint_id, entity_id, field, target_id)
);
create index entity_reference_target on entity_reference (tenant_id, target_id, blueprint_id, field);
