import type pg from "pg";
import type { BindConfig, Connection, ExecuteConfig, QueryParse, Submittable } from "pg";

/** What a round trip brought. */
export interface Fetched {
  /** Of the statement whose portal this is; none where the portal was opened before. */
  fields: readonly pg.FieldDef[];
  /** Texts as the server writes them. */
  rows: (string | null)[][];
  /** Whether there are no more. */
  ended: boolean;
  /** How many rows the statement read or wrote, as its end says; 0 until then. */
  count: number;
}

/**
 * Begins a transaction, opens a statement's portal in it and fetches its first rows, in one round trip and one write to the socket: the driver's cursor
 * takes four, and writes each message by itself. What fails skips whatever is behind it, so that nothing runs outside the transaction. What stands in
 * `ahead` are statements in a text of their own, which are answered first; where they fail, this does.
 */
export function openPortal(client: pg.Client, { ahead, before, text, values, rows }: Opening & { rows: number }): Promise<Fetched> {
  return exchange(client, { described: false, ahead }, (to) => {
    for (const statement of before) {
      to.parse({ text: statement });
      to.bind({});
      to.execute({});
    }
    to.parse({ text });
    to.bind({ values: values.map(String) });
    to.describe({ type: "P" });
    to.execute({ rows: String(rows) });
  });
}

export interface Opening {
  ahead?: string | undefined;
  before: readonly string[];
  text: string;
  values: readonly (string | number)[];
}

/** The next rows of the portal that was opened last: it lives as long as its transaction, or until another is opened. */
export function fetchPortal(client: pg.Client, rows: number): Promise<Fetched> {
  return exchange(client, { described: true }, (to) => to.execute({ rows: String(rows) }));
}

/** Writes that are sent together. */
interface Messages {
  parse(query: Pick<QueryParse, "text">): void;
  bind(config: Pick<BindConfig, "values">): void;
  describe(message: { type: "P" }): void;
  execute(config: Pick<ExecuteConfig, "rows">): void;
}

function exchange(
  client: pg.Client,
  { described, ahead }: { described: boolean; ahead?: string | undefined },
  write: (to: Messages) => void,
): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(described, write, resolve, reject);
    if (ahead !== undefined) client.query(new Ahead(ahead, exchange));
    client.query(exchange);
  });
}

/** Statements whose answers nobody reads, sent in one write with the exchange that waits behind them in the driver's line. */
class Ahead implements Submittable {
  readonly #text: string;
  readonly #exchange: Exchange;

  constructor(text: string, exchange: Exchange) {
    this.#text = text;
    this.#exchange = exchange;
  }

  submit(connection: Connection): void {
    connection.stream.cork();
    connection.query(this.#text);
    this.#exchange.submit(connection);
    connection.stream.uncork();
  }

  handleError(error: unknown): void {
    this.#exchange.handleError(error);
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handleReadyForQuery(): void {}
}

/** What the driver calls on whatever is submitted to it (`pg/lib/client.js`). It ends with the Sync that is its last message. */
class Exchange implements Submittable {
  readonly #write: (to: Messages) => void;
  readonly #resolve: (fetched: Fetched) => void;
  readonly #reject: (error: unknown) => void;
  #sent = false;
  /** Rows before the description are answers to what was sent ahead of the statement. */
  #described: boolean;
  #fields: readonly pg.FieldDef[] = [];
  #rows: (string | null)[][] = [];
  #ended = true;
  #count = 0;

  constructor(described: boolean, write: (to: Messages) => void, resolve: (fetched: Fetched) => void, reject: (error: unknown) => void) {
    this.#described = described;
    this.#write = write;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Sends it, once: what was sent with what is ahead of it has its turn in the driver's line later. */
  submit(connection: Connection): void {
    if (this.#sent) return;
    this.#sent = true;
    connection.stream.cork();
    this.#write({
      parse: ({ text }) => connection.parse({ name: "", text, types: [] }, true),
      bind: (config) => connection.bind({ ...config }, true),
      describe: (message) => connection.describe(message, true),
      execute: (config) => connection.execute(config, true),
    });
    connection.sync();
    connection.stream.uncork();
  }

  handleRowDescription({ fields }: { fields: pg.FieldDef[] }): void {
    this.#described = true;
    this.#fields = fields;
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    if (this.#described) this.#rows.push(fields);
  }

  handlePortalSuspended(): void {
    this.#ended = false;
  }

  /** The last one is the statement's: `UPDATE 3`, `INSERT 0 3`, `SELECT 3`. */
  handleCommandComplete({ text }: { text: string }): void {
    this.#count = Number(/ (\d+)$/.exec(text)?.[1] ?? 0);
  }

  handleEmptyQuery(): void {}

  handleCopyInResponse(connection: Connection & { sendCopyFail(why: string): void }): void {
    connection.sendCopyFail("nothing is copied in here");
  }

  handleCopyData(): void {}

  handleError(error: unknown): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve({ fields: this.#fields, rows: this.#rows, ended: this.#ended, count: this.#count });
  }
}
