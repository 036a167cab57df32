import type { Controller } from "../protocol/conversation.ts";
import type { Control } from "./conversation.ts";

/** The columns of a conversation that say who controls it. */
export interface ControlRow {
  controller: Controller;
  generation: number;
  agent_id: string | null;
  agent_name: string | null;
  queued_at: Date | null;
  open: boolean;
}

export function toControl(row: ControlRow): Control {
  return {
    controller: row.controller,
    generation: row.generation,
    agent: row.agent_id === null ? null : { id: row.agent_id, name: row.agent_name ?? "" },
    queuedAt: row.queued_at?.toISOString() ?? null,
    open: row.open,
  };
}
