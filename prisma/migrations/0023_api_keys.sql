-- expand: keys with which programs ask over HTTP, each in its maker's name. Of a key there is the hash only.
create table api_key (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  name text not null,
  prefix text not null,
  token_hash bytea not null unique,
  scopes text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references membership (tenant_id, account_id) on delete cascade
);
create index api_key_account on api_key (account_id);
