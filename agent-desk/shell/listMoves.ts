/** How the shortcuts reach the list that is on the page. */
export const listMoves: { move: (step: 1 | -1) => void } = { move: () => {} };
