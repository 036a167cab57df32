-- expand
-- By which browser a refresh token was used, as a hash; none where a process of before used it.
alter table refresh_token add column used_agent bytea;
