-- expand: what is for many goes to a service no faster than it takes it, and after what somebody waits for.
alter table channel_installation add column batch_from timestamptz;
create index channel_out_asked on channel_out (tenant_id, installation_id, due_at) where state in ('waiting', 'sending') and batch_id is null;
create index channel_out_many on channel_out (tenant_id, installation_id, due_at) where state in ('waiting', 'sending') and batch_id is not null;
drop index channel_out_turn;
drop index channel_out_due;
