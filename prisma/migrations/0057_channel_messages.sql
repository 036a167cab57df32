-- expand: messages to people and rooms of Slack and Teams.

-- A room of a connected workspace in which the app is.
create table channel_room (
  tenant_id uuid not null,
  id uuid not null,
  installation_id uuid not null,
  room text not null,
  name text not null,
  -- Where it is written to.
  place jsonb not null,
  met_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, installation_id, room),
  foreign key (tenant_id, installation_id) references channel_installation (tenant_id, id) on delete cascade
);

alter table channel_out
  -- Of a message to many: what it leads to is read by this.
  add column batch_id uuid,
  -- Whom it is for, where that isn't its card's to say.
  add column person_id uuid,
  add column contact_id uuid;
create index channel_out_batch on channel_out (tenant_id, batch_id) where batch_id is not null;
create index channel_out_contact on channel_out (tenant_id, contact_id) where contact_id is not null;
-- What is one of many waits for what somebody waits for.
create index channel_out_turn on channel_out (tenant_id, installation_id, (batch_id is not null), due_at) where state in ('waiting', 'sending');

alter table scheduled_message
  -- The service, of a message by one.
  add column channel text,
  drop constraint scheduled_message_way_check,
  add constraint scheduled_message_way_check check (way in ('mail', 'notice', 'chat', 'channel', 'reply', 'note')),
  drop constraint scheduled_message_state_check,
  -- going: a service takes them one after the other.
  add constraint scheduled_message_state_check check (state in ('waiting', 'going', 'sent', 'failed', 'cancelled'));
alter table scheduled_recipient
  add column room_id uuid,
  drop constraint scheduled_recipient_state_check,
  add constraint scheduled_recipient_state_check check (state in ('waiting', 'sent', 'failed', 'uncertain'));
