-- Whether this agent's replies wait for a few seconds, in which they can be taken back.
alter table membership add column undo_send boolean not null default false;
