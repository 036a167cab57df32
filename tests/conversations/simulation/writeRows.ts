import type { Controller } from "../../../src/protocol/conversation.ts";

/** The first row of a write; with a message it is that one's row too. */
export interface WriteRow {
  write: number;
  i: number;
  conversation_id: string;
  n: number;
  need_generation?: number;
  need_agent?: string;
  turn_wanted?: boolean;
  turn_ends?: number;
  turn_holder?: string;
  to_controller?: Controller;
  to_agent?: string;
  to_agent_name?: string;
  to_open?: boolean;
  by_id?: string;
  reason?: string;
  last_author?: string;
  from_visitor: number;
  answer_generation?: number;
  answer_text?: string;
  answer_command?: string;
}

export interface MessageRow {
  write: number;
  i: number;
  key: string;
  author_kind: string;
  author_id?: string;
  text: string;
  command?: string;
}
