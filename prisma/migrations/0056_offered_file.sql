-- expand
-- Files that somebody in a chat is asked about before they go there (Teams' file consent).
create table channel_offered_file (
  tenant_id uuid not null,
  id uuid not null,
  installation_id uuid not null,
  -- Where it was offered: nobody takes it elsewhere.
  room text not null,
  file_id uuid not null,
  offered_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, installation_id) references channel_installation (tenant_id, id) on delete cascade,
  foreign key (tenant_id, file_id) references file (tenant_id, id) on delete cascade
);
create index channel_offered_file_age on channel_offered_file (offered_at);
create index channel_offered_file_file on channel_offered_file (tenant_id, file_id);
