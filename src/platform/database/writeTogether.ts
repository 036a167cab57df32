import { Refusal } from "../../protocol/refusal.ts";

/** Statements under way at once: one is executed while another waits for the disk. */
const statementsAtOnce = 2;
/** What may wait for the database before more is refused: seconds' worth of a busy process. */
const mostWaiting = 5000;

interface Waiting<Row, Result> {
  row: Row;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Writes rows by `write`, which answers one result for each and writes all or none: what comes while a statement is on its way goes together with the
 * next, at most `most`. Resolves after the commit; Refusal `unavailable`: not known to be written, and the same once more must be harmless.
 */
export function writeTogether<Row, Result extends object | boolean>(
  write: (rows: readonly Row[]) => Promise<readonly Result[]>,
  most: number,
): (row: Row) => Promise<Result> {
  const waiting: Waiting<Row, Result>[] = [];
  let inFlight = 0;
  const send = async (batch: readonly Waiting<Row, Result>[]): Promise<void> => {
    try {
      const results = await write(batch.map(({ row }) => row));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const result = results[index];
        if (result === undefined) reject(new Error("a row that was written has no answer"));
        else resolve(result);
      }
    } catch (error) {
      const isUnavailable = error instanceof Refusal && error.code === "unavailable";
      // One that the database won't take must not take the others with it; where it takes nothing, whoever waits behind is told at once.
      if (batch.length > 1 && !isUnavailable) for (const one of batch) await send([one]);
      else for (const { reject } of isUnavailable ? [...batch, ...waiting.splice(0)] : batch) reject(error);
    }
  };
  const sendNext = () => {
    if (inFlight >= statementsAtOnce || waiting.length === 0) return;
    inFlight++;
    void send(waiting.splice(0, most)).finally(() => {
      inFlight--;
      sendNext();
    });
    sendNext();
  };
  return (row) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= mostWaiting)
        return reject(new Refusal("unavailable", "Too much waits to be written down.", { retryAfterMs: 1000 }));
      waiting.push({ row, resolve, reject });
      // After what came in this turn of the event loop, so that it goes together.
      if (waiting.length === 1) setImmediate(sendNext);
    });
}
