export const messageWays = ["mail", "notice", "chat", "reply", "note"] as const;
/** By what a message goes: to people, or (`reply`, `note`) into a conversation. */
export type MessageWay = (typeof messageWays)[number];

export const scheduledStates = ["waiting", "sent", "failed", "cancelled"] as const;
export type ScheduledState = (typeof scheduledStates)[number];

/** A message that goes later, or to many, as `message.scheduled` tells it. */
export interface ScheduledView {
  id: string;
  by: MessageWay;
  /** Of a mail. */
  subject: string | null;
  /** With `{{row.…}}` where it is another for each. */
  text: string;
  /** As the first of them reads it; null where nobody is left. */
  sample: string | null;
  state: ScheduledState;
  error: string | null;
  /** When it goes, or went. ISO 8601, UTC. */
  at: string;
  sender: { id: string; name: string };
  /** How many people, and the first few. */
  recipients: number;
  names: string[];
  sent: number;
  failed: number;
  version: number;
}
