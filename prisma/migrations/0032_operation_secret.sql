-- expand: with what an API call proves who asks: sealed, for one scheme, host and port, and kept while a version that counts leads there.
create table operation_secret (
  tenant_id uuid not null,
  operation_id uuid not null,
  bound_to text not null,
  sealed text not null,
  changed_by text not null,
  changed_at timestamptz not null default now(),
  primary key (tenant_id, operation_id, bound_to),
  foreign key (tenant_id, operation_id) references operation (tenant_id, id) on delete cascade
);
