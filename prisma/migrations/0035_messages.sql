-- expand: messages that go later, or to many, each with those who get it. The job does it; what stands here is what people see and change.
create table scheduled_message (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- Of the run, and its step, that asked for it: the same again finds it.
  run text not null,
  account_id uuid not null,
  key_id uuid,
  way text not null check (way in ('mail', 'notice', 'chat', 'reply', 'note')),
  subject text,
  text text not null,
  state text not null check (state in ('waiting', 'sent', 'failed', 'cancelled')),
  error text,
  due_at timestamptz not null,
  -- The job that sends it: one of before does nothing.
  job_id uuid not null,
  version integer not null default 1,
  changed_by text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, run)
);
create index scheduled_message_due on scheduled_message (tenant_id, due_at desc, id);
create index scheduled_message_ended on scheduled_message (ended_at) where ended_at is not null;
create table scheduled_recipient (
  tenant_id uuid not null,
  message_id uuid not null,
  position integer not null,
  name text not null,
  email text,
  account_id uuid,
  contact_id uuid,
  -- Where it is written; of a contact only known when it goes.
  conversation_id uuid,
  subject text,
  text text not null,
  -- What a changed text may name of them.
  slots jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
  error text,
  primary key (tenant_id, message_id, position),
  foreign key (tenant_id, message_id) references scheduled_message (tenant_id, id) on delete cascade
);
create index scheduled_recipient_contact on scheduled_recipient (tenant_id, contact_id) where contact_id is not null;

-- Whoever a site has signed is found by that address.
create index contact_signed_email on contact (tenant_id, lower(signed_email)) where signed_email is not null;
create index contact_blocked on contact (tenant_id, lower(email)) where blocked_at is not null;

-- A notice may be a message of a colleague.
alter table notice drop constraint notice_kind_check;
alter table notice add constraint notice_kind_check
  check (kind in ('offer', 'assigned', 'queue', 'service', 'mail', 'mention', 'approval', 'run', 'message'));
