-- Up to which message a page of the visitor, and a desk, was shown: apart from the conversation's row, which every message updates.
create table shown_mark (
  tenant_id uuid not null,
  conversation_id uuid not null,
  visitor_seq bigint not null default 0,
  agent_seq bigint not null default 0,
  primary key (tenant_id, conversation_id),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
) with (fillfactor = 80);
