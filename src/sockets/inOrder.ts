/** Does work at once; `slow` work, which looks something up first, is waited for by whatever comes after it. */
export type InOrder = (slow: boolean, work: () => Promise<void>) => Promise<void>;

/** What a person sends is kept in the order in which they sent it, although a message with files takes a statement more, and "is typing" must not come after the words. `work` never throws. */
export function createInOrder(): InOrder {
  let last: Promise<void> | undefined;
  return (slow, work) => {
    if (last === undefined && !slow) return work();
    const mine = (last ?? Promise.resolve()).then(work).finally(() => {
      if (last === mine) last = undefined;
    });
    last = mine;
    return mine;
  };
}
