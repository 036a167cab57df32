-- expand: what is in the trash, found without reading what isn't.
create index entity_trashed on entity (tenant_id, blueprint_id, trashed_at) where trashed_at is not null;
