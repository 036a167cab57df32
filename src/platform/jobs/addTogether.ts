import { v7 as newId } from "uuid";
import { Refusal } from "../../protocol/refusal.ts";
import type { Json } from "../bus/bus.ts";
import type { Sql } from "../database/database.ts";
import { insertDueJobs, type NewDueJob } from "./jobStore.ts";

/** Statements under way at once: one is executed while another waits for the disk. */
const statementsAtOnce = 2;
const jobsPerStatement = 200;
/** What may wait for the database before more is refused: seconds' worth of a busy process. */
const mostWaiting = 5000;

interface Waiting {
  job: NewDueJob;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Writes down jobs of one kind, of any tenants, each once for its key and due at once: what comes while a statement is on its way goes together with
 * the next. Resolves after the commit; Refusal `unavailable`: not known to be written, and the same once more is harmless. `sql` sees all tenants, and
 * has connections of its own: whoever brings them doesn't wait for long.
 */
export function addTogether(sql: Sql, kind: string): (tenant: string, job: { key: string; data: Json }) => Promise<void> {
  const waiting: Waiting[] = [];
  let inFlight = 0;
  const write = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      await insertDueJobs(
        sql,
        kind,
        batch.map(({ job }) => job),
      );
      for (const { resolve } of batch) resolve();
    } catch (error) {
      const isUnavailable = error instanceof Refusal && error.code === "unavailable";
      // One that the database won't take must not take the others with it; where it takes nothing, whoever waits behind is told at once.
      if (batch.length > 1 && !isUnavailable) for (const one of batch) await write([one]);
      else for (const { reject } of isUnavailable ? [...batch, ...waiting.splice(0)] : batch) reject(error);
    }
  };
  const send = () => {
    if (inFlight >= statementsAtOnce || waiting.length === 0) return;
    inFlight++;
    void write(waiting.splice(0, jobsPerStatement)).finally(() => {
      inFlight--;
      send();
    });
    send();
  };
  return (tenant, { key, data }) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= mostWaiting)
        return reject(new Refusal("unavailable", "Too much waits to be written down.", { retryAfterMs: 1000 }));
      waiting.push({ job: { tenant, id: newId(), key, data }, resolve, reject });
      // After what came in this turn of the event loop, so that it goes together.
      if (waiting.length === 1) setImmediate(send);
    });
}
