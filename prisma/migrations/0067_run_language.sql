-- expand: a run that is planned again or gone on with speaks the language of whoever asked for it.
alter table run
  -- One of ours (`languages.ts`); null where it wasn't known.
  add column language text;
