-- expand: what somebody is about to do that can't be taken back, until they say that they mean it. Of a code there is the hash only.
create table confirmation (
  tenant_id uuid not null,
  code_hash bytea not null,
  account_id uuid,
  session_id uuid,
  conversation_id uuid,
  command text not null,
  request_hash bytea not null,
  args jsonb,
  expires_at timestamptz not null,
  used_by text,
  primary key (tenant_id, code_hash),
  check (num_nonnulls(session_id, conversation_id) = 1)
);
create index confirmation_expires on confirmation (expires_at);
