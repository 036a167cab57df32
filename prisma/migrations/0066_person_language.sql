-- expand: the language of people whose service tells it only to who asks.
alter table channel_person
  -- One of ours (`languages.ts`), as the service told it; null until it did.
  add column language text,
  add column language_asked_at timestamptz;
