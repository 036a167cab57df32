import type { Controller } from "../../protocol/conversation.ts";
import type { Control, Muted, Standing } from "../conversation.ts";

/** The columns of a conversation that say who controls it. */
export interface ControlRow {
  controller: Controller;
  generation: number;
  agent_id: string | null;
  agent_name: string | null;
  queued_at: Date | null;
  open: boolean;
  team: string;
}

/** And those that say to whom it is offered. */
export interface StandingRow extends ControlRow, OfferRow {
  muted: Muted | null;
}

export interface OfferRow {
  offered_to: string | null;
  offered_name: string | null;
  offered_until: Date | null;
  offer_kind: "assignment" | "transfer" | null;
}

export function toControl(row: ControlRow): Control {
  return {
    controller: row.controller,
    generation: row.generation,
    agent: row.agent_id === null ? null : { id: row.agent_id, name: row.agent_name ?? "" },
    queuedAt: row.queued_at?.toISOString() ?? null,
    open: row.open,
    team: row.team,
  };
}

export function toStanding(row: StandingRow): Standing {
  return { ...toControl(row), offer: toOffer(row), ...(row.muted === null ? {} : { muted: row.muted }) };
}

export function toOffer({ offered_to, offered_name, offered_until, offer_kind }: OfferRow): Standing["offer"] {
  if (offered_to === null || offered_until === null || offer_kind === null) return null;
  return { to: { id: offered_to, name: offered_name ?? "" }, kind: offer_kind, until: offered_until.toISOString() };
}
