-- expand: whose domain it is, is proven by a record that only its owner can set. A process of before goes on by the owners' addresses.
alter table tenant_sso
  add column domain_token uuid not null default gen_random_uuid(),
  add column proven_domains text[] not null default '{}';
