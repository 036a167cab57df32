-- expand
-- What a page or an entity is asked beside its own rows is planned once a connection here, and not anew with every statement that asks it.

-- What members are called, by their ids; who left isn't among them.
create function member_names(tenant uuid, accounts uuid[]) returns jsonb language plpgsql stable as $$
begin
  return (select jsonb_object_agg(a.id, a.name) from account a join membership m on m.tenant_id = member_names.tenant and m.account_id = a.id
    where a.id = any(member_names.accounts));
end $$;

-- Whether a blueprint still is as it was read.
create function blueprint_still(tenant uuid, blueprint uuid, key text, latest integer, changed_at timestamptz, trashed_at timestamptz)
returns boolean language plpgsql stable as $$
begin
  return exists (select from blueprint b where b.tenant_id = blueprint_still.tenant and b.id = blueprint_still.blueprint
    and b.key = blueprint_still.key and b.latest = blueprint_still.latest and b.changed_at = blueprint_still.changed_at
    and b.trashed_at is not distinct from blueprint_still.trashed_at);
end $$;

-- What is stored is ISO 8601 with four digits for the year, times with their zone, so that no setting changes what it means. A function that PostgreSQL
-- writes into each statement is slow to plan and to run; the values are the same, so that indexes stand, and so is what they are said to cost.
create or replace function entity_date(written text) returns date language plpgsql immutable strict parallel safe cost 1 as $$
begin
  return written::date;
end $$;
create or replace function entity_instant(written text) returns timestamptz language plpgsql immutable strict parallel safe cost 1 as $$
begin
  return written::timestamptz;
end $$;
