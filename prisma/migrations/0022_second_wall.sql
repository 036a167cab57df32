-- Row-level security, forced: behind the conditions that every statement of a tenant has, a wall that holds where one forgot them.
--
-- switchboard_app      does what is a tenant's; it sees and writes rows of the tenant in `app.tenant` only
-- switchboard_worker   does what goes over all tenants: sign-in, the ledger, jobs
-- the owner            migrates; it sees what `app.tenant` names, and all where that is `*`
--
-- Neither of the first two owns a table or can log in: the product's connections take them on. Where the user of DATABASE_URL may not make
-- roles, the product works as the owner: the wall stands all the same, but a statement could take it down.

-- Walls off what is not yet, and is called after every migration, so that no table can be forgotten. Answers whether the roles can be taken on.
create function switchboard_wall() returns boolean language plpgsql as $$
declare
  owner name := current_user;
  roles constant name[] := '{switchboard_app,switchboard_worker}';
  may boolean := true;
  each name;
  place record;
  own text;
begin
  foreach each in array roles loop
    begin
      if not exists (select from pg_roles where rolname = each) then execute format('create role %I nologin', each); end if;
      if not pg_has_role(owner, each, 'member') or not (select rolsuper from pg_roles where rolname = owner) then
        execute format('grant %I to %I', each, owner);
      end if;
    exception when others then null; -- somebody else's database made it in this moment, or we may not
    end;
    begin
      perform set_config('role', each, true);
      perform set_config('role', 'none', true);
    exception when others then may := false;
    end;
  end loop;
  for place in
    select t.oid, t.relname, exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'tenant_id' and not a.attisdropped) as of_tenant
      from pg_class t where t.relnamespace = current_schema()::regnamespace and t.relkind in ('r', 'p') and not t.relispartition
       and t.relowner = owner::regrole
       and (not t.relforcerowsecurity or (may and not exists (select from pg_policy p where p.polrelid = t.oid and p.polname = 'wall_worker')))
  loop
    own := case
      when place.of_tenant then 'tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid'
      when place.relname = 'tenant' then 'id = nullif(current_setting(''app.tenant'', true), '''')::uuid'
      -- Who works in the tenant has a name there; an account belongs to nobody's tenant.
      when place.relname = 'account' then 'exists (select from membership m where m.account_id = account.id)'
    end;
    execute format('alter table %I enable row level security, force row level security', place.relname);
    execute format('drop policy if exists wall_owner on %I', place.relname);
    execute format('create policy wall_owner on %I to %I using (current_setting(''app.tenant'', true) = ''*''%s)', place.relname, owner,
      case when place.of_tenant then ' or tenant_id::text = current_setting(''app.tenant'', true)'
           when place.relname = 'tenant' then ' or id::text = current_setting(''app.tenant'', true)'
           when place.relname = 'account' then ' or ' || own else '' end);
    continue when not may;
    execute format('grant select, insert, update, delete on %I to switchboard_app, switchboard_worker', place.relname);
    execute format('create policy wall_worker on %I to switchboard_worker using (true)', place.relname);
    if own is not null then
      execute format('create policy wall_app on %I for %s to switchboard_app using (%s)', place.relname,
        case when place.relname = 'account' then 'select' else 'all' end, own);
    end if;
  end loop;
  if may then
    execute format('grant usage on schema %I to switchboard_app, switchboard_worker', current_schema());
    revoke update, delete, truncate on audit_entry from switchboard_app, switchboard_worker;
    grant execute on function audit_erase(text[]) to switchboard_app, switchboard_worker;
    grant execute on function audit_forget(uuid, bigint) to switchboard_worker;
  end if;
  return may;
end $$;

-- As in the migration of the audit, and over all tenants, whoever calls them.
create or replace function audit_erase(ids text[]) returns bigint language plpgsql security definer set search_path from current as $$
declare
  changed bigint;
  whom constant text := coalesce(current_setting('app.tenant', true), '');
begin
  perform set_config('app.audit', 'erase', true), set_config('app.tenant', '*', true);
  with actors as (
    update audit_entry set actor_id = null, actor_name = null, address = null, actor_salt = null where actor_id = any(ids)
      and not coalesce(object_id = any(ids), false) returning 1
  ), both_parts as (
    update audit_entry set actor_id = null, actor_name = null, address = null, actor_salt = null,
      object_id = null, object_name = null, detail = null, object_salt = null where actor_id = any(ids) and object_id = any(ids) returning 1
  ), objects as (
    update audit_entry set object_id = null, object_name = null, detail = null, object_salt = null where object_id = any(ids)
      and not coalesce(actor_id = any(ids), false) returning 1
  )
  select (select count(*) from actors) + (select count(*) from both_parts) + (select count(*) from objects) into changed;
  perform set_config('app.audit', '', true), set_config('app.tenant', whom, true);
  return changed;
end $$;

create or replace function audit_forget(chain uuid, last bigint) returns bigint language plpgsql security definer set search_path from current as $$
declare
  gone bigint;
  whom constant text := coalesce(current_setting('app.tenant', true), '');
begin
  perform set_config('app.audit', 'forget', true), set_config('app.tenant', '*', true);
  perform 1 from audit_chain where tenant_id = chain for update;
  update audit_chain c set forgotten_seq = e.seq, forgotten_hash = e.hash from audit_entry e
    where c.tenant_id = chain and e.tenant_id = chain and e.seq = last and last > c.forgotten_seq;
  delete from audit_entry where tenant_id = chain and seq <= (select forgotten_seq from audit_chain where tenant_id = chain);
  get diagnostics gone = row_count;
  perform set_config('app.audit', '', true), set_config('app.tenant', whom, true);
  return gone;
end $$;
