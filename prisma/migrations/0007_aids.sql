-- What helps agents: tags, custom fields, identities, canned answers, macros, saved views, search.

alter table contact
  add column phone text,
  add column notes text not null default '',
  add column tags uuid[] not null default '{}',
  add column fields jsonb not null default '{}',
  -- Counts the changes that a person may overwrite: name, e-mail, phone, notes, fields. Tags are added and removed one by one.
  add column version integer not null default 0,
  add column browser text,
  add column time_zone text,
  -- Whether contact_search has it as it stands.
  add column searched boolean not null default false;
create index contact_unsearched on contact (tenant_id, id) where not searched;
create index contact_tags on contact using gin (tags) where tags <> '{}';

-- Whoever changes what a contact is found by, in whichever statement: it is indexed again.
create function contact_changed() returns trigger language plpgsql as $$
begin
  new.searched := false;
  return new;
end $$;
create trigger contact_changed before update of name, email, phone on contact for each row
  when (old.name is distinct from new.name or old.email is distinct from new.email or old.phone is distinct from new.phone)
  execute function contact_changed();

-- How a contact is known in a channel. Only verified ones say that two contacts are one person.
create table contact_identity (
  tenant_id uuid not null,
  contact_id uuid not null,
  kind text not null,
  value text not null,
  verified boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (tenant_id, contact_id, kind, value),
  foreign key (tenant_id, contact_id) references contact (tenant_id, id) on delete cascade
);
create unique index contact_identity_verified on contact_identity (tenant_id, kind, value) where verified;

-- Of a conversation's row, which every message updates: both are mostly empty, and no index changes with a message.
alter table conversation
  add column tags uuid[] not null default '{}',
  add column fields jsonb not null default '{}',
  add column version integer not null default 0;
create index conversation_tags on conversation using gin (tags) where tags <> '{}';

create table tag (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create unique index tag_name on tag (tenant_id, lower(name));

create table custom_field (
  tenant_id uuid not null,
  subject text not null check (subject in ('contact', 'conversation')),
  key text not null,
  name text not null,
  type text not null check (type in ('text', 'number', 'date', 'choice', 'boolean')),
  choices text[] not null default '{}',
  created_at timestamptz not null default now(),
  primary key (tenant_id, subject, key)
);

-- Canned answers, macros and saved views: alike in who owns them, apart in their body.
create table desk_aid (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('canned', 'macro', 'view')),
  -- everyone, team:<key>, or person:<account>
  owner text not null,
  name text not null,
  body jsonb not null,
  version integer not null default 1,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create unique index desk_aid_name on desk_aid (tenant_id, kind, owner, lower(name));

-- The words of messages, filled behind them by a job, so that the statement that commits a message maintains no index of words.
create table message_search (
  tenant_id uuid not null,
  conversation_id uuid not null,
  seq bigint not null,
  at timestamptz not null,
  words tsvector not null,
  primary key (tenant_id, conversation_id, seq)
);
create index message_search_at on message_search (tenant_id, at);
create index message_search_words on message_search using gin (words);

-- Up to which message a conversation is in message_search.
create table search_mark (
  tenant_id uuid not null,
  conversation_id uuid not null,
  seq bigint not null,
  primary key (tenant_id, conversation_id)
) with (fillfactor = 80);

create table contact_search (
  tenant_id uuid not null,
  contact_id uuid not null,
  words tsvector not null,
  primary key (tenant_id, contact_id),
  foreign key (tenant_id, contact_id) references contact (tenant_id, id) on delete cascade
);
create index contact_search_words on contact_search using gin (words);
