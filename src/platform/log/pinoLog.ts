import { DatabaseError } from "pg";
import pino from "pino";
import pretty from "pino-pretty";
import { Refusal } from "../../protocol/refusal.ts";
import type { Log } from "./log.ts";

/** What must not be in a log, if somebody logs an object that holds it. */
const secret = [
  "password",
  "passwordHash",
  "token",
  "accessToken",
  "refreshToken",
  "ticket",
  "secret",
  "secretKey",
  "authorization",
  "cookie",
  "text",
  "values",
];

/** One JSON object a line in production, a readable line in development. `write` takes the place of standard output in tests. */
export function createLog({ stage, level }: { stage: "development" | "production"; level: string }, write?: (line: string) => void): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[not logged]" },
    serializers: { error: describeError, err: describeError, cause: describeError },
    hooks: { logMethod: countBeyondMost() },
  };
  return pino(options, output(stage, write));
}

const mostLinesASecond = 20;
const warning = 40;

/**
 * Of one warning at most so many lines a second; the others are counted, and told in one line. While a database is down, each message that can't be
 * saved is worth a line, and whoever writes them waits for whoever reads the log: in a soak a process spent three quarters of its time so, lost its
 * leases, and gave up 5,851 turns.
 */
function countBeyondMost(): NonNullable<NonNullable<pino.LoggerOptions["hooks"]>["logMethod"]> {
  const seconds = new Map<string, { lines: number; more: number }>();
  return function (this: pino.Logger, given, write, level) {
    const message: unknown = given[1];
    if (level < warning || typeof message !== "string") return write.apply(this, given);
    const second = seconds.get(message);
    if (second !== undefined && second.lines >= mostLinesASecond) {
      second.more++;
      return;
    }
    if (second !== undefined) second.lines++;
    else {
      const begun = { lines: 1, more: 0 };
      seconds.set(message, begun);
      setTimeout(() => {
        seconds.delete(message);
        if (begun.more > 0) write.call(this, { times: begun.more }, `${message}, as often as this within a second`);
      }, 1000).unref();
    }
    write.apply(this, given);
  };
}

function output(stage: "development" | "production", write: ((line: string) => void) | undefined): pino.DestinationStream {
  if (write !== undefined) return { write };
  if (stage === "production") return pino.destination(1);
  // A stream in this process: pino's usual worker thread costs 0.1 s at the start, and loses lines when the process ends.
  return pretty({ colorize: process.stdout.isTTY, translateTime: "SYS:HH:MM:ss.l", ignore: "pid,hostname", sync: true });
}

/**
 * PostgreSQL quotes values in its messages, and whole rows in the details: its code and the names of what it complains about must do. A refusal says
 * itself what it is about; the first frames that are asked for cost 0.2 s, in which the map of the whole program is read.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  if (error instanceof Refusal) return { name: error.name, message: error.message, code, ...cause };
  const frames = error.stack?.slice(error.stack.indexOf("\n    at ") + 1);
  if (error instanceof DatabaseError) {
    return { name: "DatabaseError", code, table: error.table, column: error.column, constraint: error.constraint, frames, ...cause };
  }
  return { name: error.name, message: error.message, code, frames, ...cause };
}
