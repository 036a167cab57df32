-- expand: what was said is changed, deleted and reacted to.
alter table message
  -- Of the newest change of its words, as whoever changed them was told it; a later one counts, one from before doesn't.
  add column changed_at timestamptz,
  -- Then `text` says so, and nothing else of it is left.
  add column deleted_at timestamptz,
  add column deleted_by text,
  -- Everyone's newest word for each emoji: {emoji, who, name, at, on, from}.
  add column reactions jsonb;

-- What a message said before it was changed, for agents. Gone with what is deleted.
create table message_edit (
  tenant_id uuid not null,
  conversation_id uuid not null,
  -- The message, and the entry that tells of its change.
  of_seq bigint not null,
  seq bigint not null,
  text text not null,
  -- Until when it said so.
  until timestamptz not null default now(),
  primary key (tenant_id, conversation_id, of_seq, seq),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);

alter table channel_said
  -- Who wrote it there; null where we did.
  add column author text;
