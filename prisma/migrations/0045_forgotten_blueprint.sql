-- expand
-- Whoever deletes a blueprint, by whatever door: its entities go with it, and no role names it any more, so that a later one of its key is nobody's by an
-- old role. The purge took the entities away before, some at a time; what is left here is what another door left.
create function blueprint_forgotten() returns trigger language plpgsql set search_path from current as $$
begin
  delete from entity where tenant_id = old.tenant_id and blueprint_id = old.id;
  delete from entity_change where tenant_id = old.tenant_id and blueprint_id = old.id;
  delete from entity_unique where tenant_id = old.tenant_id and blueprint_id = old.id;
  update role r set version = r.version + 1, changed_at = now(), grants = coalesce((
    select jsonb_agg(
        case when g.held #> '{on,blueprint}' is null then g.held
          else jsonb_set(g.held, '{on,blueprint}', (g.held #> '{on,blueprint}') - old.key) end
        order by g.place)
      from jsonb_array_elements(r.grants) with ordinality as g (held, place)
     where (g.held #> '{on,blueprint}') is distinct from jsonb_build_array(old.key)
    ), '[]')
  where r.tenant_id = old.tenant_id
    and r.grants @> jsonb_build_array(jsonb_build_object('on', jsonb_build_object('blueprint', jsonb_build_array(old.key))));
  return null;
end $$;
create trigger blueprint_forgotten after delete on blueprint for each row execute function blueprint_forgotten();
