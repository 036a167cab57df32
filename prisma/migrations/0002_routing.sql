-- Routing: teams and their members, what an agent can take, the order of a queue, offers and why they were made.

create table team (
  tenant_id uuid not null references tenant (id),
  -- What commands, topics and conversation.team name it by.
  key text not null check (key ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
  name text not null,
  -- How long an offer stands before it goes to the next.
  offer_seconds integer not null default 30 check (offer_seconds between 5 and 600),
  active boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (tenant_id, key)
);

create table agent_profile (
  tenant_id uuid not null,
  account_id uuid not null,
  capacity integer not null default 5 check (capacity between 0 and 1000),
  -- Per channel how many of the capacity it may use, like {"mail": 10}; a channel that isn't named may use all of it.
  channel_capacity jsonb not null default '{}',
  -- Empty: any language.
  languages text[] not null default '{}',
  skills text[] not null default '{}',
  -- When the last offer was made, for ties.
  offered_at timestamptz,
  primary key (tenant_id, account_id),
  foreign key (tenant_id, account_id) references membership (tenant_id, account_id) on delete cascade
) with (fillfactor = 50);

create table team_member (
  tenant_id uuid not null,
  team text not null,
  account_id uuid not null,
  primary key (tenant_id, team, account_id),
  foreign key (tenant_id, team) references team (tenant_id, key) on delete cascade,
  foreign key (tenant_id, account_id) references agent_profile (tenant_id, account_id) on delete cascade
);
create index team_member_account on team_member (tenant_id, account_id);

alter table conversation
  add column priority integer not null default 3 check (priority between 1 and 4),
  add column language text,
  add column skills text[] not null default '{}',
  add column channel text not null default 'website',
  -- 0: came back, and stands before the others of its priority.
  add column queue_rank integer not null default 1,
  add column last_agent_id uuid,
  add column offered_to uuid,
  add column offered_name text,
  add column offered_until timestamptz,
  add column offer_kind text check (offer_kind in ('assignment', 'transfer')),
  add check ((offered_to is null) = (offer_kind is null) and (offered_to is null) = (offered_until is null)),
  -- An assignment is offered out of the queue, a transfer while the sender still answers.
  add check (offer_kind is null or controller = case offer_kind when 'transfer' then 'agent' else 'queue' end);

drop index conversation_queue;
create index conversation_queue on conversation (tenant_id, team, priority, queue_rank, queued_at, id) where controller = 'queue';
create index conversation_offered on conversation (tenant_id, offered_to) where offered_to is not null;

-- Every offer, who was considered for it, and how it ended: the record behind `conversation.why`.
create table assignment (
  tenant_id uuid not null,
  conversation_id uuid not null,
  id uuid not null,
  team text not null,
  kind text not null check (kind in ('assignment', 'transfer')),
  agent_id uuid not null,
  agent_name text not null,
  -- Who transferred it; null for an assignment.
  sender_id uuid,
  considered jsonb not null,
  at timestamptz not null default now(),
  until timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('accepted', 'declined', 'expired', 'dropped', 'withdrawn')),
  primary key (tenant_id, conversation_id, id),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade,
  check ((ended_at is null) = (outcome is null))
);

-- When the last socket of an account with this gateway ended; null while it has one.
alter table agent_connection add column left_at timestamptz;

-- The teams that inboxes name already, with everybody who is an agent.
insert into team (tenant_id, key, name) select distinct tenant_id, team, initcap(team) from inbox where team ~ '^[a-z0-9][a-z0-9-]{0,59}$';
insert into agent_profile (tenant_id, account_id) select tenant_id, account_id from membership where 'agent' = any(roles);
insert into team_member (tenant_id, team, account_id)
  select t.tenant_id, t.key, p.account_id from team t join agent_profile p on p.tenant_id = t.tenant_id;
