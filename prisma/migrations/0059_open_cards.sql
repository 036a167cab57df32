-- expand
-- Cards of runs that go on are looked for every few seconds: those of the last days that are over must not be read for it.
create index channel_card_open on channel_card (created_at)
  where run_id is not null and kind in ('run', 'approval') and split_part(drawn, ' ', 1) in ('running', 'waiting');
