-- expand
-- How people look at the entities of a blueprint: one's own, or for all who may read them.
create table entity_view (
  tenant_id uuid not null,
  blueprint_id uuid not null,
  id uuid not null,
  -- Whose own it is; none where it is everyone's.
  account_id uuid references account (id) on delete cascade,
  name text not null,
  look jsonb not null,
  version integer not null default 1,
  primary key (tenant_id, blueprint_id, id),
  foreign key (tenant_id, blueprint_id) references blueprint (tenant_id, id) on delete cascade
);
create unique index entity_view_name on entity_view (tenant_id, blueprint_id, coalesce(account_id, '00000000-0000-0000-0000-000000000000'), lower(name));
create index entity_view_account on entity_view (account_id);
