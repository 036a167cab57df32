/** Somebody in a chat service. Who they are is their id in their workspace; a name is only shown and gives no right (advisory 37). */
export interface ChatPerson {
  /** Of the workspace (Slack) or organisation (Teams) that they belong to: it may be another than the one that was connected. */
  workspace: string;
  user: string;
  name: string;
  /** What they read, as BCP 47 has it, where the service says so each time: Teams. */
  locale?: string;
}

/** Where something was said, and where an answer goes. */
export interface ChatPlace {
  /** The channel, group or direct conversation. */
  room: string;
  /** The message on which a thread hangs; absent where it isn't one. */
  thread?: string;
  scope: "personal" | "group" | "channel";
  /** What the service needs besides to write there. Teams: `serviceUrl`, as a verified activity named it. */
  service?: Readonly<Record<string, string>>;
}

/** Where somebody is alone with us, of whom nobody knows that place yet: it is asked for when something is written there. */
export const aloneWithThem: ChatPlace = { room: "", scope: "personal" };

export interface ChatFile {
  name: string;
  /** Where the channel fetches it, as the service names it. */
  url: string;
  /** In bytes, as the service says. */
  size?: number;
}

/**
 * What happened in a chat service, after its request was verified. `key` is the service's own name of it, the same each time that it is delivered:
 * Slack's `event_id` or `trigger_id`, the Teams conversation and activity ids.
 */
export type ChatEvent = { key: string } & (
  | {
      kind: "said";
      person: ChatPerson;
      place: ChatPlace;
      /** The message's own id at the service. Absent for a slash command, which is none. */
      message?: string;
      /** Plain text: mentions of us are gone, those of others are `@name`, entities are decoded. */
      text: string;
      files: readonly ChatFile[];
      /** `command`: a slash command, always a line for Switchboard. `mention`: it was addressed to us. `message`: it was said where we are. */
      by: "command" | "mention" | "message";
      /** What lets a form be opened in answer, where the service gave something. */
      opener?: string;
      /** ISO 8601, UTC: when the service says that it was said. */
      at: string;
      /** What its room is called, where the service says so. */
      room?: string;
    }
  | { kind: "edited"; person: ChatPerson; place: ChatPlace; message: string; text: string; at: string }
  | { kind: "deleted"; place: ChatPlace; message: string; at: string }
  | { kind: "reacted"; person: ChatPerson; place: ChatPlace; message: string; emoji: string; on: boolean; at: string }
  | {
      kind: "pressed";
      person: ChatPerson;
      place: ChatPlace;
      card: string;
      verb: string;
      value?: string;
      /** The message that has the card, as the service says; absent where the card stands on a home page. */
      message?: string;
      opener?: string;
    }
  | {
      kind: "filled";
      person: ChatPerson;
      /** Where the form was asked for, where the service says so. */
      place?: ChatPlace;
      card: string;
      values: Readonly<Record<string, string>>;
    }
  | { kind: "lookedHome"; person: ChatPerson; place?: ChatPlace }
  /** Somebody came who can be written to: their address is kept. */
  | { kind: "met"; person: ChatPerson; place: ChatPlace; room?: string }
  /** The app isn't in this place any more. */
  | { kind: "left"; place: ChatPlace }
  /** The app was removed, or its token withdrawn. */
  | { kind: "removed"; why: string }
);
