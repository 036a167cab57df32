-- What people attach. The bytes are in the files port, under <tenant>/<id> and, of a picture's preview, <tenant>/<id>.preview.

create table file (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  -- As its content says, never as its name does.
  media_type text not null,
  size integer not null,
  width integer,
  height integer,
  previewed boolean not null,
  -- Its bytes are there: the row comes first, so that no bytes are without one.
  stored boolean not null default false,
  by_kind text not null check (by_kind in ('visitor', 'account')),
  by_id uuid not null,
  -- The Idempotency-Key of the upload.
  upload_key text,
  -- A visitor's from the upload on; an account's once it is sent.
  conversation_id uuid,
  -- The key of the message or note that sends it.
  message_key text,
  internal boolean not null default false,
  -- Null once the message or note is committed.
  unsent_since timestamptz default now(),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, by_id, upload_key),
  -- Without cascade: whoever deletes a conversation deletes its files first, or their bytes would stay.
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id)
);
create index file_conversation on file (tenant_id, conversation_id);
create index file_unsent on file (unsent_since) where unsent_since is not null;

alter table note add column blocks jsonb;
