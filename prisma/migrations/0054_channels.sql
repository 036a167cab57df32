-- expand
-- Chat services of the tenant's people: Slack and Teams.

-- What an admin made at the service, so that it knows us.
create table channel_app (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  channel text not null,
  app_id text not null,
  -- Sealed, as JSON.
  secrets text not null,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create index channel_app_id on channel_app (id);

-- A workspace, or an organisation, that was connected.
create table channel_installation (
  tenant_id uuid not null,
  id uuid not null,
  app uuid not null,
  channel text not null,
  workspace text not null,
  name text not null,
  -- Sealed.
  token text not null,
  bot_user text not null default '',
  inbox_id uuid not null,
  -- live, broken (its service refuses us), gone (disconnected)
  state text not null default 'live',
  problem text,
  -- Its service asked to wait until then.
  held_until timestamptz,
  heard_at timestamptz,
  sent_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, app, workspace),
  foreign key (tenant_id, app) references channel_app (tenant_id, id) on delete cascade,
  foreign key (tenant_id, inbox_id) references inbox (tenant_id, id)
);

-- Where the agents of a team see and answer what waits for them.
create table channel_team_room (
  tenant_id uuid not null,
  installation_id uuid not null,
  team text not null,
  place jsonb not null,
  primary key (tenant_id, installation_id, team),
  foreign key (tenant_id, installation_id) references channel_installation (tenant_id, id) on delete cascade
);

-- Somebody who was met there. Who they are is their id in their workspace, never a name.
create table channel_person (
  tenant_id uuid not null,
  id uuid not null,
  installation_id uuid not null,
  workspace text not null,
  user_id text not null,
  name text not null,
  -- Where they are written to alone.
  place jsonb,
  contact_id uuid,
  account_id uuid,
  linked_at timestamptz,
  -- When they last said there, by their second factor, who they are.
  stepped_up_at timestamptz,
  met_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, installation_id, workspace, user_id),
  foreign key (tenant_id, installation_id) references channel_installation (tenant_id, id) on delete cascade
);
create index channel_person_account on channel_person (tenant_id, account_id) where account_id is not null;
create index channel_person_contact on channel_person (tenant_id, contact_id) where contact_id is not null;

-- A code by which somebody there and an account here say that they are the same: asked for there, written here, confirmed there.
create table channel_link (
  tenant_id uuid not null,
  code_hash bytea not null,
  person_id uuid not null,
  -- Who wrote it here.
  account_id uuid,
  expires_at timestamptz not null,
  primary key (tenant_id, code_hash),
  foreign key (tenant_id, person_id) references channel_person (tenant_id, id) on delete cascade
);

-- What can be pressed, and is drawn anew when what it is about changes.
create table channel_card (
  tenant_id uuid not null,
  id uuid not null,
  installation_id uuid not null,
  -- Whom it is for; none where everybody in its place may press.
  person_id uuid,
  kind text not null,
  data jsonb not null,
  run_id uuid,
  place jsonb,
  only_user text,
  -- Of the drawing that was sent last: what follows from another state is sent anew.
  drawn text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, installation_id) references channel_installation (tenant_id, id) on delete cascade
);
create index channel_card_run on channel_card (tenant_id, run_id) where run_id is not null;
create index channel_card_age on channel_card (created_at);

-- Where a conversation is followed at a service: by its contact, or by a team's agents.
create table channel_thread (
  tenant_id uuid not null,
  id uuid not null,
  installation_id uuid not null,
  conversation_id uuid not null,
  side text not null,
  room text not null,
  -- The message on which it hangs; empty where the room itself is the conversation.
  thread text not null default '',
  place jsonb not null,
  -- Its card, of a team's.
  card_id uuid,
  -- Up to which message of the conversation it was told.
  told_seq bigint not null default 0,
  -- Looked at again then.
  due_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, installation_id) references channel_installation (tenant_id, id) on delete cascade,
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);
create index channel_thread_place on channel_thread (tenant_id, installation_id, room, thread);
create index channel_thread_conversation on channel_thread (tenant_id, conversation_id);

-- Which message there is which one here.
create table channel_said (
  tenant_id uuid not null,
  installation_id uuid not null,
  room text not null,
  message text not null,
  conversation_id uuid not null,
  seq bigint not null,
  primary key (tenant_id, installation_id, room, message),
  foreign key (tenant_id, installation_id) references channel_installation (tenant_id, id) on delete cascade,
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);
create index channel_said_seq on channel_said (tenant_id, conversation_id, seq);

-- What is to be written there, in the order of each place.
create table channel_out (
  tenant_id uuid not null,
  id uuid not null,
  installation_id uuid not null,
  -- Of its cause: the same once more finds the one that is there.
  key text not null,
  -- What goes to the same place goes in its order.
  lane text not null,
  what jsonb not null,
  card_id uuid,
  conversation_id uuid,
  seq bigint,
  state text not null default 'waiting',
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  -- As the service calls it.
  message text,
  last_error text,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, key),
  foreign key (tenant_id, installation_id) references channel_installation (tenant_id, id) on delete cascade,
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);
create index channel_out_open on channel_out (tenant_id, installation_id, lane, id) where state in ('waiting', 'sending');
create index channel_out_due on channel_out (due_at) where state in ('waiting', 'sending');
create index channel_out_card on channel_out (tenant_id, card_id) where card_id is not null;
create index channel_out_age on channel_out (created_at);
