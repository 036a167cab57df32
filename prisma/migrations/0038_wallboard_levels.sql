-- expand: for the wallboard, what was told of promises that still run.
create index service_timer_told on service_timer (tenant_id, conversation_id) where ended_at is null and (warned_at is not null or breached_at is not null);
