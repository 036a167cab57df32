-- expand: a message that waits knows which operation wrote it: taken back, it isn't sent. Those of before go as they would.
alter table scheduled_message add column operation_id uuid;
