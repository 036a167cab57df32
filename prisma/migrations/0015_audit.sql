-- expand: what was done, by whom: one hash chain for each tenant, and one for the installation.

-- The end of a chain. Its row is held from an entry until the commit, so that entries stand in the order in which they were committed.
-- The installation's own has the tenant 00000000-0000-0000-0000-000000000000.
create table audit_chain (
  tenant_id uuid primary key,
  seq bigint not null,
  hash bytea not null,
  -- The last entry that retention took away, and its hash: what the first that is left goes on from.
  forgotten_seq bigint not null default 0,
  forgotten_hash bytea not null default decode(repeat('00', 32), 'hex')
);

-- hash = SHA-256(hash of the entry before, seq, at in ms, digest); the digest is made by src/access/auditDigest.ts. What is about a person
-- stands in two parts, who did it and what it was done to, of which the digest has only salted hashes: either can be erased, and the chain still
-- proves the rest.
create table audit_entry (
  tenant_id uuid not null,
  seq bigint not null,
  at timestamptz not null,
  action text not null,
  actor_kind text not null,
  actor_id text,
  actor_name text,
  address text,
  actor_salt bytea,
  actor_hash bytea not null,
  object_kind text,
  object_id text,
  object_name text,
  detail jsonb,
  object_salt bytea,
  object_hash bytea not null,
  request_id text,
  hash bytea not null,
  primary key (tenant_id, seq)
);
create index audit_entry_actor on audit_entry (tenant_id, actor_id, seq desc);
create index audit_entry_object on audit_entry (tenant_id, object_id, seq desc);
create index audit_entry_action on audit_entry (tenant_id, action, seq desc);
create index audit_entry_at on audit_entry (tenant_id, at desc);
-- For erasure, which goes over all tenants.
create index audit_entry_person on audit_entry (actor_id);
create index audit_entry_about on audit_entry (object_id);

-- Only the two functions below get past this. Whoever may switch triggers off still can't make the hashes fit.
create function audit_entry_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('app.audit', true) = 'forget' then return old; end if;
  if tg_op = 'UPDATE' and current_setting('app.audit', true) = 'erase' then return new; end if;
  raise exception 'an audit entry can not be changed or deleted' using errcode = '42501';
end $$;
create trigger audit_entry_stays before update or delete on audit_entry for each row execute function audit_entry_stays();
create trigger audit_entry_is_not_emptied before truncate on audit_entry for each statement execute function audit_entry_stays();

-- Erasure: takes a person's own words and numbers out of every entry that has them, by any of these ids. Answers how many entries that were.
create function audit_erase(ids text[]) returns bigint language plpgsql security definer set search_path from current as $$
declare changed bigint;
begin
  perform set_config('app.audit', 'erase', true);
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
  perform set_config('app.audit', '', true);
  return changed;
end $$;

-- Retention: takes away the oldest entries of a chain, none in between, up to and with `last`. Answers how many.
create function audit_forget(chain uuid, last bigint) returns bigint language plpgsql security definer set search_path from current as $$
declare gone bigint;
begin
  perform 1 from audit_chain where tenant_id = chain for update;
  update audit_chain c set forgotten_seq = e.seq, forgotten_hash = e.hash from audit_entry e
    where c.tenant_id = chain and e.tenant_id = chain and e.seq = last and last > c.forgotten_seq;
  if not found then return 0; end if;
  perform set_config('app.audit', 'forget', true);
  delete from audit_entry where tenant_id = chain and seq <= last;
  get diagnostics gone = row_count;
  perform set_config('app.audit', '', true);
  return gone;
end $$;
revoke execute on function audit_erase(text[]), audit_forget(uuid, bigint) from public;
