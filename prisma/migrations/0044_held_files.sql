-- expand: files that an entity holds, and of which blueprint it is.
alter table file add column held_blueprint text, add column held_entity uuid;
create index file_held on file (tenant_id, held_entity) where held_entity is not null;
