/** What a visitor said of a conversation when it ended. */
export interface Rating {
  /** 1, bad, to 5, very good. */
  score: number;
  comment: string;
  /** ISO 8601, UTC: when it was given first. */
  at: string;
}

/** The longest comment, in characters. */
export const maxCommentLength = 2000;
