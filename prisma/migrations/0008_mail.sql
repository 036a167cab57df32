-- Mail that goes out, what channels bring in and deliver.

-- A mail is written with its cause and sent by a job: once by key, by one process at a time.
create table mail_out (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  key text not null,
  recipient text not null,
  mail jsonb not null,
  conversation_id uuid,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'dead')),
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  holder uuid,
  last_error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, key),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);
create index mail_out_due on mail_out (due_at) where state = 'waiting';
create index mail_out_created on mail_out (tenant_id, created_at desc, id);
create index mail_out_conversation on mail_out (tenant_id, conversation_id) where conversation_id is not null;
create index mail_out_recipient on mail_out (tenant_id, recipient, created_at);
create index mail_out_sent on mail_out (sent_at) where state = 'sent';

-- What came by a channel, by the id that the channel gave it: the same twice is one, and an answer to it finds its conversation.
create table channel_message (
  tenant_id uuid not null,
  channel text not null,
  external_id text not null,
  conversation_id uuid not null,
  title text not null default '',
  at timestamptz not null default now(),
  primary key (tenant_id, channel, external_id),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);
create index channel_message_conversation on channel_message (tenant_id, conversation_id, at);

-- Answers on their way to a visitor who is not on the page. `due_at` is when it is looked at again, null when nothing is to be done.
create table delivery (
  tenant_id uuid not null,
  conversation_id uuid not null,
  delivered_seq bigint not null default 0,
  away_since timestamptz,
  due_at timestamptz,
  primary key (tenant_id, conversation_id),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);
create index delivery_due on delivery (due_at) where due_at is not null;

-- How far a job has read what changed, in all tenants: `position` is of conversation.touched.
create table job_position (
  job text primary key,
  position integer not null
);

-- The address under which an inbox is written to, and how long an answer waits to be read on the page before it goes by mail.
alter table inbox add column mail_address text unique check (mail_address = lower(mail_address));
alter table inbox add column mail_after_seconds integer not null default 120;
