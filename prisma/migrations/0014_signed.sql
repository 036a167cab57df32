-- What a site has signed of its visitor: the visitor's own word changes neither.
alter table contact
  add column signed_name text,
  add column signed_email text;
