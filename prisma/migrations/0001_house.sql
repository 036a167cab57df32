-- The house: access, conversations, routing, runs.
-- Reference tables (tenant, account, session, refresh_token, socket_ticket, inbox) are the only ones with unique values across tenants;
-- every other table's key begins with tenant_id, so that it can be spread by tenant.

create table tenant (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  time_zone text not null default 'UTC',
  language text not null default 'en',
  active boolean not null default true,
  created_at timestamptz not null default now()
);

create table account (
  id uuid primary key,
  email text not null unique check (email = lower(email)),
  name text not null,
  password_hash text,
  active boolean not null default true,
  epoch integer not null default 1,
  created_at timestamptz not null default now()
);

create table membership (
  tenant_id uuid not null references tenant (id),
  account_id uuid not null references account (id),
  roles text[] not null default '{}',
  active boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (tenant_id, account_id)
);
create index membership_account on membership (account_id);

create table session (
  id uuid primary key,
  account_id uuid not null references account (id),
  tenant_id uuid not null references tenant (id),
  user_agent text not null default '',
  address text not null default '',
  created_at timestamptz not null default now(),
  used_at timestamptz not null default now(),
  ends_at timestamptz not null,
  revoked_at timestamptz,
  revoked_reason text
);
create index session_account on session (account_id);

create table refresh_token (
  token_hash bytea primary key,
  session_id uuid not null references session (id) on delete cascade,
  issued_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index refresh_token_session on refresh_token (session_id);

create table socket_ticket (
  ticket_hash bytea primary key,
  session_id uuid not null references session (id) on delete cascade,
  expires_at timestamptz not null
);

create table inbox (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  public_key text not null unique,
  name text not null,
  team text not null default 'support',
  origins text[] not null default '{}',
  greeting text not null default '',
  publishes_all boolean not null default false,
  commands text[] not null default '{}',
  active boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);

create table contact (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  email text,
  locale text,
  page text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);

create table conversation (
  tenant_id uuid not null,
  id uuid not null,
  inbox_id uuid not null,
  contact_id uuid not null,
  team text not null,
  open boolean not null default true,
  controller text not null default 'bot' check (controller in ('bot', 'queue', 'agent')),
  generation integer not null default 1,
  agent_id uuid,
  agent_name text,
  queued_at timestamptz,
  last_seq bigint not null default 0,
  last_text text not null default '',
  last_author text,
  last_at timestamptz not null default now(),
  visitor_read_seq bigint not null default 0,
  agent_read_seq bigint not null default 0,
  unread integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Whole tens of seconds since 1970 of updated_at: an index on it finds what changed lately, and still lets most updates stay HOT.
  touched integer not null default 0,
  primary key (tenant_id, id),
  foreign key (tenant_id, inbox_id) references inbox (tenant_id, id),
  foreign key (tenant_id, contact_id) references contact (tenant_id, id),
  check ((controller = 'agent') = (agent_id is not null)),
  check ((controller = 'queue') = (queued_at is not null))
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
create index conversation_touched on conversation (touched);
create index conversation_queue on conversation (tenant_id, team, queued_at, id) where controller = 'queue';
create index conversation_agent on conversation (tenant_id, agent_id) where controller = 'agent';
create index conversation_contact on conversation (tenant_id, contact_id);
create index conversation_created on conversation (tenant_id, created_at desc, id);

create table visitor_token (
  tenant_id uuid not null,
  token_hash bytea not null,
  inbox_id uuid not null,
  contact_id uuid not null,
  conversation_id uuid not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  primary key (tenant_id, token_hash),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);

create table message (
  tenant_id uuid not null,
  conversation_id uuid not null,
  seq bigint not null,
  -- What the message answers or who sent it, and its number there: v:<clientId>, a:<account>:<clientId>, t:<seq>:<n>, c:<generation>.
  key text not null,
  author_kind text not null check (author_kind in ('visitor', 'bot', 'agent', 'system')),
  author_id uuid,
  author_name text not null,
  text text not null,
  blocks jsonb,
  command text,
  at timestamptz not null default now(),
  primary key (tenant_id, conversation_id, seq),
  unique (tenant_id, conversation_id, key)
);

create table note (
  tenant_id uuid not null,
  conversation_id uuid not null,
  id uuid not null,
  after_seq bigint not null,
  key text not null,
  author_id uuid,
  author_name text not null,
  text text not null,
  at timestamptz not null default now(),
  primary key (tenant_id, conversation_id, id),
  unique (tenant_id, conversation_id, key),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);

-- One message on its way to an answer. Deleted by the statement that writes the answer; `dead` keeps what failed too often.
create table turn (
  tenant_id uuid not null,
  conversation_id uuid not null,
  seq bigint not null,
  holder uuid,
  lease_until timestamptz not null,
  attempts integer not null default 0,
  created_at timestamptz not null default now(),
  dead_reason text,
  primary key (tenant_id, conversation_id, seq)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Who controlled a conversation, since when and why: the record behind `conversation.why`.
create table control_change (
  tenant_id uuid not null,
  conversation_id uuid not null,
  generation integer not null,
  from_controller text not null,
  to_controller text not null,
  agent_id uuid,
  by_kind text not null,
  by_id uuid,
  reason text not null,
  at timestamptz not null default now(),
  primary key (tenant_id, conversation_id, generation),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);
create index control_change_at on control_change (tenant_id, at);

create table agent_presence (
  tenant_id uuid not null,
  account_id uuid not null,
  declared text not null check (declared in ('online', 'away', 'offline')),
  declared_at timestamptz not null default now(),
  primary key (tenant_id, account_id),
  foreign key (tenant_id, account_id) references membership (tenant_id, account_id) on delete cascade
);

-- A gateway's word that an account has sockets with it; it counts while it is fresh.
create table agent_connection (
  tenant_id uuid not null,
  account_id uuid not null,
  gateway uuid not null,
  seen_at timestamptz not null default now(),
  primary key (tenant_id, account_id, gateway)
);

create table run (
  tenant_id uuid not null,
  id uuid not null,
  command text not null,
  args jsonb not null,
  principal_kind text not null,
  principal_id uuid not null,
  idempotency_key text,
  request_hash bytea,
  state text not null,
  messages jsonb not null default '[]',
  data jsonb,
  error jsonb,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, principal_id, idempotency_key)
);
create index run_created on run (tenant_id, principal_id, created_at desc, id);
