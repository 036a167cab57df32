import { Refusal } from "../../protocol/refusal.ts";
import type { Connection } from "./connection.ts";

export interface PoolLimits {
  perSource: number;
  /** Of all sources of the process together. */
  together: number;
  idleMs: number;
  waitMs: number;
}

export const poolLimits: PoolLimits = { perSource: 4, together: 32, idleMs: 30_000, waitMs: 10_000 };

export interface ConnectionPool {
  /** A connection, when one is free. Refusal `unavailable` when none is in time, and what opening throws. */
  take(signal?: AbortSignal): Promise<Connection>;
  /** Gives it back as it was taken; `false` throws it away. */
  give(connection: Connection, isClean: boolean): void;
  /** Whether somebody waits for a connection of this one: who is given back now, is taken at once. */
  isAwaited(): boolean;
  close(): Promise<void>;
}

/** An idle connection, or leave to open one. */
type Place = Connection | "new";

interface Waiting {
  pool: Pool;
  start: (place: Place) => void;
}

interface Pool {
  open: number;
  idle: { connection: Connection; timer: NodeJS.Timeout }[];
}

/**
 * Connections of all data sources of a process: a bound for each and one for all, apart from the product's own pools, so that however many operations
 * run at once, the chat's statements don't wait behind them. Who waits is served in turn; one source that is busy holds up no other.
 */
export class ConnectionPools {
  readonly #limits: PoolLimits;
  readonly #pools = new Set<Pool>();
  #waiting: Waiting[] = [];

  constructor(limits: PoolLimits = poolLimits) {
    this.#limits = limits;
  }

  pool(connect: () => Promise<Connection>): ConnectionPool {
    const pool: Pool = { open: 0, idle: [] };
    this.#pools.add(pool);
    return {
      take: async (signal) => {
        const place = this.#enter(pool) ?? (await this.#wait(pool, signal));
        if (place !== "new") return place;
        try {
          return await connect();
        } catch (error) {
          this.#free(pool);
          throw error;
        }
      },
      give: (connection, isClean) => {
        if (isClean && this.#pools.has(pool)) this.#keep(pool, connection);
        else {
          connection.destroy();
          this.#free(pool);
        }
      },
      isAwaited: () => this.#waiting.some((waiting) => waiting.pool === pool),
      close: async () => {
        this.#pools.delete(pool);
        for (const { connection, timer } of pool.idle.splice(0)) {
          clearTimeout(timer);
          connection.destroy();
        }
      },
    };
  }

  async #wait(pool: Pool, signal?: AbortSignal): Promise<Place> {
    const { waitMs } = this.#limits;
    return await new Promise<Place>((resolve, reject) => {
      const waiting: Waiting = {
        pool,
        start: (place) => {
          leave();
          resolve(place);
        },
      };
      const leave = () => {
        clearTimeout(late);
        signal?.removeEventListener("abort", stop);
      };
      const stop = () => {
        leave();
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(
          new Refusal("unavailable", "Too many queries run on this data source at once; try again in a moment.", { retryAfterMs: 1000 }),
        );
      };
      const late = setTimeout(stop, waitMs);
      if (signal?.aborted === true) stop();
      else {
        signal?.addEventListener("abort", stop, { once: true });
        this.#waiting.push(waiting);
      }
    });
  }

  #enter(pool: Pool): Place | undefined {
    const { perSource, together } = this.#limits;
    const idle = pool.idle.pop();
    if (idle !== undefined) {
      clearTimeout(idle.timer);
      return idle.connection;
    }
    if (pool.open >= perSource) return undefined;
    const all = [...this.#pools];
    if (all.reduce((sum, { open }) => sum + open, 0) >= together) {
      const lender = all.find(({ idle }) => idle.length > 0);
      const lent = lender?.idle.shift();
      if (lender === undefined || lent === undefined) return undefined;
      clearTimeout(lent.timer);
      lent.connection.destroy();
      lender.open -= 1;
    }
    pool.open += 1;
    return "new";
  }

  #keep(pool: Pool, connection: Connection): void {
    const timer = setTimeout(() => {
      pool.idle = pool.idle.filter((idle) => idle.connection !== connection);
      connection.destroy();
      this.#free(pool);
    }, this.#limits.idleMs);
    timer.unref();
    pool.idle.push({ connection, timer });
    this.#serve();
  }

  #free(pool: Pool): void {
    pool.open -= 1;
    this.#serve();
  }

  #serve(): void {
    for (const waiting of [...this.#waiting]) {
      const place = this.#enter(waiting.pool);
      if (place === undefined) continue;
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      waiting.start(place);
    }
  }
}
