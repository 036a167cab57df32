-- What visitors say of themselves before they begin, and of the conversation when it ended.

-- [{"label", "value"}] of the form before the chat: the visitor's own word, which proves nothing and joins no contacts.
alter table contact add column answers jsonb not null default '[]';

-- One for each time that a conversation ended: `generation` is the change that closed it.
create table rating (
  tenant_id uuid not null,
  conversation_id uuid not null,
  generation integer not null,
  score smallint not null check (score between 1 and 5),
  comment text not null default '',
  -- The agent who answered last before the end; null where it was the assistant alone.
  agent_id uuid,
  at timestamptz not null default now(),
  changed_at timestamptz,
  primary key (tenant_id, conversation_id, generation),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);
create index rating_at on rating (tenant_id, at);
