-- The words of notes, in the index in which those of messages are: one search, one order, one plan.

-- A note stands behind a message's `seq`, under its own id; a message has the one that is no note's. The key is built anew: some seconds for
-- millions of rows, in which nothing is searched for.
alter table message_search
  add column note_id uuid not null default '00000000-0000-0000-0000-000000000000',
  drop constraint message_search_pkey,
  add primary key (tenant_id, conversation_id, seq, note_id);

-- Whether message_search has it: those that were written before are added by the job.
alter table note add column searched boolean not null default false;
create index note_unsearched on note (tenant_id, conversation_id, id) where not searched;
