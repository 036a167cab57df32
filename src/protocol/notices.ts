/** What somebody is told of by themselves. */
export const noticeKinds = ["offer", "assigned", "queue", "service", "mail", "mention", "approval", "run", "message"] as const;
export type NoticeKind = (typeof noticeKinds)[number];

export const noticeChannels = ["desk", "push", "mail"] as const;
export type NoticeChannel = (typeof noticeChannels)[number];

/** An entry of the topic `notices`: the newest of the account's own. */
export interface NoticeEntry {
  kind: "notice";
  id: string;
  what: NoticeKind;
  /** What it is about: a conversation, a run, or nothing but itself. */
  conversation: string | null;
  run: string | null;
  team: string;
  /** Whom it is about; of a run and a message, what is told. */
  who: string;
  at: string;
  read: boolean;
}

export interface NoticeSettings {
  /** By kind, where it is told. */
  kinds: Record<NoticeKind, Record<NoticeChannel, boolean>>;
  /** No push and no mail from, until: minutes of the day in the zone. */
  quiet: { from: number; to: number; timeZone: string } | null;
  /** Whether a push may show what the visitor wrote last. */
  preview: boolean;
}

/** A notice in words, for a list, a push and a mail. */
export function noticeText({ what, who, team }: Pick<NoticeEntry, "what" | "who" | "team">): string {
  switch (what) {
    case "offer":
      return `${who} is offered to you`;
    case "assigned":
      return `${who} was handed to you`;
    case "queue":
      return `${who} waits for ${team}, and nobody answers`;
    case "service":
      return `The answer to ${who} is due`;
    case "mail":
      return `A mail to ${who} was not sent`;
    case "mention":
      return `${who} mentioned you in a note`;
    case "approval":
      return `Your approval is asked: ${who}`;
    case "run":
    case "message":
      return who;
  }
}
