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

-- How far a job has read what changed, in all tenants: a time, in the unit of the job.
create table job_position (
  job text primary key,
  position integer not null
);

-- The address under which an inbox is written to, and how long an answer waits to be read on the page before it goes by mail.
alter table inbox add column mail_address text unique check (mail_address = lower(mail_address));
alter table inbox add column mail_after_seconds integer not null default 120;

-- What somebody should know, written by a job that reads the rows which are its cause; once by key.
create table notice (
  tenant_id uuid not null,
  account_id uuid not null,
  id uuid not null,
  key text not null,
  kind text not null check (kind in ('offer', 'assigned', 'queue', 'service', 'mail')),
  conversation_id uuid not null,
  team text not null,
  -- Whom it is about.
  who text not null,
  at timestamptz not null default now(),
  read_at timestamptz,
  -- When it is looked at for push and mail; null when nothing is left to do.
  due_at timestamptz,
  pushed_at timestamptz,
  mailed_at timestamptz,
  primary key (tenant_id, account_id, id),
  unique (tenant_id, account_id, key),
  foreign key (tenant_id, account_id) references membership (tenant_id, account_id) on delete cascade,
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);
create index notice_at on notice (tenant_id, account_id, at desc, id);
create index notice_due on notice (due_at) where due_at is not null;

-- What an account wants to be told, and where; what is not said is as the product has it.
create table notice_setting (
  tenant_id uuid not null,
  account_id uuid not null,
  -- {"assigned": {"push": false}}
  kinds jsonb not null default '{}',
  -- Minutes of the day, in the zone; both or none.
  quiet_from integer check (quiet_from between 0 and 1439),
  quiet_to integer check (quiet_to between 0 and 1439),
  time_zone text,
  preview boolean not null default false,
  primary key (tenant_id, account_id),
  foreign key (tenant_id, account_id) references membership (tenant_id, account_id) on delete cascade,
  check ((quiet_from is null) = (quiet_to is null) and (quiet_from is null) = (time_zone is null))
);

-- A browser of an account that takes pushes (RFC 8030).
create table push_subscription (
  tenant_id uuid not null,
  account_id uuid not null,
  id uuid not null,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, account_id, id),
  unique (tenant_id, account_id, endpoint),
  foreign key (tenant_id, account_id) references membership (tenant_id, account_id) on delete cascade
);

-- For the job: what changed lately, in all tenants.
create index control_change_lately on control_change (at);
create index assignment_lately on assignment (at);
create index service_timer_warned on service_timer (warned_at) where warned_at is not null and ended_at is null;
