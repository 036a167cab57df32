-- Hours, the texts of an inbox, service levels.

create table calendar (
  tenant_id uuid not null,
  key text not null,
  name text not null,
  time_zone text not null,
  -- [{"day": 1 to 7, Monday first, "from": minutes, "to": minutes}]; a `to` beyond 1440 is on the day after.
  spans jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, key)
);

create table calendar_holiday (
  tenant_id uuid not null,
  calendar text not null,
  first_day date not null,
  last_day date not null,
  name text not null,
  -- [{"from": minutes, "to": minutes}] of each day; none: closed.
  spans jsonb not null default '[]',
  primary key (tenant_id, calendar, first_day),
  foreign key (tenant_id, calendar) references calendar (tenant_id, key) on delete cascade,
  check (last_day >= first_day)
);

alter table inbox
  add column calendar text,
  add column colour text,
  -- {"asks": boolean, "teams": [key], "fields": [{"name", "type", "required"}]}; their words are texts.
  add column prechat jsonb,
  add foreign key (tenant_id, calendar) references calendar (tenant_id, key);

create table team_calendar (
  tenant_id uuid not null,
  team text not null,
  calendar text not null,
  primary key (tenant_id, team),
  foreign key (tenant_id, calendar) references calendar (tenant_id, key)
);

-- What an inbox says, in each language that the tenant wrote.
create table inbox_text (
  tenant_id uuid not null,
  inbox_id uuid not null,
  key text not null,
  language text not null,
  text text not null,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, inbox_id, key, language),
  foreign key (tenant_id, inbox_id) references inbox (tenant_id, id) on delete cascade
);

-- A bubble beside the launcher; its words are the text `proactive.<key>`.
create table inbox_proactive (
  tenant_id uuid not null,
  inbox_id uuid not null,
  key text not null,
  page_pattern text not null,
  after_seconds integer not null check (after_seconds >= 0),
  created_at timestamptz not null default now(),
  primary key (tenant_id, inbox_id, key),
  foreign key (tenant_id, inbox_id) references inbox (tenant_id, id) on delete cascade
);

insert into inbox_text (tenant_id, inbox_id, key, language, text)
select i.tenant_id, i.id, 'greeting', t.language, i.greeting from inbox i join tenant t on t.id = i.tenant_id where i.greeting <> '';
alter table inbox drop column greeting;

-- What a tenant promises to those who wait for a person, by priority.
create table service_level (
  tenant_id uuid not null,
  priority smallint not null check (priority between 1 and 4),
  calendar text not null,
  first_answer_minutes integer check (first_answer_minutes > 0),
  next_answer_minutes integer check (next_answer_minutes > 0),
  resolution_minutes integer check (resolution_minutes > 0),
  warn_percent smallint not null default 80 check (warn_percent between 1 and 99),
  raise_to smallint check (raise_to between 1 and 4),
  move_to text,
  primary key (tenant_id, priority),
  foreign key (tenant_id, calendar) references calendar (tenant_id, key),
  check (coalesce(first_answer_minutes, next_answer_minutes, resolution_minutes) is not null)
);

-- How far a conversation's history was followed, and which promise is due next.
create table service_track (
  tenant_id uuid not null,
  conversation_id uuid not null,
  last_seq bigint not null,
  last_generation integer not null,
  story jsonb not null,
  kind text,
  begun_at timestamptz,
  due_at timestamptz,
  warn_at timestamptz,
  -- When somebody must look again; null while nothing is due.
  next_at timestamptz,
  primary key (tenant_id, conversation_id),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);
create index service_track_next on service_track (next_at) where next_at is not null;

-- One promise to one conversation, and how it ended.
create table service_timer (
  tenant_id uuid not null,
  conversation_id uuid not null,
  kind text not null check (kind in ('first', 'next', 'resolution')),
  begun_at timestamptz not null,
  due_at timestamptz,
  warned_at timestamptz,
  breached_at timestamptz,
  ended_at timestamptz,
  -- Open time that it took, in milliseconds.
  took_ms bigint,
  primary key (tenant_id, conversation_id, kind, begun_at),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);
