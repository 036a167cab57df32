/** A colleague or a team whom a note names: in its text stands `@` and the name. */
export interface Mentioned {
  /** The account's id, or `team:` and the team's key. */
  id: string;
  /** As it was when the note was written. */
  name: string;
}

/** A note names at most so many. */
export const mostMentioned = 20;

/** An entry of the topic `mentions`: a note in which the account that watches is named. */
export interface MentionItem {
  kind: "mention";
  /** The note's. */
  id: string;
  conversation: string;
  contact: string;
  /** Who named them. */
  author: string;
  text: string;
  at: string;
  read: boolean;
}
