import type { Clock } from "../../platform/clock/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import type { TicketAnswer } from "../../protocol/access.ts";
import type { AccountPrincipal } from "../principal.ts";
import { hashOfToken, newToken } from "./opaqueToken.ts";

interface Outside {
  database: Pick<Database, "acrossTenants">;
  clock: Pick<Clock, "now">;
}

const ticketMs = 30_000;

/** A ticket with which a page opens one socket within 30 s, so that no token is ever in a URL or a frame. */
export async function issueSocketTicket({ database, clock }: Outside, principal: AccountPrincipal): Promise<TicketAnswer> {
  const ticket = newToken();
  const expiresAt = new Date(clock.now() + ticketMs);
  await database.acrossTenants.query("insert into socket_ticket (ticket_hash, session_id, expires_at) values ($1, $2, $3)", [
    hashOfToken(ticket),
    principal.session,
    expiresAt,
  ]);
  return { ticket, expiresAt: expiresAt.toISOString() };
}

/** The session of a ticket; none if it is false, expired or used. Deleting it is using it: of two that come at once, one gets it. */
export async function takeSocketTicket({ database, clock }: Outside, ticket: string): Promise<string | undefined> {
  const [taken] = await database.acrossTenants.query<{ session: string; expiresAt: Date }>(
    'delete from socket_ticket where ticket_hash = $1 returning session_id as session, expires_at as "expiresAt"',
    [hashOfToken(ticket)],
  );
  return taken !== undefined && taken.expiresAt.getTime() > clock.now() ? taken.session : undefined;
}
