-- expand: which commands a step of a flow had run, with the keys of their runs.
alter table entity_change add column started jsonb;
