-- One conversation merged into another: agents see one timeline, each visitor goes on with their own conversation and reads nothing else.

alter table conversation drop constraint conversation_muted_check;
alter table conversation add constraint conversation_muted_check check (muted in ('spam', 'blocked', 'merged'));

create table conversation_merge (
  tenant_id       uuid not null,
  id              uuid not null,
  conversation_id uuid not null,
  target_id       uuid not null,
  merged_at       timestamptz not null default now(),
  by_id           uuid,
  by_name         text not null,
  -- How it stood, for the way back.
  controller      text not null check (controller in ('bot', 'queue', 'agent')),
  agent_id        uuid,
  agent_name      text,
  queued_at       timestamptz,
  snoozed_until   timestamptz,
  -- Up to where the target's entry in the lists tells of it; -1 before the first time.
  carried_seq     bigint not null default -1,
  -- Up to where the target's service levels know of it.
  followed_seq    bigint not null,
  ended_at        timestamptz,
  ended_by_name   text,
  primary key (tenant_id, id),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade,
  foreign key (tenant_id, target_id) references conversation (tenant_id, id)
);
create unique index conversation_merge_now on conversation_merge (tenant_id, conversation_id) where ended_at is null;
create index conversation_merge_of on conversation_merge (tenant_id, conversation_id);
create index conversation_merge_target on conversation_merge (tenant_id, target_id);
