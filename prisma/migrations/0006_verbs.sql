-- What agents do with a conversation: snooze, invite, mute, merge, mention, hold a message back.

alter table conversation
  add column closed_at timestamptz,
  -- Out of the lists until then; a visitor's message sets it to its own moment.
  add column snoozed_until timestamptz,
  -- Colleagues who take part while another answers: {"<account>": "<name>"}.
  add column participants jsonb not null default '{}',
  -- A muted one keeps what its visitor writes, and neither queues, opens nor counts it.
  add column muted text check (muted in ('spam', 'blocked')),
  -- What its visitor writes lands there too.
  add column merged_into uuid,
  -- Counts the changes of snoozed_until, participants, muted and merged_into, for those whom the bus didn't tell.
  add column changes integer not null default 0,
  add check (merged_into <> id);
update conversation set closed_at = updated_at where not open;
create index conversation_closed on conversation (tenant_id, closed_at desc nulls last, id desc);
create index conversation_snoozed on conversation (snoozed_until) where snoozed_until is not null;

alter table contact add column blocked_at timestamptz;

-- One conversation shown within another. A merge that was undone stays as a record.
create table conversation_merge (
  tenant_id uuid not null,
  source_id uuid not null,
  id uuid not null,
  target_id uuid not null,
  by_id uuid not null,
  by_name text not null,
  at timestamptz not null default now(),
  -- The newest seq of the source when it was merged: what stands behind it is in the target too.
  source_seq bigint not null,
  -- Who controlled the source, for the undo.
  source_control jsonb not null,
  -- The newest seq of the target that the source's visitor has in theirs.
  told_seq bigint not null,
  undone_at timestamptz,
  primary key (tenant_id, source_id, id),
  foreign key (tenant_id, source_id) references conversation (tenant_id, id) on delete cascade,
  foreign key (tenant_id, target_id) references conversation (tenant_id, id) on delete cascade
);
create index conversation_merge_target on conversation_merge (tenant_id, target_id) where undone_at is null;

alter table note add column mentions jsonb;

-- A note that names an account.
create table mention (
  tenant_id uuid not null,
  account_id uuid not null,
  note_id uuid not null,
  conversation_id uuid not null,
  read_at timestamptz,
  primary key (tenant_id, account_id, note_id),
  foreign key (tenant_id, conversation_id, note_id) references note (tenant_id, conversation_id, id) on delete cascade
);

-- An agent's message that waits for a few seconds, so that it can be taken back.
create table outgoing_message (
  tenant_id uuid not null,
  conversation_id uuid not null,
  account_id uuid not null,
  client_id text not null,
  account_name text not null,
  text text not null,
  due_at timestamptz not null,
  created_at timestamptz not null default now(),
  -- Why it couldn't be sent: it stands there until its author decides.
  failed text,
  primary key (tenant_id, conversation_id, account_id, client_id),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

create table agent_setting (
  tenant_id uuid not null,
  account_id uuid not null,
  undo_seconds integer not null default 5 check (undo_seconds in (0, 5, 10)),
  primary key (tenant_id, account_id),
  foreign key (tenant_id, account_id) references membership (tenant_id, account_id) on delete cascade
);
