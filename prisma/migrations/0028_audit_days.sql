-- expand: for how long a tenant keeps who did what.
alter table tenant add column audit_days integer not null default 730 check (audit_days between 90 and 3650);
