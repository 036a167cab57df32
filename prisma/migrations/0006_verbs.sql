-- What agents do with a conversation: snooze, invite, mute.

alter table conversation
  add column closed_at timestamptz,
  -- Out of the lists until then; a visitor's message sets it to its own moment.
  add column snoozed_until timestamptz,
  -- Colleagues who take part while another answers: {"<account>": "<name>"}.
  add column participants jsonb not null default '{}',
  -- A muted one keeps what its visitor writes, and neither queues, opens nor counts it.
  add column muted text check (muted in ('spam', 'blocked')),
  -- Counts the changes of snoozed_until, participants and muted, for those whom the bus didn't tell.
  add column changes integer not null default 0;
update conversation set closed_at = updated_at where not open;
create index conversation_closed on conversation (tenant_id, closed_at desc nulls last, id desc);
create index conversation_snoozed on conversation (snoozed_until) where snoozed_until is not null;

alter table contact add column blocked_at timestamptz;
