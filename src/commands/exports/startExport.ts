import { Readable } from "node:stream";
import type { Clock } from "../../platform/clock/clock.ts";
import type { RunAnswer } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Command, CommandCall, CommandResult, Work } from "../command.ts";
import { commandFor } from "../execute.ts";
import type { RunOutside } from "../runs/runOutside.ts";
import { type RunRequest, requireMayRun, startRun } from "../runs/startRun.ts";
import { csvFile } from "./csvFile.ts";
import { pdfFile } from "./pdfFile.ts";
import { exportLimits, type FileKind, type TableRows, type WholeTable } from "./table.ts";
import { xlsxFile } from "./xlsxFile.ts";

export interface ExportRequest extends RunRequest {
  as: FileKind;
  /** Whether a CSV begins with a byte order mark, which spreadsheets want and programs don't. */
  marked: boolean;
  /** Of the answer that was looked at; any where it is missing. */
  version?: number | undefined;
  /** Aborted when whoever takes the file went away. */
  gone: AbortSignal;
}

export interface StartedExport {
  run: RunAnswer;
  /**
   * What is sent, to be read once; it throws where the file can't be whole, also while nobody reads it. Missing where the run ended before there was
   * anything to send.
   */
  content?: Readable;
}

interface Opened {
  table: WholeTable;
  work: Work;
}

/**
 * Runs a command for all rows of its answer, as a file. It is a run like any other, by the same rights, checks and versions, with an entry in the
 * audit always; it ends when the last piece was handed on, and fails where it wasn't, or nothing was taken for `exportLimits.stallMs`. Refusals:
 * those of `startRun`, `invalid_value` (`as`) for a command that answers no table.
 */
export async function startExport(outside: RunOutside, { as, marked, version, gone, ...request }: ExportRequest): Promise<StartedExport> {
  await requireMayRun(outside, request.command, request.principal);
  const command = commandFor(request.command, request.principal);
  const { rows } = command;
  if (rows === undefined) throw new Refusal("invalid_value", `"${command.name}" answers no table that could be a file.`, { path: "as" });
  const opened = promised<Opened>();
  const sent = promised<CommandResult>();
  const exporting: Command = {
    ...command,
    exports: as,
    run: async (call: CommandCall) => {
      const over = new AbortController();
      const stopped = AbortSignal.any([call.work.signal, gone]);
      const stop = () => {
        over.abort();
        sent.reject(call.work.signal.aborted ? cancelled() : leftBehind());
      };
      stopped.addEventListener("abort", stop, { once: true });
      if (stopped.aborted) stop();
      try {
        const work = { ...call.work, signal: over.signal };
        opened.resolve({ table: await rows({ ...call, work }, version), work });
        return await sent.promise;
      } finally {
        over.abort();
      }
    },
  };
  const started = await startRun(outside, { ...request, command: exporting });
  const first = await Promise.race([opened.promise, started.ended]);
  if (!("table" in first)) return { run: first };
  const content = Readable.from(written(outside.clock, first, as, marked, sent));
  // Whoever reads no more hears it too.
  sent.promise.catch((error: Error) => content.destroy(error));
  return { run: started.running, content };
}

async function* written(
  clock: Pick<Clock, "after">,
  { table, work }: Opened,
  as: FileKind,
  marked: boolean,
  sent: Pick<Promised<CommandResult>, "resolve" | "reject">,
): AsyncGenerator<Uint8Array> {
  let [rows, bytes] = [0, 0];
  const counted = async function* () {
    for await (const batch of table.batches) {
      rows += batch.length;
      if (rows > exportLimits.rows) throw tooMuch(`${exportLimits.rows.toLocaleString("en")} rows`);
      work.progress({ text: rowsRead(rows), done: rows });
      yield batch;
    }
  };
  const all = { columns: table.columns, batches: counted() };
  try {
    for await (const piece of fileOf(as, all, marked)) {
      bytes += piece.byteLength;
      if (bytes > exportLimits.bytes) throw tooMuch("1 GiB");
      const taken = clock.after(exportLimits.stallMs, () => sent.reject(stalled()));
      try {
        yield piece;
      } finally {
        taken();
      }
    }
    const { version } = table;
    sent.resolve({ messages: [{ text: `${rowsRead(rows)} as ${as.toUpperCase()}.` }], data: { as, rows, bytes, version } });
  } catch (error) {
    sent.reject(error);
    throw error;
  } finally {
    // Where it was left before its end; what was settled stays.
    sent.reject(leftBehind());
  }
}

function fileOf(as: FileKind, all: TableRows, marked: boolean): AsyncIterable<Uint8Array> {
  if (as === "csv") return csvFile(all, { marked });
  return as === "xlsx" ? xlsxFile(all) : pdfFile(all);
}

function rowsRead(rows: number): string {
  return rows === 1 ? "1 row" : `${rows.toLocaleString("en")} rows`;
}

function tooMuch(limit: string): Refusal {
  return new Refusal("payload_too_large", `A file holds ${limit} at most, and there is more; ask for less at once.`);
}

function cancelled(): Refusal {
  return new Refusal("conflict", "It was cancelled; the file is not whole.");
}

function leftBehind(): Refusal {
  return new Refusal("unavailable", "Whoever asked for the file went away before it was whole.");
}

function stalled(): Refusal {
  return new Refusal("unavailable", `Whoever asked for the file took none of it for ${exportLimits.stallMs / 1000} s; it is not whole.`);
}

interface Promised<Value> {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (reason: unknown) => void;
}

function promised<Value>(): Promised<Value> {
  let settle: Pick<Promised<Value>, "resolve" | "reject"> = { resolve: () => {}, reject: () => {} };
  const promise = new Promise<Value>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => {});
  return { promise, ...settle };
}
