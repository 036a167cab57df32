-- Colleagues who are named in an internal note.

-- Who is meant by `@` and a name in the text: [{"id": "…", "name": "…"}], a team's id is `team:` and its key. Null for none.
alter table note add column mentions jsonb;

-- One for each person: whoever stands in a team that was named has one too.
create table mention (
  tenant_id uuid not null,
  account_id uuid not null,
  conversation_id uuid not null,
  note_id uuid not null,
  at timestamptz not null default now(),
  read_at timestamptz,
  primary key (tenant_id, conversation_id, note_id, account_id),
  foreign key (tenant_id, account_id) references membership (tenant_id, account_id) on delete cascade,
  foreign key (tenant_id, conversation_id, note_id) references note (tenant_id, conversation_id, id) on delete cascade
);
-- As the view shows them: those that are not read first, then the newest.
create index mention_shown on mention (tenant_id, account_id, (read_at is not null), at desc, note_id);
-- For the job of the notices: what came lately, in all tenants.
create index mention_lately on mention (at);

alter table notice drop constraint notice_kind_check;
alter table notice add constraint notice_kind_check check (kind in ('offer', 'assigned', 'queue', 'service', 'mail', 'mention'));
