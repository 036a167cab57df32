import { Refusal } from "../protocol/refusal.ts";

/**
 * Something that a person sent. It never throws; where it failed since the database can't be reached, it answers that, and gets it where one before it did:
 * whoever has waited in line tells it at once, and doesn't wait as long once more (faults.md, row 20: 5 s).
 */
export type Work = (before: Unavailable) => Promise<Unavailable>;
export type Unavailable = Refusal | undefined;

/** Does work at once; `slow` work, which looks something up first, is waited for by whatever comes after it. */
export type InOrder = (slow: boolean, work: Work) => Promise<void>;

/** What a person sends is kept in the order in which they sent it, although a message with files takes a statement more, and "is typing" must not come after the words. */
export function createInOrder(): InOrder {
  let last: Promise<Unavailable> | undefined;
  return async (slow, work) => {
    if (last === undefined && !slow) return void (await work(undefined));
    const mine: Promise<Unavailable> = (last ?? Promise.resolve(undefined)).then(work).finally(() => {
      if (last === mine) last = undefined;
    });
    last = mine;
    await mine;
  };
}

/** What those who wait in line hear of it. */
export function asUnavailable(error: unknown): Unavailable {
  return error instanceof Refusal && error.code === "unavailable" ? error : undefined;
}
