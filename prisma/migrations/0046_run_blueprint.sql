-- expand
-- Of whose entities a run was, so that it is told only to who may see all of them.
alter table run add column blueprint text;
update run r set blueprint = b.key from blueprint b where b.tenant_id = r.tenant_id and b.key = split_part(r.command, '.', 1);
