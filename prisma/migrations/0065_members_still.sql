-- expand
-- Pages of entities are named from what is remembered of whoever made and changed them; the page's own statement asks whether that is still so.

-- Whether these accounts are still called so in a tenant; null is the name of whoever isn't one of its people.
create function members_still(tenant uuid, accounts uuid[], names text[]) returns boolean language plpgsql stable as $$
begin
  return not exists (select from unnest(members_still.accounts, members_still.names) known (id, name)
    where known.name is distinct from (select a.name from account a
      join membership m on m.tenant_id = members_still.tenant and m.account_id = a.id where a.id = known.id));
end $$;

-- Dearer than an operator, so that what else a filter asks is asked first; a hundred times as dear, as PostgreSQL takes it without being told, a page
-- that an index answers would be read past its order.
alter function entity_date(text) cost 4;
alter function entity_instant(text) cost 4;
