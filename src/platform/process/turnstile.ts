/** Lets so many work at once; the others wait, in their order. */
export type Turnstile = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * A few at once keep the database as busy as thousands do. Without it the many who come back after a restart wait for a connection all together,
 * and are refused when that takes 3 s (faults.md, row 11: of 10,000 sockets at once 4,000 were), with everybody else who needs one.
 */
export function createTurnstile(most: number): Turnstile {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (work) => {
    if (inside < most) inside++;
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) inside--;
      else next();
    }
  };
}
