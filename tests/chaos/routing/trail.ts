import { query } from "../processes/postgres.ts";

/**
 * Lets the database itself keep how each conversation stood and what was offered, change by change, in the transaction of the change: what
 * looks now and then would miss what stood for a moment. `n` counts while the conversation's row is locked, so its order is true for each.
 */
export async function keepTrail(databaseUrl: string): Promise<void> {
  await query(
    databaseUrl,
    `create table chaos_trail (
       n bigserial primary key, at timestamptz not null default clock_timestamp(), began timestamptz not null default now(),
       tx bigint not null default txid_current(), what text not null, conversation uuid not null, generation int, controller text, agent uuid,
       offered uuid, team text, priority int, rank int, queued_at timestamptz, waits boolean, offer uuid, until timestamptz, outcome text);
     create function chaos_stands() returns trigger language plpgsql security definer as $$ begin
       insert into public.chaos_trail (what, conversation, generation, controller, agent, offered, team, priority, rank, queued_at, waits)
       values ('stands', new.id, new.generation, new.controller, new.agent_id, new.offered_to, new.team, new.priority, new.queue_rank, new.queued_at,
         new.controller = 'queue' and new.offered_to is null and new.muted is null and new.snoozed_until is null);
       return null;
     end $$;
     create trigger chaos_made after insert on conversation for each row when (new.controller <> 'bot') execute function chaos_stands();
     create trigger chaos_stands after update on conversation for each row when (
       (old.generation, old.controller, old.agent_id, old.offered_to, old.team, old.priority, old.queue_rank, old.queued_at, old.muted, old.snoozed_until)
       is distinct from
       (new.generation, new.controller, new.agent_id, new.offered_to, new.team, new.priority, new.queue_rank, new.queued_at, new.muted, new.snoozed_until))
       execute function chaos_stands();
     create function chaos_offers() returns trigger language plpgsql security definer as $$ begin
       insert into public.chaos_trail (what, conversation, offer, agent, until, outcome)
       values (case when new.ended_at is null then 'offered' else 'ended' end, new.conversation_id, new.id, new.agent_id, new.until, new.outcome);
       return null;
     end $$;
     create trigger chaos_offers after insert or update of ended_at on assignment for each row
       when (new.sender_id is null and new.kind = 'assignment') execute function chaos_offers()`,
  );
}
