/** How the shortcuts reach the list that is on the page. */
export const listMoves: {
  move: (step: 1 | -1) => void;
  /** The entry that takes this one's place when it leaves the list; null where there is none. */
  beside: (conversation: string) => string | null;
} = { move: () => {}, beside: () => null };
