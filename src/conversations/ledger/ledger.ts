import type { Sql } from "../../platform/database/database.ts";
import { sqlState } from "../../platform/database/database.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Outcome, Write } from "../conversation.ts";
import { commitWrites } from "./ledgerStore.ts";

/** Statements under way at once: one is parsed and executed while another waits for the disk. More only make the batches smaller. */
const statementsAtOnce = 2;
const writesPerStatement = 500;
/** What may wait for the database before new writes are refused: about a second's worth of a busy process. */
const mostWaiting = 20_000;

interface Waiting {
  write: Write;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

/**
 * The one way into the ledger. Writes that arrive while a statement is in flight are committed together by the next;
 * those of one conversation keep their order, one a statement.
 */
export class Ledger {
  readonly #sql: Sql;
  readonly #holder: string | null;
  /** Per conversation what waits, oldest first. A conversation whose write is in flight stands here too. */
  readonly #waiting = new Map<string, Waiting[]>();
  /** Conversations with something to write now and nothing in flight. */
  #ready = new Set<string>();
  #waitingCount = 0;
  #inFlight = 0;
  #scheduled = false;
  #idle: (() => void)[] = [];

  /** `holder` is this process where it also works on turns, else null: they are left to the routers. */
  constructor(sql: Sql, holder: string | null) {
    this.#sql = sql;
    this.#holder = holder;
  }

  /** Resolves after the commit. Refusal `unavailable`: not known to be saved; the same write again is harmless. */
  commit(write: Write): Promise<Outcome> {
    if (this.#waitingCount >= mostWaiting) {
      return Promise.reject(
        new Refusal("unavailable", "Too much is waiting to be saved. Nothing is lost; it is tried again.", { retryAfterMs: 1000 }),
      );
    }
    return new Promise((resolve, reject) => {
      // Two tenants' conversations of the same id, which there aren't, would only wait for each other.
      const conversation = write.conversation.id;
      const line = this.#waiting.get(conversation);
      if (line === undefined) {
        const waiting = { write, resolve, reject };
        this.#waiting.set(conversation, [waiting]);
        if (write.answer === undefined) this.#ready.add(conversation);
        else void write.answer.ready.then(() => this.#release(conversation, waiting));
      } else {
        line.push({ write, resolve, reject });
      }
      this.#waitingCount++;
      this.#schedule();
    });
  }

  /** Whether a write of this conversation waits or is in flight. */
  isWriting(conversation: string): boolean {
    return this.#waiting.has(conversation);
  }

  /** Resolves when nothing waits and nothing is in flight. */
  drained(): Promise<void> {
    return this.#waitingCount === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Its answer is there, or comes too late. */
  #release(conversation: string, waiting: Waiting): void {
    if (this.#waiting.get(conversation)?.[0] !== waiting) return;
    this.#ready.add(conversation);
    this.#schedule();
  }

  /** After the sockets of this turn of the event loop were read, so that what they brought goes together. */
  #schedule(): void {
    if (this.#scheduled || this.#inFlight >= statementsAtOnce) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#ready.size > 0) this.#send();
    });
  }

  #send(): void {
    const batch: { conversation: string; waiting: Waiting }[] = [];
    for (const conversation of this.#ready) {
      if (batch.length >= writesPerStatement) break;
      const waiting = this.#waiting.get(conversation)?.[0];
      this.#ready.delete(conversation);
      if (waiting !== undefined) batch.push({ conversation, waiting });
    }
    this.#inFlight++;
    this.#write(batch.map(({ waiting }) => waiting)).finally(() => {
      this.#inFlight--;
      for (const { conversation } of batch) this.#finish(conversation);
      if (this.#waitingCount === 0) for (const tell of this.#idle.splice(0)) tell();
      if (this.#ready.size > 0) this.#schedule();
    });
    if (this.#ready.size > 0) this.#schedule();
  }

  #finish(conversation: string): void {
    this.#waitingCount--;
    const line = this.#waiting.get(conversation);
    line?.shift();
    if (line === undefined || line.length === 0) this.#waiting.delete(conversation);
    else this.#ready.add(conversation);
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#commit(batch.map(({ write }) => write));
      for (const [index, waiting] of batch.entries()) waiting.resolve(outcomes[index] ?? { kind: "refused" });
    } catch (error) {
      if (error instanceof Refusal && error.code === "unavailable") {
        for (const waiting of batch) waiting.reject(error);
        this.#refuseWaiting(error);
      } else if (batch.length === 1) {
        for (const waiting of batch) await this.#writeAlone(waiting, error);
      } else {
        // One write that the database won't take must not take the others down with it.
        for (const waiting of batch) await this.#write([waiting]);
      }
    }
  }

  /** An answer that the database won't take must not keep its question from being saved: it is the turn's then, which counts its failures. */
  async #writeAlone(waiting: Waiting, error: unknown): Promise<void> {
    const { answer, ...write } = waiting.write;
    if (answer?.message === undefined) return waiting.reject(error);
    await this.#write([{ ...waiting, write }]);
  }

  /** Whoever waits behind a statement that ran into its deadline would be told only after a second one (faults.md, row 20: 5 s). */
  #refuseWaiting(error: Refusal): void {
    for (const [conversation, line] of this.#waiting) {
      const inFlight = this.#ready.has(conversation) ? 0 : 1;
      for (const waiting of line.splice(inFlight)) {
        this.#waitingCount--;
        waiting.reject(error);
      }
      if (line.length > 0) continue;
      this.#waiting.delete(conversation);
      this.#ready.delete(conversation);
    }
  }

  /** A rival's key committed in between (23505), a deadlock (40P01) or a serialization failure (40001): the batch as a whole again. */
  async #commit(writes: readonly Write[], triesLeft = 3): Promise<Outcome[]> {
    try {
      return await commitWrites(this.#sql, writes, this.#holder);
    } catch (error) {
      if (triesLeft === 0 || !["23505", "40P01", "40001"].includes(sqlState(error) ?? "")) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      return this.#commit(writes, triesLeft - 1);
    }
  }
}
