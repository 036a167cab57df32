-- expand
-- What an entity had in fields that its version doesn't have: it comes back on the way back.
alter table entity add column kept jsonb not null default '{}';
-- One spelling for the types of fields.
update blueprint_version set definition = replace(definition::text, '"type": "long-text"', '"type": "longText"')::jsonb
  where definition::text like '%"type": "long-text"%';
