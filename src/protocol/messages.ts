export const messageWays = ["mail", "notice", "chat", "channel", "reply", "note"] as const;
/** By what a message goes: to people, or (`reply`, `note`) into a conversation. `channel`: Slack or Teams. */
export type MessageWay = (typeof messageWays)[number];

export const scheduledStates = ["waiting", "going", "sent", "failed", "cancelled"] as const;
/** `going`: a service takes it for one after the other. */
export type ScheduledState = (typeof scheduledStates)[number];

/** A message that goes later, or to many, as `message.scheduled` tells it. */
export interface ScheduledView {
  id: string;
  by: MessageWay;
  /** The service, where it goes by one. */
  channel: string | null;
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
  /** Of these nobody can know whether they got it. */
  uncertain: number;
  version: number;
}

/** A room of Slack or Teams in which the app is. */
export interface MessageRoom {
  id: string;
  /** As the service names it; it may change. */
  name: string;
  /** The connected workspace, by its name. */
  workspace: string;
}
