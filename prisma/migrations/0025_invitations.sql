-- expand: the invitations of a tenant, among all mailed links.
create index account_link_tenant on account_link ((detail ->> 'tenant'), created_at) where purpose = 'invitation';
